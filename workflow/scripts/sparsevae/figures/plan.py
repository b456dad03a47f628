"""Which figures a study makes: those that its config asks for, of what they can be made of."""

from dataclasses import dataclass

from sparsevae.figures.catalogue import declarations
from sparsevae.figures.declaration import Declaration
from sparsevae.figures.needs import lacking
from sparsevae.study.study import Study

SUFFIXES = ("png", "pdf")


@dataclass(frozen=True)
class Planned:
    """Names of figures: to make of each dataset, to leave out with the reason, and of the study."""

    of_dataset: dict[str, tuple[str, ...]]
    left_out: dict[str, dict[str, str]]
    of_study: tuple[str, ...]


def datasets_of(study: Study, figure: Declaration) -> tuple[str, ...]:
    """Return the datasets of a study that a figure can be made of, asked for or not."""
    return tuple(dataset for dataset in study.grids if not lacking(study, dataset, figure))


def figures_of(study: Study, dataset: str) -> tuple[str, ...]:
    """Return the figures to make of a dataset, in the config's order."""
    return tuple(name for name in _asked(study) if not lacking(study, dataset, _declared(name)))


def left_out(study: Study, dataset: str) -> dict[str, str]:
    """Return the figures that the config asks for and a dataset cannot have, and what it lacks."""
    lacks = {name: lacking(study, dataset, _declared(name)) for name in _asked(study)}
    return {name: ", ".join(words) for name, words in lacks.items() if words}


def study_figures(study: Study) -> tuple[str, ...]:
    """Return the figures to make of the study as a whole, in the config's order."""
    asked = [name for name in study.figures if _declared(name).per == "study"]
    return tuple(name for name in asked if datasets_of(study, _declared(name)))


def figure_files(study: Study) -> list[str]:
    """Return the paths of all figures to make, as PNG and as PDF."""
    figures = planned(study)
    stems = [f"{dataset}/{name}" for dataset, of in figures.of_dataset.items() for name in of]
    stems += figures.of_study
    return [f"{study.folder.as_posix()}/figures/{s}.{suffix}" for s in stems for suffix in SUFFIXES]


def planned(study: Study) -> Planned:
    """Return the figures to make, and those that are left out, of every dataset and the study."""
    return Planned(
        of_dataset={dataset: figures_of(study, dataset) for dataset in study.grids},
        left_out={dataset: left_out(study, dataset) for dataset in study.grids},
        of_study=study_figures(study),
    )


def _declared(name: str) -> Declaration:
    return declarations()[name]


def _asked(study: Study) -> list[str]:
    """The figures of a dataset that the config asks for."""
    return [name for name in study.figures if _declared(name).per == "dataset"]
