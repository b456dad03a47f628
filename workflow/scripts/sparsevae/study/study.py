"""From the config to the list of runs. No torch: the Snakefile imports this at parse time."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from itertools import product
from pathlib import Path
from typing import Any

from sparsevae.data.catalogue import CATALOGUE
from sparsevae.data.dataset import Dataset
from sparsevae.data.own.dataset import OwnDataset, own_dataset
from sparsevae.data.own.declared import Declared
from sparsevae.jobs.errors import ConfigError
from sparsevae.study.families import FAMILIES
from sparsevae.study.grid import DatasetGrid
from sparsevae.study.paths import RUN_NAMES, filled
from sparsevae.study.run_checks import check_run
from sparsevae.study.settings import RunConfig, from_mapping, merge, set_values
from sparsevae.study.study_settings import OwnSettings, StudySettings
from sparsevae.study.sweeps import columns_of, selected_settings, variants
from sparsevae.study.unused import refuse_own, refuse_unused
from sparsevae.study.validation import validate

RunKey = tuple[str, str, int, int]

# Where the files of a run are, below the folders `runs` and `onnx` of a study, and its log.
RUN = "{dataset}/{model}/latent-{latent_dim}/seed-{seed}"


class Study:
    """A checked config. Raise ConfigError, in one line, for anything that is not allowed.

    `config` is as it was written, `settings` as it was read.
    """

    def __init__(self, config: Mapping[str, Any]):
        self.config = without_nulls(config, "models", "datasets")
        self.settings = validate(StudySettings, self.config, source="config: ")
        self.name = self.settings.study
        self.folder = Path(self.settings.results_dir, self.name)
        self.device = self.settings.device
        self.datasets_dir = self.settings.datasets_dir
        self.container = self.settings.container
        self.variants = variants(self.settings.models)
        self.models = tuple(self.variants)
        self.grids = {name: self._grid(name) for name in self.settings.datasets}
        self.datasets = {name: self._dataset(name) for name in self.grids}
        self.figures = self.settings.figures
        for run in self.runs.values():
            check_run(run, self.datasets[run.dataset])
        self._check_used()

    @cached_property
    def runs(self) -> dict[RunKey, RunConfig]:
        """Every run of the study, by (dataset, model, latent_dim, seed), in the config's order."""
        return {
            (grid.dataset, model, latent_dim, seed): run
            for grid in self.grids.values()
            for model in grid.models
            for latent_dim in grid.latent_dims
            for seed, run in self._runs(grid, model, latent_dim)
        }

    def run(self, wildcards: Any) -> RunConfig:
        """The run that a rule's wildcards name."""
        key = (wildcards.dataset, wildcards.model, int(wildcards.latent_dim), int(wildcards.seed))
        if key not in self.runs:
            raise ConfigError(self._not_a_run(*key))
        return self.runs[key]

    def check_targets(self, targets: Iterable[str]) -> None:
        """Raise ConfigError for a file that belongs to a run which is not in the study."""
        below = re.escape(self.folder.as_posix())
        of_a_run = re.compile(
            rf"{below}/(?:.+/)?([^/]+)/([^/]+)/latent-([0-9]+)/seed-([0-9]+)(?:[/.]|$)"
        )
        for target in sorted(targets):
            found = of_a_run.match(Path(target).as_posix())
            if found:
                dataset, model, latent_dim, seed = found.groups()
                key = (dataset, model, int(latent_dim), int(seed))
                if key not in self.runs:
                    raise ConfigError(f"{target}: {self._not_a_run(*key)}")

    def mirrors(self, dataset: str) -> list[str] | None:
        """URLs of the user's to fetch a dataset from, if there are any."""
        return list(self.settings.mirrors.get(dataset, ())) or None

    def own(self, dataset: str) -> list[dict[str, Any]]:
        """Entry and record of a dataset of the user's, as a rule's params hold them; else none."""
        known = self.datasets[dataset]
        return [known.entry.plain(), known.record] if isinstance(known, OwnDataset) else []

    def file_of(self, run: RunConfig, name: str) -> str:
        """The path of the file `name` of a run."""
        return f"{self.folder.as_posix()}/runs/{self.name_of(run)}/{name}"

    def name_of(self, run: RunConfig) -> str:
        """The path of a run below folders of runs."""
        names = {"dataset": run.dataset, "model": run.model}
        return RUN.format(latent_dim=run.latent_dim, seed=run.seed, **names)

    def start_of(self, run: RunConfig) -> str | None:
        """The file of the weights that a run begins with; None if it draws its own."""
        template = run.training.init_from
        if template is None:
            return None
        names = {name: getattr(run, name) for name in RUN_NAMES}
        return Path(filled(template, names), "weights.safetensors").as_posix()

    @cached_property
    def weights(self) -> dict[str, RunConfig]:
        """Every run of the study, by the file of its weights."""
        return {self.file_of(run, "weights.safetensors"): run for run in self.runs.values()}

    def check_starts(self) -> None:
        """Raise ConfigError for a run that begins with its own weights, or with none that exist."""
        for run in self.runs.values():
            start = self.start_of(run)
            if start is None:
                continue
            key = f"{self.name_of(run)}: training.init_from: {Path(start).parent}"
            if self.weights.get(start) == run:
                raise ConfigError(f"{key} is the run itself; allowed: the folder of another run")
            if start not in self.weights and not Path(start).is_file():
                raise ConfigError(f"{key} has no weights.safetensors; finish that run first")

    @property
    def varied(self) -> dict[str, dict[str, Any]]:
        """What metrics.csv says of each variant of a swept model; nothing in a study without."""
        swept = any(variant.varied for variant in self.variants.values())
        return {n: columns_of(v) for n, v in self.variants.items()} if swept else {}

    def with_all_seeds(self, run: RunConfig) -> list[RunConfig]:
        """The runs that differ from a run in the seed alone, itself among them."""
        names = run.dataset, run.model, run.latent_dim
        seeds = self.grids[run.dataset].seeds_of(run.model, run.latent_dim)
        return [self.runs[*names, seed] for seed in seeds]

    def shown_runs(
        self, dataset: str, latent_dim: int | None = None, all_seeds: bool = False
    ) -> list[RunConfig]:
        """The runs that figures of a dataset show: one per model, of the first seed or of all."""
        grid = self.grids[dataset]
        size = grid.shown_latent_dim if latent_dim is None else latent_dim
        return [
            self.runs[dataset, model, size, seed]
            for model in grid.models
            for seed in (grid.seeds_of(model, size) if all_seeds else grid.seeds[:1])
        ]

    def first_seed_runs(self, dataset: str) -> list[RunConfig]:
        """The runs of a dataset with its first seed: every model at every latent size."""
        grid = self.grids[dataset]
        sizes = product(grid.models, grid.latent_dims)
        return [self.runs[dataset, model, size, grid.seeds[0]] for model, size in sizes]

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
        image = self.datasets[run.dataset].image
        return bool(image) and run.seed == grid.seeds[0] and run.latent_dim in sizes

    def _dataset(self, name: str) -> Dataset:
        """A dataset of the catalogue, or of the user's; what has a path must have a new name."""
        settings = self.settings.datasets[name]
        entry = {key: getattr(settings, key) for key in OwnSettings.model_fields}
        refuse_own(name, settings)
        if settings.path is None:
            if name not in CATALOGUE:
                raise ConfigError(
                    f"datasets.{name}: unknown; allowed: {', '.join(CATALOGUE)}, or a path to your "
                    f"own data: {{path: ..., latent_dims: [...]}}"
                )
            return CATALOGUE[name]
        if name in CATALOGUE:
            raise ConfigError(f"datasets.{name}: has a path, and is a known name; take another")
        return own_dataset(Declared(name=name, **entry))

    def _grid(self, dataset: str) -> DatasetGrid:
        entry = self.settings.datasets[dataset]
        models = self.models if entry.models is None else self._named(entry.models)
        latent_dims = tuple(sorted(entry.latent_dims))
        shown = latent_dims[-1] if entry.shown_latent_dim is None else entry.shown_latent_dim
        once = entry.first_seed_only
        for key, named, section, there in (
            ("models", models, "models", {**self.settings.models, **self.variants}),
            ("shown_latent_dim", (shown,), "latent_dims", latent_dims),
            ("first_seed_only.models", self._named(once.models), "its models", models),
            ("first_seed_only.latent_dims", once.latent_dims, "latent_dims", latent_dims),
        ):
            for name in named:
                if name not in there:
                    raise ConfigError(
                        f"datasets.{dataset}.{key}: {name} is not in {section}; "
                        f"allowed: {', '.join(map(str, there))}"
                    )
        seeds = self.settings.seeds if entry.seeds is None else entry.seeds
        few = frozenset[str | int]({*self._named(once.models), *once.latent_dims})
        return DatasetGrid(dataset, models, latent_dims, seeds, shown, few)

    def _named(self, names: Iterable[str]) -> tuple[str, ...]:
        """The variants that names of models stand for; what is no model stays as it is."""
        return tuple(
            found
            for name in names
            for found in [v.name for v in self.variants.values() if v.base == name] or [name]
        )

    def _runs(
        self, grid: DatasetGrid, model: str, latent_dim: int
    ) -> Iterator[tuple[int, RunConfig]]:
        """A run for each seed; only the first is read, since a seed is nothing to check."""
        variant = self.variants[model]
        chosen: dict[str, Any] = {}
        if folder := variant.selected_from:
            place = f"config: models.{variant.base}.selected_from"
            chosen = selected_settings(folder, grid.dataset, variant.base, place)
        settings = merge(
            set_values(self.settings.run),
            chosen,
            set_values(variant.settings),
            set_values(self.settings.datasets[grid.dataset].run),
            FAMILIES[variant.settings.family].implied,
        )
        if latent_dim != grid.shown_latent_dim:
            # A curve over labels takes as long as a training, and one latent size of it is drawn.
            settings = merge(settings, {"evaluation": {"probe_curve": []}})
        names = {"dataset": grid.dataset, "model": model, "latent_dim": latent_dim}
        run = from_mapping(settings | names | {"seed": grid.seeds[0]})
        if self._linear_mean(run):
            mean = run.likelihood.model_copy(update={"mean": "linear"})
            run = run.model_copy(update={"likelihood": mean})
        for seed in grid.seeds_of(model, latent_dim):
            yield seed, run.model_copy(update={"seed": seed})

    def _linear_mean(self, run: RunConfig) -> bool:
        """Whether a Gaussian's mean, if nothing was set, is linear: data beyond [0, 1]."""
        known = self.datasets[run.dataset]
        unset = run.likelihood.family == "gaussian" and run.likelihood.mean is None
        return unset and isinstance(known, OwnDataset) and not known.in_unit_interval

    def _not_a_run(self, dataset: str, model: str, latent_dim: int, seed: int) -> str:
        run = f"{dataset}/{model}/latent-{latent_dim}/seed-{seed}"
        grid = self.grids.get(dataset)
        if grid is None:
            there = f"datasets {', '.join(self.grids)}"
        elif model not in grid.models:
            there = f"{dataset} with models {', '.join(grid.models)}"
        else:
            sizes = ", ".join(map(str, grid.latent_dims))
            seeds = ", ".join(map(str, grid.seeds_of(model, latent_dim)))
            there = f"{dataset}/{model} with latent sizes {sizes} and seeds {seeds}"
        return f"{run} is not a run of study {self.name}, which has {there}"

    def _check_used(self) -> None:
        runs = list(self.runs.values())
        refuse_unused("run", self.settings.run, runs)
        for variant in self.variants.values():
            alike = {v.name for v in self.variants.values() if v.base == variant.base}
            of_it = [run for run in runs if run.model in alike]
            refuse_unused(f"models.{variant.base}", variant.settings, of_it)
        for dataset, entry in self.settings.datasets.items():
            of_it = [r for r in runs if r.dataset == dataset]
            refuse_unused(f"datasets.{dataset}.run", entry.run, of_it)


def without_nulls(config: Mapping[str, Any], *sections: str) -> dict[str, Any]:
    """An overlay takes a model or dataset out of the study below it by setting it to null.

    A null that is nested in --config is text.
    """
    kept = dict(config)
    for section in sections:
        if isinstance(kept.get(section), Mapping):
            kept[section] = {k: v for k, v in kept[section].items() if v not in (None, "null")}
    return kept
