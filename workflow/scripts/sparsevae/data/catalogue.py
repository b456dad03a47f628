"""The datasets there are, and what can be said of one before it exists.

Imports nothing but the standard library: the Snakefile reads this each time it is parsed.
"""

from dataclasses import dataclass
from typing import Literal

SMILEY_ATTRIBUTES = ("bowtie", "hat", "eyes", "mouth")


@dataclass(frozen=True)
class DatasetInfo:
    """What a dataset will hold.

    shape: of one input, (C, H, W) of an image or (F,) of features that are none; class_names: one
    for each label, in their order; source: "generated" here from a seed, "idx": four published
    files, "uci_har" and "celeba": what the modules of these names read; the number of inputs in the
    train and in the test set; factors: whether those behind each input are known.
    """

    shape: tuple[int, ...]
    class_names: tuple[str, ...]
    source: Literal["generated", "idx", "uci_har", "celeba"]
    train_size: int
    test_size: int
    factors: bool = False

    @property
    def image(self) -> bool:
        """Whether its inputs can be shown as pictures."""
        return len(self.shape) == 3


def _combinations(attributes: tuple[str, ...]) -> tuple[str, ...]:
    """A name for each set of attributes; attribute k shows where bit k of the label is set."""
    sets = (
        [name for bit, name in enumerate(attributes) if label >> bit & 1]
        for label in range(2 ** len(attributes))
    )
    return tuple("+".join(names) or "none" for names in sets)


_DIGIT_NAMES = tuple("0123456789")

# Zalando's own names, in the order of the labels (README of zalandoresearch/fashion-mnist).
_FASHION_NAMES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)

# Of UCI HAR's labels 1 to 6 (its activity_labels.txt), stored as 0 to 5.
_ACTIVITIES = (
    "walking",
    "walking upstairs",
    "walking downstairs",
    "sitting",
    "standing",
    "laying",
)

CATALOGUE: dict[str, DatasetInfo] = {
    "digits": DatasetInfo((1, 8, 8), _DIGIT_NAMES, "generated", 1_437, 360),
    "smiley": DatasetInfo(
        (1, 32, 32), _combinations(SMILEY_ATTRIBUTES), "generated", 60_000, 20_000, factors=True
    ),
    "mnist": DatasetInfo((1, 28, 28), _DIGIT_NAMES, "idx", 60_000, 10_000),
    "fashion_mnist": DatasetInfo((1, 28, 28), _FASHION_NAMES, "idx", 60_000, 10_000),
    "uci_har": DatasetInfo((561,), _ACTIVITIES, "uci_har", 7_352, 2_947),
    "celeba": DatasetInfo((3, 32, 32), ("face",), "celeba", 100_000, 20_000),
}
