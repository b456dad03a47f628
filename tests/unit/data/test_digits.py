import numpy as np
import pytest
from sklearn.datasets import load_digits
from sparsevae.data.catalogue import CATALOGUE
from sparsevae.data.digits import digits
from sparsevae.data.split import Split


@pytest.fixture(scope="module")
def splits() -> tuple[Split, Split]:
    return digits()


def labelled(inputs: np.ndarray, labels: np.ndarray) -> list[tuple[int, ...]]:
    """One tuple an image: its pixels, then its label."""
    return [(*image.ravel(), label) for image, label in zip(inputs, labels, strict=True)]


def test_sizes_and_types_are_those_of_the_catalogue(splits):
    info = CATALOGUE["digits"]
    for split, size in zip(splits, (info.train_size, info.test_size), strict=True):
        assert split.inputs.shape == (size, *info.shape)
        assert split.labels.shape == (size,)
        assert split.inputs.dtype == split.labels.dtype == np.uint8
        assert split.factors is None
        assert split.presence is None


def test_every_digit_of_the_source_is_in_exactly_one_split(splits):
    source = load_digits()
    # Python's round, as 8 is the only half (127.5) and 128 is even.
    grey = np.vectorize(lambda value: round(value * 255 / 16))(source.images)
    found = [row for split in splits for row in labelled(split.inputs, split.labels)]
    assert sorted(found) == sorted(labelled(grey, source.target))
    assert max(split.inputs.max() for split in splits) == 255


def test_each_digit_has_its_share_in_both_splits(splits):
    train, test = (np.bincount(split.labels, minlength=10) for split in splits)
    exact = (train + test) * len(splits[1]) / (len(splits[0]) + len(splits[1]))
    assert np.abs(test - exact).max() < 1  # no count is further than a rounding from its share


def test_the_order_is_shuffled_and_always_the_same(splits):
    train, test = splits
    again = digits()
    assert np.array_equal(train.inputs, again[0].inputs)
    assert np.array_equal(test.labels, again[1].labels)
    # The source runs 0, 1, ..., 9, 0, 1, ...: a tenth of neighbours differ by 1 by chance.
    steps = np.diff(train.labels.astype(int))
    assert np.mean(steps == 1) < 0.2
    assert train.labels[:10].tolist() == [6, 2, 8, 9, 1, 5, 4, 3, 0, 9]
    assert test.labels[:10].tolist() == [0, 2, 4, 2, 6, 7, 3, 4, 2, 8]
