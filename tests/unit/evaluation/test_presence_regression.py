import math

import numpy as np
import pytest
from sparsevae.evaluation.presence_regression import (
    MEASURES,
    regress_given_presence,
    scores_of_factor,
)
from unit.evaluation.smiley_truth import truth


def held_out(inputs: np.ndarray, values: np.ndarray) -> float:
    """R^2 of least squares by numpy's solver, fitted on the first half."""
    half = len(values) // 2
    design = np.column_stack([np.ones(len(values)), inputs])
    weights = np.linalg.lstsq(design[:half], values[:half], rcond=None)[0]
    residual = values[half:] - design[half:] @ weights
    return 1 - (residual**2).sum() / ((values[half:] - values[half:].mean()) ** 2).sum()


def test_scores_are_those_of_least_squares():
    generator = np.random.default_rng(0)
    latents = generator.normal(size=(400, 3))
    values = latents @ [0.2, 1.0, -0.5] + generator.normal(size=400)
    best, all_latents = scores_of_factor(values, latents)
    assert best == pytest.approx(held_out(latents[:, [1]], values))
    assert all_latents == pytest.approx(held_out(latents, values))
    assert best < all_latents


def test_values_of_absent_factors_and_presence_itself_do_not_matter():
    factors, presence = truth(2_000)
    shows = np.repeat(presence, [4, 6, 3, 5], axis=1)
    latents = ((factors + 3) * shows).astype(np.float32)
    seen = regress_given_presence(factors, presence, latents)
    assert seen["r2_given_presence_best"] == pytest.approx(1)
    assert seen["r2_given_presence_all"] == pytest.approx(1)
    elsewhere = np.where(shows == 1, factors, 99.0).astype(np.float32)
    assert regress_given_presence(elsewhere, presence, latents) == seen
    bits = regress_given_presence(factors, presence, presence.astype(np.float32))
    assert max(bits.values()) < 0.005


def test_signed_latents_count_but_their_sizes_do_not():
    """What the correlation of sizes takes for nothing, and the other way round."""
    factors, presence = truth(4_000)
    assert regress_given_presence(factors, presence, -2 * factors)[
        "r2_given_presence_best"
    ] == pytest.approx(1)
    assert (
        regress_given_presence(factors, presence, np.abs(factors))["r2_given_presence_best"] < 0.01
    )


def test_a_mean_over_factors():
    """Three of 18 are told, by a latent each."""
    factors, presence = truth(20_000)
    measures = regress_given_presence(factors, presence, factors[:, [0, 8, 17]])
    assert measures["r2_given_presence_best"] == pytest.approx(3 / 18, abs=0.002)


def test_two_latents_that_tell_only_together():
    factors, presence = truth(8_000)
    noise = np.random.default_rng(1).normal(0, 0.5, factors.shape).astype(np.float32)
    measures = regress_given_presence(factors, presence, np.hstack([factors + noise, noise]))
    assert measures["r2_given_presence_all"] == pytest.approx(1)
    assert measures["r2_given_presence_best"] == pytest.approx(0.5, abs=0.02)


def test_attributes_that_never_show_are_left_out():
    factors, presence = truth(400)
    presence[:, 1:] = 0
    assert regress_given_presence(factors, presence, factors)[
        "r2_given_presence_best"
    ] == pytest.approx(1)
    nothing = regress_given_presence(factors, np.zeros_like(presence), factors)
    assert list(nothing) == list(MEASURES)
    assert all(math.isnan(value) for value in nothing.values())
