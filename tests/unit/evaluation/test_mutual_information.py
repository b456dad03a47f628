import math

import numpy as np
import pytest
from sparsevae.evaluation.disentanglement import sources
from sparsevae.evaluation.mutual_information import (
    BINS,
    binning,
    gap,
    mutual_information,
    summarise,
)
from unit.evaluation.smiley_truth import truth


def test_exact_zeros_have_their_own_bin_and_others_are_equally_frequent():
    values = np.array([0.0, -3.0, 0.0, 5.0, 1e-9, -0.5, 2.0, 7.0, -8.0, 3.0, 4.0, 0.25])
    bins = binning(values)
    assert bins[values == 0].tolist() == [0, 0]
    assert bins[values != 0][np.argsort(values[values != 0])].tolist() == list(range(1, BINS + 1))


def test_bits_have_two_bins_and_zeros_one():
    assert len(np.unique(binning(np.array([0.0, 1.0, 1.0, 0.0, 1.0])))) == 2
    assert binning(np.zeros(7)).tolist() == [0] * 7


def test_information_and_entropy_are_the_sums_of_their_definition():
    generator = np.random.default_rng(2)
    factors = generator.normal(size=(300, 2)) * generator.integers(0, 2, (300, 2))
    latents = factors @ generator.normal(size=(2, 3)) + generator.normal(size=(300, 3))
    information, entropies = mutual_information(factors, latents)
    for k, factor in enumerate(factors.T):
        v = binning(factor)
        shares = [(v == a).mean() for a in np.unique(v)]
        assert entropies[k] == pytest.approx(-sum(p * math.log(p) for p in shares))
        for j, latent in enumerate(latents.T):
            z, expected = binning(latent), 0.0
            for a in np.unique(v):
                for b in np.unique(z):
                    both = ((v == a) & (z == b)).mean()
                    if both:
                        expected += both * math.log(both / (v == a).mean() / (z == b).mean())
            assert information[k, j] == pytest.approx(expected)


def test_a_latent_that_is_a_factor_has_all_of_its_information():
    factors, presence = truth(5_000)
    hidden = sources(factors, presence)
    information, entropies = mutual_information(hidden, -3.0 * hidden[:, :4])
    np.testing.assert_allclose(np.diag(information), entropies[:4])


def test_gap_is_one_for_one_latent_a_factor_and_zero_for_two():
    generator = np.random.default_rng(5)
    factors = generator.normal(size=(4_000, 3))
    assert gap(factors, factors) == pytest.approx(1, abs=0.02)
    assert gap(factors, np.repeat(factors, 2, axis=1)) == 0
    # the first twice, the others once
    assert gap(factors, factors[:, [0, 0, 1, 2]]) == pytest.approx(2 / 3, abs=0.02)


def test_the_second_of_a_single_latent_is_nothing():
    factors = np.random.default_rng(5).normal(size=(500, 1))
    assert gap(factors, factors) == pytest.approx(1)


def test_bits_of_presence_have_a_gap_of_one_and_part_of_the_sources():
    factors, presence = truth(20_000)
    measures = summarise(factors, presence, presence.astype(np.float32))
    assert measures["mig_presence"] == pytest.approx(1, abs=0.01)
    # the bit's log 2 of log 2 + log(BINS) / 2 nats
    bit = math.log(2) / (math.log(2) + math.log(BINS) / 2)
    assert bit == pytest.approx(0.376, abs=0.001)  # as the module says
    assert measures["mig"] == pytest.approx(bit, abs=0.01)


def test_noise_has_none():
    factors, presence = truth(20_000)
    noise = np.random.default_rng(9).normal(size=(20_000, 5)).astype(np.float32)
    assert max(summarise(factors, presence, noise).values()) < 0.005


def test_factors_that_do_not_vary_are_left_out():
    generator = np.random.default_rng(5)
    factors = generator.normal(size=(4_000, 2))
    factors[:, 1] = 0
    assert gap(factors, factors) == pytest.approx(1, abs=0.02)
    assert math.isnan(gap(np.zeros((9, 2)), generator.normal(size=(9, 3))))
