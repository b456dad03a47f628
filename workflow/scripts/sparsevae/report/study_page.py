"""Describe a study to its report: what its tables lack, as a plain value for a rule's params."""

from collections.abc import Container
from dataclasses import asdict, dataclass, field, replace
from typing import Any

# Where files are on one machine is no part of a study.
_OF_THE_MACHINE = ("datasets_dir", "results_dir", "device", "container")


@dataclass(frozen=True)
class GridPage:
    """The runs of one dataset, its figures, and those that it cannot have, with what it lacks."""

    dataset: str
    models: tuple[str, ...]
    latent_dims: tuple[int, ...]
    seeds: tuple[int, ...]
    shown_latent_dim: int
    figures: tuple[str, ...]
    left_out: dict[str, str]
    shape: tuple[int, ...]
    train_size: int
    test_size: int
    classes: int
    once: tuple[str, ...] = ()

    @property
    def seeds_in_words(self) -> str:
        """How many seeds each model and latent size has."""
        each = f"{len(self.seeds)} {'seed' if len(self.seeds) == 1 else 'seeds'} each"
        return f"{each} (one for {' and '.join(self.once)})" if self.once else each


@dataclass(frozen=True)
class StudyPage:
    """A study as its report needs it; `families` are by model, `figures` of the whole study."""

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


def describe(study: Any, figures: Any) -> dict[str, Any]:
    """Return a `StudyPage` as a mapping that a rule's params can hold.

    study: a `study.Study`; figures: a `figures.plan.Planned`. Their modules need libraries that the
    report's environment lacks.
    """
    families = {name: variant.settings.family for name, variant in study.variants.items()}
    runs = list(study.runs.values())
    warmed = {run.model for run in runs if run.slab_warmup is not None}
    learned = {r.model for r in runs if r.family == "vsc" and r.prior.kind == "pseudo_inputs"}
    page = StudyPage(
        name=study.name,
        models=study.models,
        families=families,
        warmed=tuple(model for model in study.models if model in warmed),
        pseudo_inputs=tuple(model for model in study.models if model in learned),
        grids=tuple(_grid(study, dataset, figures) for dataset in study.grids),
        figures=figures.of_study,
        runs=len(runs),
        config={k: v for k, v in study.config.items() if k not in _OF_THE_MACHINE},
    )
    return asdict(page)


def with_selected(page: StudyPage, kept: Container[tuple[str, str]]) -> StudyPage:
    """Return the page without the variants of swept models that were not selected.

    kept: (dataset, variant) of those that were, as `comparison.selection.kept` has them.
    """
    grids = tuple(
        replace(grid, models=tuple(m for m in grid.models if (grid.dataset, m) in kept))
        for grid in page.grids
    )
    shown = {model for grid in grids for model in grid.models}

    def of_shown(models: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(model for model in models if model in shown)

    return replace(
        page,
        grids=grids,
        models=of_shown(page.models),
        warmed=of_shown(page.warmed),
        pseudo_inputs=of_shown(page.pseudo_inputs),
    )


def from_mapping(values: dict[str, Any]) -> StudyPage:
    """Return what `describe` gave, after it went through a rule's params."""
    grids = tuple(GridPage(**_with_tuples(grid)) for grid in values["grids"])
    return StudyPage(**{**_with_tuples(values), "grids": grids})


def _with_tuples(values: dict[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list | tuple) else v for k, v in values.items()}


def _grid(study: Any, dataset: str, figures: Any) -> GridPage:
    grid, info = study.grids[dataset], study.datasets[dataset]
    return GridPage(
        dataset=dataset,
        models=grid.models,
        latent_dims=grid.latent_dims,
        seeds=grid.seeds,
        shown_latent_dim=grid.shown_latent_dim,
        figures=figures.of_dataset[dataset],
        left_out=figures.left_out[dataset],
        shape=info.shape,
        train_size=info.train_size,
        test_size=info.test_size,
        classes=len(info.class_names),
        once=tuple(n if isinstance(n, str) else f"{n} latents" for n in sorted(grid.once, key=str)),
    )
