"""Environment files pin what was tested, and the reference of the config is up to date."""

import dataclasses

import pytest
import yaml
from checkout import REPOSITORY
from config_reference import reference
from sparsevae.study.settings import (
    BetaAnnealing,
    Evaluation,
    Likelihood,
    Network,
    Prior,
    RunConfig,
    SlabWarmup,
    Spike,
    Training,
)

CONDA_NAMES = {
    "pytorch": "torch",
    "matplotlib-base": "matplotlib",
    "pyyaml": "PyYAML",
    "sphinx": "Sphinx",
    "jinja2": "Jinja2",
    "pygments": "Pygments",
}
ENVIRONMENTS = sorted((REPOSITORY / "envs").glob("*.yaml"))


@pytest.mark.parametrize("file", ENVIRONMENTS, ids=lambda file: file.stem)
def test_pins_agree_with_requirements(file, pins):
    for package in yaml.safe_load(file.read_text())["dependencies"]:
        name, version = package.split("=")
        if name == "python":
            assert version == "3.11"
        else:
            assert pins[CONDA_NAMES.get(name, name)] == version, name


def test_figures_are_drawn_without_torch():
    assert "pytorch" not in (REPOSITORY / "envs/figures.yaml").read_text()


@pytest.fixture(scope="module")
def schema() -> dict:
    return yaml.safe_load((REPOSITORY / "workflow/schemas/config.schema.yaml").read_text())


def test_the_reference_of_the_config_is_up_to_date(schema):
    assert (REPOSITORY / "config/README.md").read_text() == reference(schema), "run `make docs`"


def test_every_setting_is_in_the_schema_and_the_other_way_round(schema):
    def names(kind: type) -> dict:
        return {field.name: field for field in dataclasses.fields(kind)}

    settings = schema["$defs"]["settings"]["properties"]
    identity = {"dataset", "model", "latent_dim", "seed", "family"}
    assert settings.keys() == names(RunConfig).keys() - identity
    sections = {
        "network": Network,
        "likelihood": Likelihood,
        "spike": Spike,
        "prior": Prior,
        "slab_warmup": SlabWarmup,
        "beta_annealing": BetaAnnealing,
        "training": Training,
        "evaluation": Evaluation,
    }
    for name, kind in sections.items():
        assert settings[name]["properties"].keys() == names(kind).keys(), name


def test_every_key_is_described(schema):
    def undescribed(entry, key=""):
        for name, child in entry.get("properties", {}).items():
            if "description" not in child:
                yield f"{key}{name}"
            yield from undescribed(child, f"{key}{name}.")

    parts = [schema, *(schema["$defs"][name] for name in ("dataset", "settings", "model"))]
    assert [key for part in parts for key in undescribed(part)] == []
