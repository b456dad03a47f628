"""From the config to what the report says of it; made by the Snakefile, with its libraries."""

from dataclasses import asdict
from typing import Any

from sparsevae.data.catalogue import CATALOGUE
from sparsevae.report.study_page import GridPage, StudyPage
from sparsevae.study.settings import to_mapping
from sparsevae.study.study import STUDY_FIGURES, Study

# What says where files are on one machine is no part of a study.
_OF_THE_MACHINE = ("datasets_dir", "results_dir", "device", "container")


def describe(study: Study) -> dict[str, Any]:
    """A `StudyPage` as a mapping that a rule's params can hold."""
    families = {name: entry["family"] for name, entry in study.config["models"].items()}
    runs = study.runs.values()
    page = StudyPage(
        name=study.name,
        models=study.models,
        families=families,
        warmed=tuple(m for m in study.models if any(_warmed(r) for r in runs if r.model == m)),
        pseudo_inputs=tuple(
            m
            for m in study.models
            if families[m] == "vsc" and study_prior(study, m) == "pseudo_inputs"
        ),
        grids=tuple(_grid(study, dataset) for dataset in study.grids),
        figures=tuple(name for name in study.figures if name in STUDY_FIGURES),
        runs=len(study.runs),
        config={k: v for k, v in study.config.items() if k not in _OF_THE_MACHINE},
    )
    return asdict(page)


def study_prior(study: Study, model: str) -> str:
    """Kind of a model's prior, in its first run."""
    return next(run.prior.kind for run in study.runs.values() if run.model == model)


def _warmed(run: Any) -> bool:
    return to_mapping(run).get("slab_warmup") is not None


def _grid(study: Study, dataset: str) -> GridPage:
    grid, info = study.grids[dataset], CATALOGUE[dataset]
    made = [name for name in study.figures_of(dataset) if name not in STUDY_FIGURES]
    asked = [name for name in study.figures if name not in STUDY_FIGURES]
    return GridPage(
        dataset=dataset,
        models=grid.models,
        latent_dims=grid.latent_dims,
        seeds=grid.seeds,
        shown_latent_dim=grid.shown_latent_dim,
        figures=tuple(made),
        left_out=tuple(name for name in asked if name not in made),
        shape=info.shape,
        train_size=info.train_size,
        test_size=info.test_size,
        classes=len(info.class_names),
    )
