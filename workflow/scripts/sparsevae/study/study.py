"""From the config to the list of runs. No torch: the Snakefile imports this at parse time."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

from sparsevae.data.catalogue import CATALOGUE
from sparsevae.jobs.errors import ConfigError
from sparsevae.study.config_check import check_against_schema
from sparsevae.study.settings import RunConfig, from_mapping, merge

RunKey = tuple[str, str, int, int]

STUDY_FIGURES = ("scorecard",)  # one for the study; all others are of a dataset

# Figures that show inputs or decoded inputs as pictures: not made of a dataset without images.
PICTURE_FIGURES = frozenset(
    {
        "examples",
        "reconstructions",
        "latent_grid",
        "prior_samples",
        "traversals",
        "conditional_samples",
        "interpolation",
        "largest_codes",
        "sparse_codes",
        "pseudo_inputs",
    }
)


@dataclass(frozen=True)
class DatasetGrid:
    """The runs of one dataset: a product of models, latent sizes and seeds."""

    dataset: str
    models: tuple[str, ...]
    latent_dims: tuple[int, ...]
    seeds: tuple[int, ...]
    shown_latent_dim: int


class Study:
    """A checked config. Raises ConfigError, in one line, for anything that is not allowed."""

    def __init__(self, config: Mapping[str, Any], schema: Path):
        config = without_nulls(config, "models", "datasets")
        check_against_schema(config, schema)
        self.config = config
        self.name: str = config["study"]
        self.folder = Path(config.get("results_dir", "results"), self.name)
        self.device: str = config.get("device", "cpu")
        self.datasets_dir: str | None = config.get("datasets_dir")
        self.models: tuple[str, ...] = tuple(config["models"])
        self.grids = {name: self._grid(name) for name in config["datasets"]}
        self.figures: tuple[str, ...] = tuple(config.get("figures", ()))
        self._check_figures()
        self._check_bodies()
        self._check_budgets()

    @cached_property
    def runs(self) -> dict[RunKey, RunConfig]:
        """Every run of the study, by (dataset, model, latent_dim, seed), in the config's order."""
        return {
            key: self._run(*key)
            for grid in self.grids.values()
            for key in product([grid.dataset], grid.models, grid.latent_dims, grid.seeds)
        }

    def run(self, wildcards: Any) -> RunConfig:
        """The run that a rule's wildcards name."""
        key = (wildcards.dataset, wildcards.model, int(wildcards.latent_dim), int(wildcards.seed))
        if key not in self.runs:
            raise ConfigError(f"{'/'.join(map(str, key))}: not a run of study {self.name}")
        return self.runs[key]

    def mirrors(self, dataset: str) -> list[str] | None:
        return self.config.get("mirrors", {}).get(dataset)

    def figures_of(self, dataset: str) -> tuple[str, ...]:
        """The study's figures that can be made of a dataset."""
        image = CATALOGUE[dataset].image
        priors = {
            (run.family, run.prior.kind) for run in self.runs.values() if run.dataset == dataset
        }
        cannot = set() if image else set(PICTURE_FIGURES)
        if ("vsc", "pseudo_inputs") not in priors:
            cannot.add("pseudo_inputs")
        return tuple(name for name in self.figures if name not in cannot)

    def shown_runs(
        self, dataset: str, latent_dim: int | None = None, all_seeds: bool = False
    ) -> list[RunConfig]:
        """The runs that figures of a dataset show: one per model, of the first seed or of all."""
        grid = self.grids[dataset]
        size = grid.shown_latent_dim if latent_dim is None else latent_dim
        seeds = grid.seeds if all_seeds else grid.seeds[:1]
        return [self.runs[dataset, model, size, seed] for model in grid.models for seed in seeds]

    def shown_latent_dims(self, dataset: str) -> tuple[int, ...]:
        """The smallest, the middle and the largest latent size, as many as there are.

        The middle is the size nearest to half way: 96 of the reproduction's 8 to 200.
        """
        sizes = self.grids[dataset].latent_dims
        half_way = (sizes[0] + sizes[-1]) / 2
        middle = min(sizes, key=lambda size: abs(size - half_way))
        return tuple(sorted({sizes[0], middle, sizes[-1]}))

    def pictured(self, run: RunConfig) -> bool:
        """Whether figures can show decoded pictures of a run: first seed, a size that is shown."""
        grid = self.grids[run.dataset]
        sizes = {2, grid.shown_latent_dim, *self.shown_latent_dims(run.dataset)}
        image = CATALOGUE[run.dataset].image
        return bool(image) and run.seed == grid.seeds[0] and run.latent_dim in sizes

    def _grid(self, dataset: str) -> DatasetGrid:
        entry = self.config["datasets"][dataset]
        models = tuple(entry.get("models", self.models))
        for model in models:
            if model not in self.models:
                raise ConfigError(
                    f"datasets.{dataset}.models: {model} is not in models; "
                    f"allowed: {', '.join(self.models)}"
                )
        latent_dims = tuple(sorted(entry["latent_dims"]))
        shown = entry.get("shown_latent_dim", latent_dims[-1])
        if shown not in latent_dims:
            raise ConfigError(
                f"datasets.{dataset}.shown_latent_dim: {shown} is not in latent_dims; "
                f"allowed: {', '.join(map(str, latent_dims))}"
            )
        seeds = tuple(entry.get("seeds", self.config["seeds"]))
        return DatasetGrid(dataset, models, latent_dims, seeds, shown)

    def _run(self, dataset: str, model: str, latent_dim: int, seed: int) -> RunConfig:
        settings = merge(
            self.config.get("run", {}),
            self.config["models"][model],
            self.config["datasets"][dataset].get("run", {}),
        )
        if latent_dim != self.grids[dataset].shown_latent_dim:
            # A curve over labels takes as long as a training, and one latent size of it is drawn.
            settings = merge(settings, {"evaluation": {"probe_curve": []}})
        identity = {"dataset": dataset, "model": model, "latent_dim": latent_dim, "seed": seed}
        return from_mapping(settings | identity)

    def _check_figures(self) -> None:
        for grid in self.grids.values():
            if "latent_grid" in self.figures_of(grid.dataset) and 2 not in grid.latent_dims:
                raise ConfigError(
                    f"figures: latent_grid needs latent size 2, and datasets.{grid.dataset}."
                    f"latent_dims has {', '.join(map(str, grid.latent_dims))}; "
                    "add 2 there or take latent_grid out"
                )

    def _check_bodies(self) -> None:
        for run in self.runs.values():
            if run.network.body == "conv" and not CATALOGUE[run.dataset].image:
                raise ConfigError(
                    f"{run.dataset}/{run.model}: network.body: conv needs images, and "
                    f"{run.dataset} has none; allowed: mlp"
                )

    def _check_budgets(self) -> None:
        for run in self.runs.values():
            key = f"{run.dataset}/{run.model}: training"
            if run.training.epochs is None and run.training.iterations is None:
                raise ConfigError(f"{key}: epochs or iterations must be set")
            if run.training.draws > 1 and run.spike.relaxation == "disarm":
                raise ConfigError(
                    f"{key}.draws: {run.training.draws} with spike.relaxation: disarm, which "
                    "decodes a pair of its own; allowed: 1"
                )
            for name in ("slab_warmup", "beta_annealing"):
                part = getattr(run, name)
                if part and part.start > part.end:
                    raise ConfigError(
                        f"{run.dataset}/{run.model}: {name}.start: {part.start} is after "
                        f"{name}.end; allowed: 0 to {part.end}"
                    )


def without_nulls(config: Mapping[str, Any], *sections: str) -> dict[str, Any]:
    """An overlay takes a model or dataset out of the study below it by setting it to null."""
    kept = dict(config)
    for section in sections:
        if isinstance(kept.get(section), Mapping):
            kept[section] = {k: v for k, v in kept[section].items() if v is not None}
    return kept
