"""What a figure can read: which files it needs, and which facts of the study go with them.

`figures.sources` finds them in a study, and `figures.loading` reads the files. Imports the standard
library only.
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, Literal, get_args

Which = Literal["shown", "two_latents", "all_seeds", "three_sizes", "every_size"]
Known = Literal["models", "families", "settings", "class_names", "class_order", "latent_dim"]
# How `draw` finds a run of each choice: by its model, and by what else differs.
_KEYS = {"all_seeds": ("model", "seed")} | dict.fromkeys(
    ("three_sizes", "every_size"), ("model", "latent_dim")
)
# Of a figure that shows the selected variants of a sweep alone: its input; as a fact, its dataset.
SELECTION = "selected_variants"


class Place(ABC):
    """A dataset of a study, or the study as a whole (dataset None): what reads ask of it.

    `figures.sources.StudyPlace` is one; a digest of a figure's code does not reach it from here.
    """

    @property
    @abstractmethod
    def dataset(self) -> str | None: ...

    @property
    @abstractmethod
    def latent_dim(self) -> int: ...

    @property
    @abstractmethod
    def settings(self) -> list[dict[str, Any]]: ...

    @property
    @abstractmethod
    def test_set(self) -> str: ...

    @property
    @abstractmethod
    def published_rows(self) -> str: ...

    @property
    @abstractmethod
    def published_correlations(self) -> dict[tuple[str, int], str]: ...

    @property
    @abstractmethod
    def published_spikes(self) -> list[str]: ...

    @property
    @abstractmethod
    def every_run(self) -> list[Any]: ...

    @abstractmethod
    def runs(self, which: str) -> list[Any]: ...

    @abstractmethod
    def files_of(self, which: str, name: str) -> list[str]: ...

    @abstractmethod
    def table(self, name: str) -> str: ...


class Read:
    """One argument of a figure's `draw`."""

    @property
    def of_study(self) -> bool:
        """Whether a figure of the study as a whole can read it, without a dataset."""
        return False

    def files(self, place: Place) -> list[str]:
        """Return the paths of the files that it is read from."""
        return []

    def fact(self, place: Place) -> Any:
        """Return what has to be known beside the files, as plain values."""
        return None

    def runs(self, place: Place) -> list[Any]:
        """Return the settings of the runs whose results it holds."""
        return []


@dataclass(frozen=True)
class Fact(Read):
    """Something that the study says by itself, with no file."""

    name: Known

    def __post_init__(self) -> None:
        _check("Fact", self.name, get_args(Known))

    def fact(self, place: Place) -> Any:
        return getattr(place, self.name)


@dataclass(frozen=True)
class RunFiles(Read):
    """A file of each of some runs, as a mapping: by model, (model, seed) or (model, latent_dim).

    which: "shown" (first seed, the latent size that pictures show), "two_latents" (the same with 2
    latents), "all_seeds" (at the shown size), "three_sizes" (first seed; the smallest, a middle and
    the largest size), "every_size" (first seed).
    """

    name: str
    which: Which = "shown"

    def __post_init__(self) -> None:
        _check("RunFiles", self.which, get_args(Which))

    def files(self, place: Place) -> list[str]:
        return place.files_of(self.which, self.name)

    def runs(self, place: Place) -> list[Any]:
        return place.runs(self.which)

    def fact(self, place: Place) -> list[Any]:
        names = _KEYS.get(self.which, ("model",))
        keys = [tuple(getattr(run, name) for name in names) for run in place.runs(self.which)]
        return keys if len(names) > 1 else [key for (key,) in keys]


@dataclass(frozen=True)
class Table(Read):
    """Rows of a table of the study: those of the dataset, or all for a figure of the study."""

    name: Literal["metrics", "probes", "scorecard"]
    at_shown_size: bool = False

    def __post_init__(self) -> None:
        _check("Table", self.name, ("metrics", "probes", "scorecard"))

    @property
    def of_study(self) -> bool:
        return not self.at_shown_size

    def files(self, place: Place) -> list[str]:
        return [place.table(self.name)]

    def fact(self, place: Place) -> dict[str, Any]:
        chosen = {} if place.dataset is None else {"dataset": place.dataset}
        return chosen | ({"latent_dim": place.latent_dim} if self.at_shown_size else {})

    def runs(self, place: Place) -> list[Any]:
        return place.every_run


@dataclass(frozen=True)
class Inputs(Read):
    """The inputs of the test set."""

    def files(self, place: Place) -> list[str]:
        return [place.test_set]


@dataclass(frozen=True)
class PublishedRows(Read):
    """Every published number, as `comparison.published.read_rows` returns them."""

    @property
    def of_study(self) -> bool:
        return True

    def files(self, place: Place) -> list[str]:
        return [place.published_rows]


@dataclass(frozen=True)
class PublishedCurve(PublishedRows):
    """Published values of a measure against latent size, for the study's models that fit them."""

    measure: Literal["loss", "accuracy"]

    @property
    def of_study(self) -> bool:
        return False

    def fact(self, place: Place) -> dict[str, Any]:
        return {"dataset": place.dataset, "settings": place.settings, "measure": self.measure}


@dataclass(frozen=True)
class PublishedCorrelations(Read):
    """The paper's matrices (UAI figs 3 and 9) beside the runs, by (family, latent size)."""

    def files(self, place: Place) -> list[str]:
        return list(place.published_correlations.values())

    def fact(self, place: Place) -> list[tuple[str, int]]:
        return list(place.published_correlations)


@dataclass(frozen=True)
class PublishedSpikes(Read):
    """The paper's spike probabilities per class (UAI fig. 5) of the dataset, or None."""

    def files(self, place: Place) -> list[str]:
        return place.published_spikes


def _check(kind: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{kind}: {value!r} is not one of {', '.join(allowed)}")
