"""Poisson counts against sums over the probability mass of scipy."""

import numpy as np
import pytest
import torch
from scipy.stats import poisson
from sparsevae.distributions.poisson import Poisson

COUNTS = np.arange(200)
RATES = np.array([[1e-4, 0.3, 1.0, 7.0]])
OTHERS = np.array([[0.02, 0.3, 4.0, 2.0]])


def of(rates: np.ndarray) -> Poisson:
    return Poisson(torch.from_numpy(rates).log())


def test_log_prob_is_scipys_and_sums_to_one():
    counts = torch.arange(200).double().unsqueeze(-1)
    for rate in RATES[0]:
        found = of(np.array([[rate]])).log_prob(counts)
        np.testing.assert_allclose(found, poisson.logpmf(COUNTS, rate), rtol=1e-9)
        assert found.exp().sum().item() == pytest.approx(1)


def test_kl_is_the_sum_over_counts_and_its_spike_part_that_of_being_above_zero():
    slab, spike = of(RATES).kl_per_latent(of(OTHERS))
    for j, (rate, other) in enumerate(zip(RATES[0], OTHERS[0], strict=True)):
        log_q, log_p = poisson.logpmf(COUNTS, rate), poisson.logpmf(COUNTS, other)
        whole = np.sum(np.exp(log_q) * (log_q - log_p))
        g, g_o = 1 - np.exp(-rate), 1 - np.exp(-other)
        on = g * np.log(g / g_o) + (1 - g) * np.log((1 - g) / (1 - g_o))
        assert spike[0, j].item() == pytest.approx(on, abs=1e-9)
        assert (slab + spike)[0, j].item() == pytest.approx(whole, abs=1e-9)
        assert slab[0, j] > -1e-12


def test_moments_of_counts_above_zero():
    found = of(RATES)
    for j, rate in enumerate(RATES[0]):
        weights = poisson.pmf(COUNTS[1:], rate) / (1 - np.exp(-rate))
        mean = np.sum(weights * COUNTS[1:])
        std = np.sqrt(np.sum(weights * (COUNTS[1:] - mean) ** 2))
        assert found.slab_mean[0, j].item() == pytest.approx(mean)
        assert found.slab_std[0, j].item() == pytest.approx(std, abs=1e-6)


def test_code_is_exactly_zero_where_zero_is_likelier():
    assert (of(RATES).sparse_code == 0).tolist() == [[True, True, False, False]]


def test_draws_are_whole_numbers_of_their_rates(generator, assert_mean):
    drawn = of(RATES.repeat(20_000, 0)).sample(generator)
    assert (drawn == drawn.round()).all()
    assert_mean(drawn, RATES[0])
    assert_mean((drawn != 0).double(), 1 - np.exp(-RATES[0]))


def test_relaxed_gradient_is_near_that_of_enumeration(generator):
    """d/dr E[f(z)] = E[f(z + 1) - f(z)], here of f(z) = (z - 2)^2, at a low temperature."""
    rates = torch.tensor([[0.3, 1.0, 4.0]], dtype=torch.float64, requires_grad=True)
    draws = Poisson(rates.log().expand(200_000, -1)).rsample(generator, 0.03)
    (slope,) = torch.autograd.grad((draws - 2).square().mean(0).sum(), rates)
    for j, rate in enumerate(rates[0].tolist()):
        exact = np.sum(poisson.pmf(COUNTS, rate) * ((COUNTS - 1) ** 2 - (COUNTS - 2) ** 2))
        assert slope[0, j].item() == pytest.approx(exact, abs=0.15)
