import numpy as np
import pytest
from sparsevae.metrics.probes import linear_probe_accuracy


@pytest.fixture
def blobs() -> tuple[np.ndarray, np.ndarray]:
    """Three classes, each with one of three codes, and little noise."""
    generator = np.random.default_rng(2)
    labels = np.repeat(np.arange(3, dtype=np.uint8), 40)
    return np.eye(3)[labels] + 0.05 * generator.standard_normal((120, 3)), labels


def test_separable_codes_are_read_without_error(blobs):
    codes, labels = blobs
    assert linear_probe_accuracy(codes[::2], labels[::2], codes[1::2], labels[1::2]) == 1.0


def test_accuracy_is_that_on_the_test_labels(blobs):
    codes, labels = blobs
    wrong = np.where(np.arange(60) % 4 == 0, (labels[1::2] + 1) % 3, labels[1::2])
    assert linear_probe_accuracy(codes[::2], labels[::2], codes[1::2], wrong) == 0.75


def test_codes_without_information_are_at_chance():
    generator = np.random.default_rng(3)
    codes, labels = generator.standard_normal((2000, 4)), np.arange(2000) % 2
    accuracy = linear_probe_accuracy(codes[:1000], labels[:1000], codes[1000:], labels[1000:])
    # chance is 1/2, with a standard error of 1 / (2 sqrt(1000)) = 0.016
    assert accuracy == pytest.approx(0.5, abs=4.5 * 0.016)


def test_scale_of_a_latent_does_not_matter(blobs):
    """One in small units, which alone tells the classes apart, must not be lost to the penalty."""
    codes, labels = blobs
    told = codes @ [[0.0], [1.0], [2.0]]
    noise = np.random.default_rng(4).standard_normal((120, 1))
    small = np.concatenate([1e-4 * told, 50 + 10 * noise], 1)
    assert linear_probe_accuracy(small[::2], labels[::2], small[1::2], labels[1::2]) > 0.95


def test_a_dead_latent_is_no_trouble(blobs):
    codes, labels = blobs
    with_dead = np.concatenate([codes, np.zeros((120, 1))], 1)
    assert linear_probe_accuracy(with_dead, labels, with_dead, labels) == 1.0
