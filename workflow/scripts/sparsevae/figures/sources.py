"""Where in a study each figure finds what it reads: input files and params of its rule."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from sparsevae.comparison.planned import settings_of_models
from sparsevae.comparison.published_panels import FIGURE_5, class_spikes_file, correlations_file
from sparsevae.figures.catalogue import declarations
from sparsevae.figures.declaration import Declaration
from sparsevae.figures.plan import datasets_of
from sparsevae.figures.reads import SELECTION, Place
from sparsevae.jobs.made_from import digest_of
from sparsevae.study.settings import RunConfig, to_mapping
from sparsevae.study.study import Study


class StudyPlace(Place):
    """A dataset of a study, or the study as a whole (dataset None), as figures read it.

    datasets: the folder of the datasets' arrays; published: that of published numbers.
    """

    def __init__(self, study: Study, dataset: str | None, datasets: Path, published: Path):
        self.study, self._dataset = study, dataset
        self._datasets, self._published = datasets, published

    @property
    def dataset(self) -> str | None:
        """The dataset, or None for the study as a whole."""
        return self._dataset

    @property
    def every_run(self) -> list[RunConfig]:
        """All runs of the dataset, or of the study."""
        runs = self.study.runs.values()
        return [run for run in runs if self._dataset in (None, run.dataset)]

    def runs(self, which: str) -> list[RunConfig]:
        """Return the runs of a choice of `reads.RunFiles`, in the study's order."""
        study, dataset = self.study, self._of
        if which == "all_seeds":
            return study.shown_runs(dataset, all_seeds=True)
        if which == "every_size":
            return study.first_seed_runs(dataset)
        sizes = {"two_latents": (2,), "three_sizes": study.shown_latent_dims(dataset)}.get(
            which, (self.latent_dim,)
        )
        return [run for size in sizes for run in study.shown_runs(dataset, latent_dim=size)]

    def files_of(self, which: str, name: str) -> list[str]:
        """Return the paths of the file `name` of these runs."""
        return [self.study.file_of(run, name) for run in self.runs(which)]

    def table(self, name: str) -> str:
        """Return the path of a table of the study."""
        return f"{self.study.folder.as_posix()}/tables/{name}.csv"

    @property
    def test_set(self) -> str:
        """The path of the dataset's test set."""
        return (self._datasets / self._of / "test.npz").as_posix()

    @property
    def published_rows(self) -> str:
        """The path of all published numbers."""
        return (self._published / "scorecard_rows.csv").as_posix()

    @property
    def published_correlations(self) -> dict[tuple[str, int], str]:
        """Paths of the paper's matrices for the families and latent sizes of the dataset's runs."""
        keys = {(run.family, run.latent_dim) for run in self.runs("every_size")}
        files = {k: correlations_file(self._published, self._of, *k) for k in sorted(keys)}
        return {key: file.as_posix() for key, file in files.items() if file}

    @property
    def published_spikes(self) -> list[str]:
        """The path of the paper's spike probabilities per class; none for most datasets."""
        file = class_spikes_file(self._published, self._of)
        return [file.as_posix()] if file else []

    @property
    def models(self) -> list[str]:
        """Names of the dataset's models."""
        return list(self.study.grids[self._of].models)

    @property
    def families(self) -> dict[str, str]:
        """The family of each of these models."""
        return {run.model: run.family for run in self.runs("shown")}

    @property
    def settings(self) -> list[dict[str, Any]]:
        """Settings of each of these models, without a latent size and a seed."""
        return settings_of_models(self.study, self._of)

    @property
    def class_names(self) -> list[str]:
        """Names of the classes, by label."""
        return list(self.study.datasets[self._of].class_names)

    @property
    def class_order(self) -> list[int]:
        """Labels in the paper's order, or in their own."""
        return list(FIGURE_5.get(self._of, range(len(self.class_names))))

    @property
    def latent_dim(self) -> int:
        """The latent size that pictures show."""
        return self.study.grids[self._of].shown_latent_dim

    @property
    def _of(self) -> str:
        assert self._dataset is not None, "a figure of the study reads what is of a dataset"
        return self._dataset


class Plot:
    """A figure's rule: names for Snakemake, and functions of wildcards for its input and params."""

    def __init__(
        self,
        name: str,
        figure: Declaration,
        study: Study,
        folders: tuple[Path, Path],
        code_of: Callable[[str], str],
    ):
        self.name, self.figure, self.study = name, figure, study
        self.datasets = datasets_of(study, figure)
        self._folders, self._code_of = folders, code_of
        of_study = figure.per == "study"
        self.stem = name if of_study else f"{{dataset}}/{name}"
        self.subcategory = "all datasets" if of_study else "{dataset}"
        of_what = "the study" if of_study else "{wildcards.dataset}"
        self.message = f"Drawing {name} of {of_what}"
        self.words = name.replace("_", " ")

    @property
    def _selects(self) -> bool:
        """Whether it leaves out variants of swept models, which a table of the study tells."""
        return bool(self.study.varied) and not self.figure.every_variant

    @property
    def module(self) -> str:
        """The figure's module, relative to workflow/scripts."""
        return f"sparsevae/figures/{self.name}.py"

    def code(self, wildcards: Any = None) -> str:
        """Return the digest of the figure's code."""
        return self._code_of(self.module)

    def files(self, wildcards: Any) -> dict[str, list[str]]:
        """Return the input files of each argument that is read from files."""
        place = self._place(wildcards)
        files = {name: read.files(place) for name, read in self.figure.reads.items()}
        if self._selects:
            files[SELECTION] = [place.table("selection")]
        return {name: paths for name, paths in files.items() if paths}

    def facts(self, wildcards: Any) -> dict[str, Any]:
        """Return what the figure has to know beside its files, by argument."""
        place = self._place(wildcards)
        facts = {name: read.fact(place) for name, read in self.figure.reads.items()}
        return facts | ({SELECTION: place.dataset} if self._selects else {})

    def caption(self, wildcards: Any) -> str:
        """Return the caption in Snakemake's report."""
        place = self._place(wildcards)
        if place.dataset is None:
            return self.figure.caption_of()
        return self.figure.caption_of(place.dataset, place.latent_dim)

    def made_from(self, wildcards: Any) -> dict[str, str]:
        """Return digests of what the figure is made from: facts, settings of its runs, and code."""
        return self._parts(self._place(wildcards))

    def planned(self) -> dict[str, Callable[[], dict[str, str]]]:
        """Return what tells the same for each figure that the study can make, by path and stem."""
        if self.figure.per == "study":
            return {self.name: partial(self._parts, StudyPlace(self.study, None, *self._folders))}
        places = [StudyPlace(self.study, name, *self._folders) for name in self.datasets]
        return {f"{place.dataset}/{self.name}": partial(self._parts, place) for place in places}

    def _parts(self, place: StudyPlace) -> dict[str, str]:
        facts = {name: repr(read.fact(place)) for name, read in self.figure.reads.items()}
        runs = [to_mapping(run) for read in self.figure.reads.values() for run in read.runs(place)]
        return {"facts": digest_of(facts), "runs": digest_of(runs), "code": self.code()}

    def _place(self, wildcards: Any) -> StudyPlace:
        dataset = None if self.figure.per == "study" else wildcards.dataset
        return StudyPlace(self.study, dataset, *self._folders)


def plots(
    study: Study, datasets: Path, published: Path, code_of: Callable[[str], str]
) -> Sequence[Plot]:
    """Return every figure that the study can make, whether its config asks for it or not.

    code_of: tells the digest of a module's code.
    """
    folders = (datasets, published)
    every = [Plot(n, f, study, folders, code_of) for n, f in declarations().items()]
    return [plot for plot in every if plot.datasets]
