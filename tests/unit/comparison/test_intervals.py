"""Intervals against SciPy's, and their coverage where seeds have effects of their own."""

import math

import numpy as np
import pytest
from scipy import stats
from sparsevae.comparison.intervals import (
    Mean,
    Variance,
    beyond_spread,
    fraction,
    of_difference,
    over_seeds,
    pooled,
)


def test_without_a_test_error_the_interval_is_students():
    values = np.random.default_rng(2).normal(1, 2, 9)
    for level in (0.95, 0.999):
        expected = stats.ttest_1samp(values, 0).confidence_interval(level)
        assert over_seeds(values).interval(level) == pytest.approx(tuple(expected))


def test_fractions_have_clopper_and_pearsons_interval():
    expected = (stats.beta.ppf(0.025, 2, 9), stats.beta.ppf(0.975, 3, 8))
    assert fraction(np.arange(10) < 2).interval(0.95) == pytest.approx(expected)


def test_one_seed_and_equal_seeds_have_no_interval():
    assert over_seeds(np.array([3.0])).interval(0.95) is None
    assert over_seeds(np.array([3.0]), test_error=1.0).interval(0.95) is None
    assert over_seeds(np.array([3.0, 3.0])).interval(0.95) is None
    assert fraction(np.array([True])).interval(0.95) is None


def test_a_measure_that_is_counted_has_the_spread_of_rounding():
    assert over_seeds(np.array([3.0, 3.0]), resolution=1.0).spread == pytest.approx(12**-0.5)
    assert over_seeds(np.array([3.0, 9.0]), resolution=1.0).spread == pytest.approx(18**0.5)


@pytest.mark.parametrize(("n", "test_error"), [(2, 0.3), (3, 0.3), (3, 1.0), (5, 2.0)])
def test_the_interval_covers_with_an_error_that_all_seeds_share(n, test_error):
    random = np.random.default_rng(4)
    tries = 2000
    seeds = random.normal(size=(tries, n)) + test_error * random.normal(size=(tries, 1))
    intervals = [over_seeds(row, test_error=test_error).interval(0.95) for row in seeds]
    assert np.mean([low <= 0 <= high for low, high in intervals]) >= 0.94
    without = [over_seeds(row).interval(0.95) for row in seeds]
    if test_error >= 1:
        assert np.mean([low <= 0 <= high for low, high in without]) < 0.9


def test_more_seeds_narrow_the_seeds_part_only():
    wide = Mean(0.0, 4, 2.0, test_error=1.0)
    low, _ = wide.with_seeds(10**6).interval(0.95)
    assert low == pytest.approx(-stats.norm.ppf(0.975), rel=1e-3)


def test_pooled_is_the_variance_within_groups():
    groups = [np.array([1.0, 3.0]), np.array([10.0, 10.0, 16.0]), np.array([5.0])]
    assert pooled(groups) == Variance((2 + 24) / 3, 3.0)
    assert pooled([np.array([5.0])]) is None


@pytest.mark.parametrize(("n", "m"), [(2, 1), (3, 1), (3, 3)])
def test_equal_models_are_called_different_in_5_percent(n, m):
    """The variance of one side serves both where the other has one run."""
    random = np.random.default_rng(6)
    called = []
    for _ in range(3000):
        first, second = random.normal(size=n), random.normal(size=m)
        parts = of_difference(pooled([first]), n, pooled([second]), m)
        called.append(beyond_spread(first.mean() - second.mean(), parts))
    assert np.mean(called) == pytest.approx(0.05, abs=0.02)


def test_two_samples_are_compared_as_by_welch():
    first, second = np.array([1.0, 2.0, 4.0]), np.array([9.0, 5.0, 6.0, 6.5])
    for shift in np.linspace(0, 6, 25):
        p = stats.ttest_ind(first + shift, second, equal_var=False).pvalue
        parts = of_difference(pooled([first]), 3, pooled([second]), 4)
        assert beyond_spread(first.mean() + shift - second.mean(), parts) == (p < 0.05)


def test_without_any_spread_there_is_nothing_to_compare():
    assert of_difference(None, 1, None, 1) == []
    assert of_difference(None, 2, Variance(4.0, 9.0), 1) == [Variance(4 * (1 / 2 + 1), 9.0)]
    assert math.isclose(of_difference(Variance(4.0, 9.0), 2, None, 4)[0].value, 3.0)
