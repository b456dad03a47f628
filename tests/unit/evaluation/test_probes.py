import math

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sparsevae.evaluation.probes import (
    CLASSIFIERS,
    PENALTIES,
    choose_penalty,
    correct_predictions,
)

EVERY = pytest.mark.parametrize("classifier", CLASSIFIERS)


@pytest.fixture
def blobs() -> tuple[np.ndarray, np.ndarray]:
    """Three classes, each with one of three codes, and little noise."""
    generator = np.random.default_rng(2)
    labels = np.repeat(np.arange(3, dtype=np.uint8), 40)
    return np.eye(3)[labels] + 0.05 * generator.standard_normal((120, 3)), labels


def halves(codes: np.ndarray, labels: np.ndarray) -> tuple[tuple, tuple]:
    return (codes[::2], labels[::2]), (codes[1::2], labels[1::2])


def probe_accuracy(classifier: str, train: tuple, test: tuple, seed: int) -> float:
    return correct_predictions(classifier, train, test, seed).mean()


@EVERY
def test_separable_codes_are_read_without_error(classifier, blobs):
    assert probe_accuracy(classifier, *halves(*blobs), seed=1) == 1.0


@EVERY
def test_accuracy_is_that_on_the_test_labels(classifier, blobs):
    train, (codes, labels) = halves(*blobs)
    wrong = np.where(np.arange(60) % 4 == 0, (labels + 1) % 3, labels)
    assert probe_accuracy(classifier, train, (codes, wrong), seed=1) == 0.75


@EVERY
def test_codes_without_information_are_at_chance(classifier):
    generator = np.random.default_rng(3)
    codes, labels = generator.standard_normal((2000, 4)), np.arange(2000) % 4 // 2
    accuracy = probe_accuracy(classifier, *halves(codes, labels), seed=1)
    # chance is 1/2, with a standard error of 1 / (2 sqrt(1000)) = 0.016
    assert accuracy == pytest.approx(0.5, abs=4.5 * 0.016)


@EVERY
def test_scale_of_a_latent_does_not_matter(classifier, blobs):
    """One in small units, which alone tells the classes apart, must not be lost to the penalty."""
    codes, labels = blobs
    told = codes @ [[0.0], [1.0], [2.0]]
    noise = np.random.default_rng(4).standard_normal((120, 1))
    small = np.concatenate([1e-4 * told, 50 + 10 * noise], 1)
    assert probe_accuracy(classifier, *halves(small, labels), seed=1) > 0.9


@EVERY
def test_a_dead_latent_is_no_trouble(classifier, blobs):
    codes, labels = blobs
    with_dead = np.concatenate([codes, np.zeros((120, 1))], 1)
    assert probe_accuracy(classifier, (with_dead, labels), (with_dead, labels), seed=1) == 1.0


@EVERY
def test_one_class_has_no_accuracy(classifier, blobs):
    codes, labels = blobs
    assert math.isnan(probe_accuracy(classifier, (codes, 0 * labels), (codes, labels), seed=1))


def test_two_layers_read_what_no_plane_divides():
    """The exclusive or of two signs: a linear classifier is at chance."""
    codes = np.random.default_rng(5).standard_normal((2000, 2))
    labels = (codes[:, 0] * codes[:, 1] > 0).astype(np.uint8)
    train, test = halves(codes, labels)
    assert probe_accuracy("linear", train, test, seed=1) < 0.6
    assert probe_accuracy("two_layer", train, test, seed=1) > 0.9


def test_the_seed_draws_the_network_and_nothing_else():
    generator = np.random.default_rng(6)
    codes, labels = generator.standard_normal((400, 5)), np.arange(400) % 3
    first = probe_accuracy("two_layer", *halves(codes, labels), seed=1)
    assert probe_accuracy("two_layer", *halves(codes, labels), seed=1) == first
    others = {probe_accuracy("two_layer", *halves(codes, labels), seed=n) for n in range(2, 6)}
    assert others != {first}


@pytest.mark.parametrize(("n_labels", "steps"), [(7, 200), (1000, 1000), (60_000, 10_200)])
def test_the_network_has_a_budget_of_steps(n_labels, steps):
    network = CLASSIFIERS["two_layer"](np.zeros((n_labels, 1)), np.zeros(n_labels), 1)[-1]
    assert network.max_iter * -(-n_labels // network.batch_size) == steps


def noisy(n: int, spread: float, seed: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """Four classes in 30 standardised latents, of which two tell them apart."""
    generator = np.random.default_rng(seed)
    labels = np.arange(n) % 4
    codes = spread * generator.standard_normal((n, 30))
    codes[:, :2] += np.array([[0, 0], [0, 1], [1, 0], [1, 1]])[labels]
    return (codes - codes.mean(0)) / codes.std(0), labels


@pytest.mark.parametrize(("n", "spread"), [(80, 1.0), (200, 0.3), (200, 0.02)])
def test_the_penalty_has_the_best_log_loss_of_images_held_out(n, spread):
    codes, labels = noisy(n, spread)
    losses = []
    for penalty in PENALTIES:
        loss = 0.0
        for fold in range(5):
            # As many of each class, in their order: the fifth of each class that is this one.
            held = np.arange(n) // 4 * 5 // (n // 4) == fold
            classifier = LogisticRegression(C=penalty, max_iter=1000)
            classifier.fit(codes[~held], labels[~held])
            told = classifier.predict_proba(codes[held])[np.arange(held.sum()), labels[held]]
            loss -= np.log(told).mean()
        losses.append(loss)
    assert choose_penalty(codes, labels) == PENALTIES[np.argmin(losses)]


def test_the_penalty_is_not_the_same_for_all():
    chosen = [choose_penalty(*noisy(n, spread)) for n, spread in [(80, 1.0), (200, 0.02)]]
    assert chosen[0] < chosen[1]


def test_the_first_5000_labels_choose_the_penalty():
    """Those after them would choose another."""
    codes, labels = noisy(5200, 0.02)
    codes[5000:] = np.random.default_rng(8).standard_normal((200, 30))
    assert choose_penalty(codes, labels) == choose_penalty(codes[:5000], labels[:5000])
    assert choose_penalty(codes[5000:], labels[5000:]) != choose_penalty(codes, labels)


@pytest.mark.parametrize(("n", "lonely"), [(9, True), (8, False)])
def test_few_images_of_a_class_are_no_trouble(n, lonely, recwarn):
    """One class with a single image leaves nothing to hold out."""
    codes = np.random.default_rng(9).standard_normal((n, 3))
    labels = np.arange(n) // 4
    penalty = choose_penalty(codes, labels)
    assert penalty == 1.0 if lonely else penalty in PENALTIES
    assert 0 <= probe_accuracy("linear", (codes, labels), (codes, labels), seed=1) <= 1
    assert not [str(warning.message) for warning in recwarn]
