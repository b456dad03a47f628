"""What each figure declares about itself. Every list of figures follows from these declarations.

Imports the standard library only: `figures.catalogue` evaluates the declarations at parse time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from string import Formatter
from typing import Literal, get_args

from sparsevae.figures.reads import Read, RunFiles

# Parts of the report's chapter on results, in its order.
PARTS = (
    "Data",
    "Bounds",
    "What codes tell",
    "Sparsity",
    "Decoded pictures",
    "Training",
    "Published numbers",
)


class Need(Enum):
    """What a dataset of a study must have for a figure to be made of it, in words."""

    IMAGES = "images"
    CLASSES = "more than one class"
    FACTORS = "known factors"
    TWO_LATENTS = "latent size 2"
    LATENT_SIZES = "more than one latent size"
    LABEL_COUNTS = "probes with more than one number of labels"
    WEIGHTS = "models that differ in beta or in alpha alone"
    PRIOR = "a model with a prior"
    MIXTURE = "a model whose prior is a mixture"
    SPIKES = "a model with spikes"
    PSEUDO_INPUTS = "a model with pseudo-inputs"


Style = Literal["count", "percent", "nats", "ratio"]
Where = Literal["shown_size", "two_latents", "smallest_and_largest", "best_size"]
Named = Literal["test_images", "probe_curve", "class_pairs", "scorecard_counts"]


@dataclass(frozen=True)
class Numbers:
    """A sentence below a figure: the mean over seeds of a measure, for each model.

    measure: a column of tables/metrics.csv; style: how its numbers are written; phrase: how the
    sentence begins; at: the latent sizes that it is about.
    """

    measure: str
    style: Style
    phrase: str
    at: Where = "shown_size"

    def __post_init__(self) -> None:
        _one_of("style", self.style, get_args(Style))
        _one_of("at", self.at, get_args(Where))


@dataclass(frozen=True)
class Sentence:
    """A sentence below a figure that `report.statements` has a function of its own for."""

    name: Named

    def __post_init__(self) -> None:
        _one_of("Sentence", self.name, get_args(Named))


@dataclass(frozen=True)
class Declaration:
    """All that is known of a figure before it is drawn. Raises ValueError for what cannot be.

    title: its heading in the report; caption: what it shows, in the syntax that reStructuredText
    and Markdown share, with {dataset} and {latent_dim} for the latent size that pictures show;
    part: one of PARTS; reads: what `draw` gets, by the names of its arguments; needs: what a
    dataset must have, all of it; literature: where a figure like it was published; config_keys:
    keys of a study that shape it; numbers: sentences below it; per: what it is made of;
    every_variant: whether it shows each variant of a swept model, not the selected one alone.
    """

    title: str
    caption: str
    part: str
    reads: Mapping[str, Read]
    needs: tuple[Need, ...] = ()
    literature: str = ""
    config_keys: tuple[str, ...] = ()
    numbers: tuple[Numbers | Sentence, ...] = ()
    per: Literal["dataset", "study"] = "dataset"
    every_variant: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "caption", " ".join(self.caption.split()))
        _one_of("part", self.part, PARTS)
        _one_of("per", self.per, ("dataset", "study"))
        for kind, values in ((Need, self.needs), (Read, self.reads.values())):
            for value in values:
                if not isinstance(value, kind):
                    raise ValueError(f"{value!r} is not a {kind.__name__}")
        for name, read in self.reads.items():
            if self.per == "study" and not read.of_study:
                raise ValueError(f"reads: {name} is of a dataset, and the figure of the study")
            of_two = isinstance(read, RunFiles) and read.which == "two_latents"
            if of_two and Need.TWO_LATENTS not in self.needs:
                raise ValueError(f"reads: {name} has two_latents; add Need.TWO_LATENTS")
        allowed = ("dataset", "latent_dim") if self.per == "dataset" else ()
        for _, field, _, _ in Formatter().parse(self.caption):
            if field is not None:
                _one_of("caption", field, allowed)

    def caption_of(self, dataset: str = "", latent_dim: int | str = 0) -> str:
        """Return the caption for a dataset whose pictures show `latent_dim` latents."""
        return self.caption.format(dataset=dataset, latent_dim=latent_dim)


def _one_of(key: str, value: object, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise ValueError(f"{key}: {value!r} is not one of {', '.join(allowed) or 'none'}")
