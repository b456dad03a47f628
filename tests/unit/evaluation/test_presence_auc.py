"""Areas under the ROC against scikit-learn's, and latents of which the truth is known."""

import math

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score
from sparsevae.evaluation.presence_auc import MEASURES, areas_under_curves, summarise

N = 4000


@pytest.fixture
def random() -> np.random.Generator:
    return np.random.default_rng(11)


@pytest.fixture
def presence(random) -> np.ndarray:
    return random.integers(0, 2, (N, 4)).astype(np.uint8)


def measured(presence, latents) -> dict[str, float]:
    return summarise(np.zeros((len(presence), 18)), presence, latents)


def test_areas_are_scikit_learns_with_ties(random):
    shown = random.random(300) < 0.3
    values = random.normal(size=(300, 5)) * (random.random((300, 5)) < 0.6)
    expected = [roc_auc_score(shown, column) for column in values.T]
    np.testing.assert_allclose(areas_under_curves(shown, values), expected)


def test_a_sign_and_a_size_are_told_by_their_own_reading(presence, random):
    """One latent tells by its sign (negative if shown), the next by being off if not shown."""
    noise = random.normal(size=(N, 4))
    signs = np.where(presence[:, 0] == 1, -1, 1) * (1 + np.abs(noise[:, 0]))
    gated = presence[:, 1] * noise[:, 1]
    scores = measured(presence, np.stack([signs, gated, *noise[:, 2:].T], axis=1))
    assert tuple(scores) == MEASURES
    assert scores["presence_auc_signed_bowtie"] == pytest.approx(1)
    assert scores["presence_auc_size_bowtie"] == pytest.approx(0.5, abs=0.04)
    assert scores["presence_auc_size_hat"] == pytest.approx(1)
    assert scores["presence_auc_signed_hat"] == pytest.approx(0.5, abs=0.04)
    # The better reading of each: 1 for two attributes, chance for the two others.
    assert scores["presence_auc"] == pytest.approx(0.75, abs=0.03)
    four = [scores[f"presence_auc_size_{name}"] for name in ("bowtie", "hat", "eyes", "mouth")]
    assert scores["presence_auc_size"] == pytest.approx(np.mean(four))


def test_the_best_of_many_latents_is_not_better_than_chance_on_other_images(presence, random):
    scores = measured(presence, random.normal(size=(N, 300)))
    assert scores["presence_auc"] == pytest.approx(0.5, abs=0.03)


def test_an_attribute_that_does_not_vary_is_left_out(presence, random):
    presence[:, 3] = 1
    latents = presence[:, :1] + 0.1 * random.normal(size=(N, 1))
    scores = measured(presence, latents)
    assert math.isnan(scores["presence_auc_signed_mouth"])
    expected = [scores[f"presence_auc_signed_{name}"] for name in ("bowtie", "hat", "eyes")]
    assert scores["presence_auc_signed"] == pytest.approx(np.mean(expected))
