import math

import numpy as np
import pytest
from sparsevae.evaluation import dci
from sparsevae.evaluation.dci import disentanglement, summarise
from unit.evaluation.smiley_truth import truth


def test_one_factor_a_code_is_one_and_all_alike_is_zero():
    assert disentanglement(np.eye(5)) == pytest.approx(1)
    assert disentanglement(np.ones((3, 4))) == pytest.approx(0)


def test_a_hand_made_matrix():
    """Codes by factors; entropies by hand in units of log 3."""
    importance = np.array([[2.0, 0.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    half = 1 - math.log(2) / math.log(3)
    assert disentanglement(importance) == pytest.approx((2 * 1 + 2 * half) / 4)
    # completeness: factor 1 is in two codes with 2/3 and 1/3, of three codes; factor 2 in one
    entropy = -(2 / 3 * math.log(2 / 3) + 1 / 3 * math.log(1 / 3)) / math.log(3)
    assert disentanglement(importance.T) == pytest.approx((3 * (1 - entropy) + 1) / 4)


def test_nothing_important_and_one_factor_are_not_defined():
    assert math.isnan(disentanglement(np.zeros((3, 4))))
    assert math.isnan(disentanglement(np.ones((3, 1))))


def test_a_latent_for_each_source_scores_high_and_a_rotation_low():
    factors, presence = truth(4_000)
    hidden = factors * np.repeat(presence, [4, 6, 3, 5], axis=1)
    ordered = summarise(factors, presence, hidden)
    assert min(ordered.values()) > 0.9
    rotation, _ = np.linalg.qr(np.random.default_rng(4).normal(size=(18, 18)))
    rotated = summarise(factors, presence, hidden @ rotation.astype(np.float32))
    assert rotated["dci_disentanglement"] < ordered["dci_disentanglement"] - 0.4
    assert rotated["dci_completeness"] < ordered["dci_completeness"] - 0.4


def test_a_source_split_over_two_latents_is_less_complete_but_as_disentangled():
    factors, presence = truth(4_000)
    hidden = factors * np.repeat(presence, [4, 6, 3, 5], axis=1)
    noise = np.random.default_rng(1).normal(0, 0.05, (4_000, 36)).astype(np.float32)
    doubled = summarise(factors, presence, np.repeat(hidden, 2, axis=1) + noise)
    single = summarise(factors, presence, hidden + noise[:, :18])
    assert doubled["dci_completeness"] < single["dci_completeness"] - 0.05
    assert doubled["dci_disentanglement"] == pytest.approx(single["dci_disentanglement"], abs=0.05)


def test_presence_alone_informs_of_no_value():
    factors, presence = truth(4_000)
    measures = summarise(factors, presence, presence.astype(np.float32))
    assert measures["dci_informativeness"] < 0.01


def test_informativeness_is_scored_on_images_that_no_forest_saw(monkeypatch):
    factors, presence = truth(300)
    latents = np.random.default_rng(0).normal(size=(300, 6)).astype(np.float32)
    monkeypatch.setattr(dci, "SAMPLES", 100)
    first = summarise(factors, presence, latents)
    latents[100:200] = (factors * np.repeat(presence, [4, 6, 3, 5], axis=1))[100:200, :6]
    assert summarise(factors, presence, latents)["dci_informativeness"] < 0.05
    latents[200:] = 7.0  # beyond the second hundred: never seen
    again = summarise(factors, presence, latents)
    latents[200:] = -7.0
    assert summarise(factors, presence, latents) == again
    assert first["dci_informativeness"] < 0.05


def test_too_few_images_define_nothing():
    factors, presence = truth(3)
    assert all(math.isnan(v) for v in summarise(factors, presence, factors).values())
