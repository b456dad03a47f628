"""Block means, and the sampling error of a difference that they give."""

import math

import numpy as np
import pytest
from scipy import stats
from sparsevae.evaluation.image_blocks import BLOCKS, block_means, standard_error_over_images


def test_a_block_has_every_twentieth_image():
    values = np.random.default_rng(1).normal(size=104)
    expected = [np.mean(values[block::BLOCKS]) for block in range(BLOCKS)]
    np.testing.assert_allclose(block_means(values), expected)
    assert np.isnan(block_means(values[:15])).tolist() == [False] * 15 + [True] * 5


def test_the_standard_error_is_scipys():
    values = np.random.default_rng(2).normal(size=50)
    assert standard_error_over_images(values) == pytest.approx(stats.sem(values))
    assert math.isnan(standard_error_over_images(values[:1]))


def test_blocks_give_the_error_of_a_paired_difference():
    """Two runs that share most of what varies over images: the difference varies little."""
    random = np.random.default_rng(3)
    shared = 30 * random.normal(size=10_000)
    first, second = shared + random.normal(size=10_000), shared + random.normal(size=10_000)
    spread = np.std(block_means(first) - block_means(second), ddof=1) / math.sqrt(BLOCKS)
    assert spread == pytest.approx(math.sqrt(2) / 100, rel=0.4)
    assert standard_error_over_images(first) > 15 * spread
