import math
from dataclasses import astuple

import numpy as np
import pytest
from sparsevae.data import smiley as module
from sparsevae.data.catalogue import CATALOGUE
from sparsevae.data.smiley import FACTOR_NAMES, SMILEY_ATTRIBUTES, bowtie, draw, head, smiley
from sparsevae.data.split import Split

NOTHING = np.zeros((1, 18))


@pytest.fixture(scope="module")
def splits() -> tuple[Split, Split]:
    """As many test images as the authors' test file has."""
    return smiley(n_train=300, n_test=20_000)


def with_factors(**values: float) -> np.ndarray:
    """One row of factors, zero but for these."""
    return np.array([[values.get(name, 0.0) for name in FACTOR_NAMES]])


def show(*attributes: str) -> np.ndarray:
    return np.array([[name in attributes for name in SMILEY_ATTRIBUTES]])


# --- a second drawing, pixel by pixel, of all but the bow tie


def matlab_round(value: float) -> int:
    return int(math.copysign(math.floor(abs(value) + 0.5), value))


def stretch(middle: float, length: float) -> range:
    return range(matlab_round(middle - length / 2), matlab_round(middle + length / 2) + 1)


def slow_draw(v: np.ndarray, hat: bool, eyes: bool, mouth: bool) -> np.ndarray:
    """One face, from its description, with rows and columns counted from 1."""
    on = {
        (row, column)
        for row in range(1, 33)
        for column in range(1, 33)
        if math.dist((row, column), (16.5, 16.5)) <= 10
    }
    if eyes:
        for side in (-1, 1):
            middle = (14 + v[11], 16.5 + side * (4 + v[10]))
            on = {pixel for pixel in on if math.dist(pixel, middle) > 2 + v[12]}
    if mouth:
        x, y = 16 + 0.5 * v[15], 22 + 0.5 * v[16]
        left, right = matlab_round(x - (4 + v[13]) / 2), matlab_round(x + (4 + v[13]) / 2)
        on -= {(row, column) for row in stretch(y, 2 + v[14]) for column in stretch(x, 4 + v[13])}
        on -= {(matlab_round(y + v[17]), column) for column in (left - 1, right + 1)}
        on -= {(matlab_round(y + 1.4 * v[17]), column) for column in (left - 2, right + 2)}
    if hat:
        x, y = 16.5 + v[4], 6 + v[5]
        brim = stretch(y, 2 + 2 * v[7])
        top = matlab_round(y - (2 + 2 * v[7]) / 2)
        crown = range(matlab_round(top - (2 + v[9])), top + 1)
        on |= {(row, column) for row in brim for column in stretch(x, 15 + 3 * v[6])}
        on |= {(row, column) for row in crown for column in stretch(x, 10 + 2 * v[8])}
    return np.array([[(row, column) in on for column in range(1, 33)] for row in range(1, 33)])


@pytest.mark.parametrize("sd", [0.5, 1.0])
def test_faces_agree_with_a_drawing_pixel_by_pixel(sd):
    generator = np.random.default_rng(1)
    factors = generator.normal(0, sd, (200, 18))
    presence = generator.random((200, 4)) < 0.7
    presence[:, 0] = False
    for image, v, (_, *shown) in zip(draw(factors, presence), factors, presence, strict=True):
        assert np.array_equal(image, slow_draw(v, *shown))


# --- single attributes


def test_the_head_is_a_disc_of_radius_ten():
    # The integer points at half-odd distances within 10 of the middle of an even grid: 316.
    assert head().sum() == 316
    assert np.array_equal(head(), head()[::-1])
    assert np.array_equal(head(), head().T)
    assert head()[16].nonzero()[0].tolist() == list(range(6, 26))


def test_the_bowtie_at_its_mean_measures():
    picture = bowtie(NOTHING)[0]
    rows, columns = picture.nonzero()
    # 12 columns from round(16.5 - 6) = 11 and 5 rows from round(29 - 2.5) = 27, counted from 1:
    # halves are rounded away from zero.
    assert (columns.min() + 1, columns.max() + 1) == (11, 22)
    assert (rows.min() + 1, rows.max() + 1) == (27, 31)
    drawn = ["".join(".X"[pixel] for pixel in row) for row in picture[26:31, 10:22].astype(int)]
    assert drawn == [
        "X..........X",
        "XXXX.XX.XXXX",
        "XXXXXXXXXXXX",
        "XXXX.XX.XXXX",
        "X..........X",
    ]


@pytest.mark.parametrize(
    ("factor", "value", "rows", "columns"),
    [
        ("bowtie_x", 4.0, (27, 31), (13, 24)),
        ("bowtie_y", -3.0, (24, 28), (11, 22)),
        ("bowtie_y", 2.0, (29, 32), (11, 22)),  # row 33 is over the edge
        ("bowtie_width", 0.1, (27, 31), (10, 22)),  # 12.3 is 13 columns from round(10.35)
        ("bowtie_height", 0.6, (26, 32), (11, 22)),  # 6.2 is 7 rows from round(25.9)
        ("bowtie_height", -4.0, (31, 31), (11, 22)),  # never less than one row
    ],
)
def test_each_measure_of_the_bowtie_moves_its_edges(factor, value, rows, columns):
    picture = bowtie(with_factors(**{factor: value}))[0]
    row, column = (axis + 1 for axis in picture.nonzero())
    assert (row.min(), row.max()) == rows
    assert (column.min(), column.max()) == columns


def test_the_bowtie_is_symmetric_whatever_its_size():
    generator = np.random.default_rng(2)
    factors = generator.normal(0, 0.5, (500, 18))
    factors[:, 1] = -3  # high enough to be whole
    for picture in bowtie(factors):
        rows, columns = picture.nonzero()
        box = picture[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
        assert np.array_equal(box, box[::-1])
        assert np.array_equal(box, box[:, ::-1])


def test_the_bowtie_adds_to_the_face_and_the_hat_covers_the_eyes():
    high = with_factors(bowtie_y=-8.0)
    assert np.array_equal(draw(high, show("bowtie"))[0], head() | bowtie(high)[0])
    low_hat = with_factors(hat_y=8.0)
    alone, both = draw(low_hat, show("hat")), draw(low_hat, show("hat", "eyes"))
    assert alone[0, 12:15].sum() == both[0, 12:15].sum()


def test_an_eye_without_a_radius_is_not_drawn():
    assert np.array_equal(draw(with_factors(eyes_radius=-2.5), show("eyes"))[0], head())


@pytest.mark.parametrize("attribute", SMILEY_ATTRIBUTES)
def test_factors_change_the_image_only_where_their_attribute_shows(attribute):
    index = SMILEY_ATTRIBUTES.index(attribute)
    own = slice(*((0, 4), (4, 10), (10, 13), (13, 18))[index])
    changed = NOTHING.copy()
    changed[:, own] = 1.0
    others = show(*(name for name in SMILEY_ATTRIBUTES if name != attribute))
    assert np.array_equal(draw(changed, others), draw(NOTHING, others))
    assert not np.array_equal(draw(changed, show(attribute)), draw(NOTHING, show(attribute)))


# --- the dataset


def test_arrays_agree_with_one_another(splits):
    for split in splits:
        images = draw(split.factors, split.presence)
        assert np.array_equal(split.inputs[:, 0] == 255, images)
        assert np.isin(split.inputs, (0, 255)).all()
        assert np.array_equal(split.labels, split.presence @ np.array([1, 2, 4, 8]))
        types = [array.dtype for array in astuple(split)]
        assert types == [np.uint8, np.uint8, np.float32, np.uint8]
    assert splits[1].inputs.shape == (20_000, *CATALOGUE["smiley"].shape)
    assert splits[1].factors.shape == (20_000, len(FACTOR_NAMES)) == (20_000, 18)
    assert splits[1].presence.shape == (20_000, len(SMILEY_ATTRIBUTES))


def test_the_sizes_not_asked_for_are_those_of_the_catalogue(monkeypatch):
    def without_images(size: int, seed: int, part: str) -> Split:
        return Split(np.empty((size, 0)), np.empty(size))

    monkeypatch.setattr(module, "_split", without_images)
    info = CATALOGUE["smiley"]
    assert tuple(map(len, smiley())) == (info.train_size, info.test_size) == (60_000, 20_000)


def test_factors_are_normal_and_drawn_whether_or_not_shown(splits):
    factors, presence = splits[1].factors, splits[1].presence
    owner = np.repeat(np.arange(4), (4, 6, 3, 5))
    for column in range(18):
        for shown in (0, 1):
            drawn = factors[presence[:, owner[column]] == shown, column]
            # About 10,000 draws: 4.5 standard errors of their mean and of their deviation.
            assert abs(drawn.mean()) < 4.5 * 0.5 / math.sqrt(len(drawn))
            assert abs(drawn.std() - 0.5) < 4.5 * 0.5 / math.sqrt(2 * len(drawn))
    correlations = np.corrcoef(factors.T) - np.eye(18)
    assert np.abs(correlations).max() < 5 / math.sqrt(len(factors))


def test_images_are_as_in_the_authors_test_file(splits):
    """Numbers of the 20,000 images that the authors published, with the room that chance needs.

    The standard error of a mean over 20,000 is 0.3 pixels. The seeds 0-9 give least 199-224 and
    most 470-499 pixels on, 115-132 always on, 410-428 never on, and 14,651-14,786 distinct images.
    """
    images = splits[1].inputs.reshape(20_000, -1) == 255
    on = images.sum(1)
    assert on.mean() == pytest.approx(343.6, abs=1.0)
    assert images.mean() == pytest.approx(0.3356, abs=0.001)
    assert on.min() == pytest.approx(210, abs=15)
    assert on.max() == pytest.approx(477, abs=15)
    assert images.all(0).sum() == pytest.approx(124, abs=20)
    assert (~images.any(0)).sum() == pytest.approx(419, abs=12)
    distinct = np.unique(np.packbits(images, axis=1), axis=0)
    assert len(distinct) == pytest.approx(14_743, abs=150)
    # Four standard errors.
    assert splits[1].presence.mean(0) == pytest.approx([0.5] * 4, abs=4 * 0.5 / math.sqrt(20_000))
    assert np.bincount(splits[1].labels, minlength=16) == pytest.approx([1250] * 16, abs=4 * 34.2)


def test_splits_are_repeatable_and_independent(splits):
    train, test = smiley(n_train=50, n_test=20_000)
    assert all(map(np.array_equal, astuple(test), astuple(splits[1])))
    assert not np.any(train.factors == test.factors[:50])


def test_the_third_split_is_independent_of_the_others(monkeypatch, splits):
    monkeypatch.setattr(module, "smiley", lambda: splits)
    monkeypatch.setattr(module, "VALIDATION_SIZE", 300)
    train, test, validation = module.with_validation()
    assert len(validation) == 300
    assert validation.inputs.shape[1:] == (1, 32, 32)
    for other in (train, test):
        assert not np.any(validation.factors == other.factors[:300])


def test_another_seed_is_another_dataset():
    one, other = (smiley(10, 10, seed=seed)[0].factors for seed in (1, 2))
    assert not np.any(one == other)


def test_drawing_in_chunks_changes_nothing(monkeypatch, splits):
    factors, presence = splits[0].factors, splits[0].presence
    whole = draw(factors, presence)
    monkeypatch.setattr(module, "_CHUNK", 7)
    assert np.array_equal(draw(factors, presence), whole)
