"""What the pages say of a study that its tables do not: a plain value, made where the config is.

No libraries: the Snakefile imports this module, and gives the value to the rule as a param.
"""

from dataclasses import asdict, dataclass, field
from typing import Any

from sparsevae.data.catalogue import CATALOGUE
from sparsevae.run_config import to_mapping
from sparsevae.study import STUDY_FIGURES, Study

# What says where files are on one machine is no part of a study.
_OF_THE_MACHINE = ("datasets_dir", "results_dir", "device", "seeds_per_job")


@dataclass(frozen=True)
class GridPage:
    """The runs of one dataset, what is made of them, and what cannot be."""

    dataset: str
    models: tuple[str, ...]
    latent_dims: tuple[int, ...]
    seeds: tuple[int, ...]
    shown_latent_dim: int
    figures: tuple[str, ...]
    left_out: tuple[str, ...]
    shape: tuple[int, ...]
    train_size: int
    test_size: int
    classes: int


@dataclass(frozen=True)
class StudyPage:
    """A study as its report needs it; `families` and `settings` are by model."""

    name: str
    models: tuple[str, ...]
    families: dict[str, str]
    warmed: tuple[str, ...]
    pseudo_inputs: tuple[str, ...]
    grids: tuple[GridPage, ...]
    figures: tuple[str, ...]
    runs: int
    config: dict[str, Any] = field(default_factory=dict)

    def grid(self, dataset: str) -> GridPage:
        return next(grid for grid in self.grids if grid.dataset == dataset)


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


def from_mapping(values: dict[str, Any]) -> StudyPage:
    """What `describe` gave, after it went through a rule's params."""
    tuples = {key: tuple(v) for key, v in values.items() if isinstance(v, list | tuple)}
    grids = tuple(
        GridPage(**{k: tuple(v) if isinstance(v, list | tuple) else v for k, v in grid.items()})
        for grid in values["grids"]
    )
    return StudyPage(**{**values, **tuples, "grids": grids})


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
