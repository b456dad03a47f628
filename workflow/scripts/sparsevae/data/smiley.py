"""Smiley sparse: faces of 32x32 pixels with up to four attributes and 18 known factors.

The dataset of the UAI paper's figures 2 and 3 (Tonolini et al. 2019, supplement E). This is a
generator of our own, so the images are of the same kind as the authors', not the same ones.

Taken from the supplement and from what the authors' generator does:
each of bow tie, hat, eyes and mouth shows with probability 1/2; 18 factors v are drawn from a
normal of mean 0 and standard deviation 0.5, shown or not; a face is a disc, and each measure of an
attribute is a constant plus a coefficient times its v. All is rounded to pixels, halves away from
zero, so that a small change of a v often changes nothing. Coordinates below count pixels from 1.

Where the authors' generator is odd, and what is done here:
- the crown of the hat: the code bounds its columns by half of a vector (width, height), of which
  MATLAB takes the first entry. The crown's width is meant and is what results; the same here.
- the mouth: the supplement gives all five measures a standard deviation of 0.5, the code gives its
  position one of 0.25. The released images come from the code; 0.25 here.
- the bow tie is a picture, resized to a whole number of pixels, rounded up. The picture is not
  copied: two triangles that meet in a knot stand for it, with the knot's size chosen so that an
  image has as many pixels on as in the authors' test file (343.6 in the mean).
- an eye whose radius came out below zero (one in 30,000) has no pixels; a bow tie has at least one.
"""

import numpy as np

from sparsevae.data.generated import GeneratedDataset
from sparsevae.data.split import Split
from sparsevae.jobs.seeding import numpy_generator

SMILEY_ATTRIBUTES = ("bowtie", "hat", "eyes", "mouth")
FACTOR_NAMES = (
    ("bowtie_x", "bowtie_y", "bowtie_width", "bowtie_height")
    + ("hat_x", "hat_y", "brim_width", "brim_height", "crown_width", "crown_height")
    + ("eyes_separation", "eyes_height", "eyes_radius")
    + ("mouth_width", "mouth_height", "mouth_x", "mouth_y", "mouth_corners")
)
FACTOR_SD = 0.5
SHOW_PROBABILITY = 0.5
TRAIN_SIZE, TEST_SIZE, VALIDATION_SIZE = 60_000, 20_000, 10_000

_SIZE = 32
_ROW = np.arange(1.0, _SIZE + 1)[:, None]
_COLUMN = np.arange(1.0, _SIZE + 1)[None, :]
_MIDDLE = 16.5
# Width and height of the knot, as parts of the bow tie's; see the module's docstring.
_KNOT_WIDTH, _KNOT_HEIGHT = 0.16, 0.45
_CHUNK = 2_000  # images drawn at a time: some 100 MB of work space
_DATASET_SEED = 0  # of the dataset, not of a run: every run sees the same images


def smiley(
    n_train: int = TRAIN_SIZE, n_test: int = TEST_SIZE, seed: int = _DATASET_SEED
) -> tuple[Split, Split]:
    """Return the train and the test set, drawn independently (neither depends on the other's size).

    inputs are uint8 (N, 1, 32, 32), 0 or 255; factors are float32 (N, 18) in the order of
    FACTOR_NAMES; presence is uint8 (N, 4) in the order of SMILEY_ATTRIBUTES; labels are uint8 (N,),
    with bit k set where attribute k shows.
    """
    return _split(n_train, seed, "train"), _split(n_test, seed, "test")


def with_validation() -> tuple[Split, Split, Split]:
    """Return train, test and validation set: settings are chosen by measures of the third."""
    return *smiley(), _split(VALIDATION_SIZE, _DATASET_SEED, "validation")


def draw(factors: np.ndarray, presence: np.ndarray) -> np.ndarray:
    """The images, bool (N, 32, 32), of factors (N, 18) and presence (N, 4)."""
    images = np.empty((len(factors), _SIZE, _SIZE), dtype=bool)
    for start in range(0, len(factors), _CHUNK):
        part = slice(start, start + _CHUNK)
        images[part] = _draw_chunk(factors[part], presence[part].astype(bool))
    return images


def head() -> np.ndarray:
    """Pixels (32, 32) of the disc that every face is drawn on."""
    return _disc(_ROW - _MIDDLE, _COLUMN - _MIDDLE, 10.0)


def bowtie(factors: np.ndarray) -> np.ndarray:
    """Pixels (N, 32, 32) of the bow ties; what hangs over the lower edge is cut off."""
    x, y, width, height = _measures(factors, "bowtie_x", 4)
    width, height = 12 + 3 * width, 5 + 2 * height
    left = _round(_MIDDLE + 0.5 * x - width / 2)
    top = _round(29 + y - height / 2)
    across = _off_middle(_COLUMN - left, np.maximum(np.ceil(width), 1))
    down = _off_middle(_ROW - top, np.maximum(np.ceil(height), 1))
    triangles = (down <= across) & (across < 1)
    knot = (across <= _KNOT_WIDTH) & (down <= _KNOT_HEIGHT)
    return triangles | knot


def hat(factors: np.ndarray) -> np.ndarray:
    """Pixels (N, 32, 32) of brim and crown; what rises over the upper edge is cut off."""
    x, y, brim_width, brim_height, crown_width, crown_height = _measures(factors, "hat_x", 6)
    x, y = _MIDDLE + x, 6 + y
    brim_rows, brim_top = _extent(_ROW, y, 2 + 2 * brim_height)
    brim_columns, _ = _extent(_COLUMN, x, 15 + 3 * brim_width)
    crown_columns, _ = _extent(_COLUMN, x, 10 + 2 * crown_width)
    crown_rows = (_round(brim_top - (2 + crown_height)) <= _ROW) & (brim_top >= _ROW)
    return (brim_rows & brim_columns) | (crown_rows & crown_columns)


def eyes(factors: np.ndarray) -> np.ndarray:
    """Pixels (N, 32, 32) of the two eyes."""
    separation, height, radius = _measures(factors, "eyes_separation", 3)
    # By symmetry a pixel is in an eye when, taken to the right half, it is in the right one.
    across = np.abs(_COLUMN - _MIDDLE)
    return _disc(_ROW - (14 + height), across - (4 + separation), 2 + radius)


def mouth(factors: np.ndarray) -> np.ndarray:
    """Pixels (N, 32, 32) of the mouth: a bar, and two pixels for each of its corners."""
    width, height, x, y, corners = _measures(factors, "mouth_width", 5)
    width, height, x, y = 4 + width, 2 + height, 16 + 0.5 * x, 22 + 0.5 * y
    rows, _ = _extent(_ROW, y, height)
    columns, left = _extent(_COLUMN, x, width)
    right = _round(x + width / 2)
    near = (left - 1 == _COLUMN) | (right + 1 == _COLUMN)
    far = (left - 2 == _COLUMN) | (right + 2 == _COLUMN)
    near_row = _round(y + corners) == _ROW
    far_row = _round(y + 1.4 * corners) == _ROW
    return (rows & columns) | (near_row & near) | (far_row & far)


def _split(size: int, seed: int, part: str) -> Split:
    generator = numpy_generator(seed, "smiley", part)
    # The images are drawn from the factors as they are saved, float32.
    factors = generator.normal(0.0, FACTOR_SD, (size, len(FACTOR_NAMES))).astype(np.float32)
    presence = generator.random((size, len(SMILEY_ATTRIBUTES))) < SHOW_PROBABILITY
    images = draw(factors, presence).view(np.uint8)[:, None]
    images *= 255
    labels = np.packbits(presence, axis=1, bitorder="little")[:, 0]
    return Split(images, labels, factors, presence.astype(np.uint8))


def _draw_chunk(factors: np.ndarray, shows: np.ndarray) -> np.ndarray:
    """One image for each row. The order matters: a hat may cover the eyes, never the reverse."""
    with_bowtie, with_hat, with_eyes, with_mouth = shows.T[:, :, None, None]
    images = head() | (bowtie(factors) & with_bowtie)
    images &= ~(eyes(factors) & with_eyes)
    images &= ~(mouth(factors) & with_mouth)
    images |= hat(factors) & with_hat
    return images


def _measures(factors: np.ndarray, first: str, count: int) -> np.ndarray:
    """`count` factors from the one named `first`, float64 (count, N, 1, 1) to go with pixels."""
    start = FACTOR_NAMES.index(first)
    return factors.T[start : start + count, :, None, None].astype(np.float64)


def _extent(pixels: np.ndarray, middle: np.ndarray, length: np.ndarray) -> tuple:
    """Which pixels lie in a stretch with rounded ends, both included; and the first of them."""
    first = _round(middle - length / 2)
    return (first <= pixels) & (pixels <= _round(middle + length / 2)), first


def _off_middle(pixel: np.ndarray, length: np.ndarray) -> np.ndarray:
    """How far pixels 0, 1, ... of a picture are from its middle; 0 is the middle, 1 an edge."""
    return np.abs(2 * pixel + 1 - length) / length


def _disc(down: np.ndarray, across: np.ndarray, radius: np.ndarray | float) -> np.ndarray:
    return np.hypot(down, across) <= radius


def _round(value: np.ndarray) -> np.ndarray:
    """To whole numbers, halves away from zero as in MATLAB (NumPy rounds halves to even)."""
    return np.trunc(value + np.copysign(0.5, value))


def _combinations(attributes: tuple[str, ...]) -> tuple[str, ...]:
    """A name for each set of attributes; attribute k shows where bit k of the label is set."""
    sets = (
        [name for bit, name in enumerate(attributes) if label >> bit & 1]
        for label in range(2 ** len(attributes))
    )
    return tuple("+".join(names) or "none" for names in sets)


DATASET = GeneratedDataset(
    name="smiley",
    module=__name__,
    shape=(1, _SIZE, _SIZE),
    class_names=_combinations(SMILEY_ATTRIBUTES),
    factors=True,
    train_size=TRAIN_SIZE,
    test_size=TEST_SIZE,
    parts=("train", "test", "validation"),
    make=with_validation,
)
