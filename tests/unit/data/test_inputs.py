import numpy as np
import pytest
import torch
from sparsevae.data.inputs import held_out, rows, train_validation
from sparsevae.data.split import Split

PIXELS = np.random.default_rng(4).integers(0, 256, (6, 2, 3, 4), dtype=np.uint8)
PIXELS[2] = 0  # a blank image
SPLIT = Split(PIXELS, np.zeros(6, np.uint8))


def test_unit_interval_is_bytes_over_255_in_their_order():
    data = rows(SPLIT, "unit_interval")
    assert data.shape == (2, 3, 4)
    assert data.values.dtype == torch.float32
    np.testing.assert_allclose(data.values.numpy(), PIXELS.reshape(6, 24) / 255, rtol=1e-6)


def test_unit_norm_divides_each_image_by_its_length():
    values = rows(SPLIT, "unit_norm").values.double().numpy()
    flat = PIXELS.reshape(6, 24).astype(float)
    for row, expected in enumerate(flat):
        length = np.sqrt((expected**2).sum()) or 1.0
        np.testing.assert_allclose(values[row], expected / length, rtol=1e-5)
    assert not values[2].any()  # blank stays blank: 0/0 would be no number


def test_floating_inputs_are_taken_as_they_are():
    split = Split(np.full((2, 1, 1, 3), 0.25), np.zeros(2, np.uint8))
    assert torch.equal(rows(split, "unit_interval").values, torch.full((2, 3), 0.25))


def test_limit_takes_the_first_images():
    data = rows(SPLIT, "unit_interval", limit=4)
    assert len(data) == 4
    assert torch.equal(data.values, rows(SPLIT, "unit_interval").values[:4])


@pytest.mark.parametrize(("n", "fraction", "size"), [(100, 0.05, 5), (10, 0.25, 2), (7, 0.0, 0)])
def test_validation_is_a_fraction_and_the_rest_is_for_training(n, fraction, size):
    train, validation = train_validation(n, fraction, seed=1)
    assert len(validation) == size
    assert sorted([*train, *validation]) == list(range(n))
    assert (np.diff(train) > 0).all()
    assert (np.diff(validation) > 0).all()


def test_validation_is_drawn_by_seed():
    first, again, other = (train_validation(200, 0.1, seed)[1] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


def test_features_that_are_no_images_stay_as_they_are():
    features = np.random.default_rng(5).random((6, 7), dtype=np.float32)
    split = Split(features, np.zeros(6, np.uint8))
    data = rows(split, "unit_interval")
    assert data.shape == (7,)
    np.testing.assert_array_equal(data.values.numpy(), features)
    lengths = np.sqrt((features.astype(float) ** 2).sum(1, keepdims=True))
    normed = rows(split, "unit_norm").values.numpy()
    np.testing.assert_allclose(normed, features / lengths, rtol=1e-6)


def test_held_out_samples_are_those_that_a_training_leaves_out():
    train = Split(np.arange(40, dtype=np.float32).reshape(20, 2), np.arange(20, dtype=np.uint8))
    kept = held_out(train, 0.25, seed=3, limit=16)
    used, left = train_validation(16, 0.25, 3)
    assert kept.labels.tolist() == left.tolist()
    assert kept.inputs[:, 0].tolist() == [2 * i for i in left]
    assert not {*kept.labels.tolist()} & {*used.tolist()}
    assert held_out(train, 0.0, seed=3) is None
