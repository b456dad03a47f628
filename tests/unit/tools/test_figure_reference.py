"""The page of all figures is what their declarations say."""

import figure_reference
from checkout import REPOSITORY
from pydantic import BaseModel
from sparsevae.figures.catalogue import declarations
from sparsevae.study.settings import RunConfig
from sparsevae.study.study_settings import DatasetSettings, StudySettings


def test_the_page_is_up_to_date():
    page = (REPOSITORY / "docs/figures.md").read_text(encoding="utf-8")
    assert page == figure_reference.page(declarations()), "run `make docs`"


def test_the_keys_that_shape_a_figure_are_settings():
    run = RunConfig(dataset="digits", model="vae", family="vae", latent_dim=2, seed=1)
    sections = {name: getattr(run, name) for name in type(run).model_fields}
    allowed = {*StudySettings.model_fields, *DatasetSettings.model_fields, *sections}
    for name, section in sections.items():
        if isinstance(section, BaseModel):
            allowed |= {f"{name}.{key}" for key in type(section).model_fields}
    for name, figure in declarations().items():
        assert set(figure.config_keys) <= allowed, name
