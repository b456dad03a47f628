"""Block means, and the sampling error of a difference that they give."""

import math

import numpy as np
import pytest
from scipy import stats
from sparsevae.evaluation.image_blocks import (
    BLOCKS,
    COLUMNS,
    MEASURES,
    block_means,
    standard_error_over_images,
    standard_errors,
    tabulate,
)


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


def test_rows_are_block_means_and_empty_where_nothing_is_defined():
    """Ten images of one measure, 100 of another, and one with an image that overflowed."""
    random = np.random.default_rng(4)
    elbo, iwae, accuracy = random.normal(size=100), random.normal(size=10), np.ones(100)
    kl = np.where(np.arange(100) == 3, math.nan, 1.0)
    per_image = {"elbo": elbo, "iwae": iwae, "kl": kl, "probe_accuracy": accuracy}
    rows = tabulate(per_image)
    assert [row["block"] for row in rows] == list(range(20))
    assert {*rows[0]} <= {*COLUMNS}
    assert [row["elbo"] for row in rows] == pytest.approx([elbo[b::20].mean() for b in range(20)])
    assert [row["iwae"] for row in rows] == [*iwae.tolist(), *[None] * 10]
    assert [row["kl"] for row in rows] == [None if block == 3 else 1.0 for block in range(20)]
    assert {row["probe_accuracy"] for row in rows} == {1.0}


def test_standard_errors_are_of_every_measure_and_none_where_nothing_is_defined():
    values = np.random.default_rng(5).normal(size=50)
    errors = standard_errors({"elbo": values, "kl": np.append(values, math.inf)})
    assert list(errors) == [f"{name}_test_standard_error" for name in MEASURES]
    assert errors.pop("elbo_test_standard_error") == pytest.approx(stats.sem(values))
    assert set(errors.values()) == {None}
