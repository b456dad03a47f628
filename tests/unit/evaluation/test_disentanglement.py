import math
from pathlib import Path

import numpy as np
import pytest
from sparsevae.data.smiley import FACTOR_NAMES, SMILEY_ATTRIBUTES
from sparsevae.evaluation.disentanglement import (
    GROUP_SIZES,
    MEASURES,
    factor_correlations,
    summarise,
)

PUBLISHED = Path(__file__).parents[3] / "resources" / "published"
BOWTIE, HAT, EYES, MOUTH = slice(0, 4), slice(4, 10), slice(10, 13), slice(13, 18)
GROUPS = [BOWTIE, HAT, EYES, MOUTH]


@pytest.fixture(scope="module")
def truth() -> tuple[np.ndarray, np.ndarray]:
    """Factors and presence as Smiley has them, 40,000 samples."""
    generator = np.random.default_rng(3)
    factors = generator.normal(0, 0.5, (40_000, 18)).astype(np.float32)
    return factors, generator.integers(0, 2, (40_000, 4), dtype=np.uint8)


def test_groups_are_those_of_the_dataset():
    assert tuple(GROUP_SIZES) == SMILEY_ATTRIBUTES
    starts = [FACTOR_NAMES.index(f"{name}") for name in ("hat_x", "eyes_separation", "mouth_width")]
    assert starts == np.cumsum(list(GROUP_SIZES.values()))[:3].tolist()
    assert len(FACTOR_NAMES) == sum(GROUP_SIZES.values())


def test_figure_of_the_paper_has_its_known_measures():
    """VSC with 60 latents: 19 used, .442 and .033, and the best latent of each attribute."""
    matrix = np.loadtxt(PUBLISHED / "uai_figure3d_vsc_60.csv", delimiter=",")
    measures = summarise(matrix)
    assert measures["correlation_used"] == 19
    assert [round(measures[name], 3) for name in MEASURES[1:3]] == [0.442, 0.033]
    assert [round(measures[name], 2) for name in MEASURES[3:]] == [0.58, 0.61, 0.46, 0.64]


def test_correlation_is_numpys_entry_by_entry():
    generator = np.random.default_rng(1)
    factors, presence = generator.normal(size=(50, 18)), generator.integers(0, 2, (50, 4))
    latents = generator.normal(size=(50, 3)) * generator.integers(0, 2, (50, 3))
    matrix = factor_correlations(factors, presence.astype(np.uint8), latents)
    for group, columns in enumerate(GROUPS):
        for k in range(18)[columns]:
            size = np.abs(factors[:, k] * presence[:, group])
            expected = [abs(np.corrcoef(size, np.abs(z))[0, 1]) for z in latents.T]
            np.testing.assert_allclose(matrix[k], expected, rtol=1e-10)


def test_bits_of_presence_alone_score_as_in_theory(truth):
    """corr(b |v|, b) = E|v| / 4 / (sd(b |v|) / 2), for a standard normal v 0.683."""
    factors, presence = truth
    matrix = factor_correlations(factors, presence, presence.astype(np.float32))
    theory = math.sqrt(2 / math.pi) / 2 / math.sqrt(1 / 2 - 1 / (2 * math.pi))
    for attribute, rows in enumerate(GROUPS):
        np.testing.assert_allclose(matrix[rows, attribute], theory, atol=0.01)
        others = np.delete(matrix[rows], attribute, axis=1)
        assert others.max() < 0.02
    measures = summarise(matrix)
    assert measures["correlation_used"] == 4
    assert measures["correlation_own"] == pytest.approx(theory, abs=0.005)
    assert measures["correlation_other"] < 0.01


def test_noise_gated_by_the_right_bit_scores_less(truth):
    factors, presence = truth
    noise = np.random.default_rng(9).normal(size=(len(factors), 4)) * presence
    matrix = factor_correlations(factors, presence, noise)
    for attribute, rows in enumerate(GROUPS):
        np.testing.assert_allclose(matrix[rows, attribute], 0.467, atol=0.015)


def test_a_factor_itself_scores_one_and_signs_do_not_matter(truth):
    factors, presence = truth
    hat_width = -factors[:, 6] * presence[:, 1]
    matrix = factor_correlations(factors, presence, hat_width[:, None])
    assert matrix[6, 0] == pytest.approx(1)
    assert summarise(matrix)["correlation_best_hat"] == pytest.approx(matrix[HAT, 0].mean())


def test_latents_that_do_not_vary_are_not_used(truth):
    factors, presence = truth
    latents = np.zeros((len(factors), 3), np.float32)
    latents[:, 1] = -2.5
    matrix = factor_correlations(factors, presence, latents)
    assert not matrix.any()
    measures = summarise(matrix)
    assert measures["correlation_used"] == 0
    assert math.isnan(measures["correlation_own"])
    assert math.isnan(measures["correlation_other"])
    assert measures["correlation_best_eyes"] == 0


def test_means_are_over_used_latents_and_three_other_groups():
    matrix = np.zeros((18, 3))
    matrix[BOWTIE, 0], matrix[MOUTH, 0] = 0.6, 0.3
    matrix[EYES, 1] = [0.5, 0.2, 0.2]
    matrix[HAT, 2] = 0.07  # not above the threshold
    measures = summarise(matrix)
    assert measures["correlation_used"] == 2
    assert measures["correlation_own"] == pytest.approx((0.6 + 0.3) / 2)
    assert measures["correlation_other"] == pytest.approx((0.1 + 0.0) / 2)
    best = [measures[name] for name in MEASURES[3:]]
    assert best == pytest.approx([0.6, 0.07, 0.3, 0.3])
