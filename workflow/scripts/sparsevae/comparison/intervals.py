"""Confidence intervals of the claims, and what they say of a claim; 95 % throughout."""

import math
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy import stats

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """An effect, its 95 % interval (None where one value has no spread), and of how many values."""

    effect: float
    interval: tuple[float, float] | None
    n: int


def mean(values: Float[np.ndarray, " n"]) -> Estimate:
    """Mean with Student's t interval; of paired differences this is the paired t-test's."""
    effect, n = float(np.mean(values)), len(values)
    if n < 2:
        return Estimate(effect, None, n)
    error = float(np.std(values, ddof=1)) / math.sqrt(n)
    return Estimate(effect, _around(effect, error, n - 1), n)


def slope(x: Float[np.ndarray, " n"], y: Float[np.ndarray, " n"]) -> Estimate:
    """Slope of the least-squares line, with the t interval of its residuals (n - 2)."""
    line, n = stats.linregress(x, y), len(x)
    interval = _around(line.slope, line.stderr, n - 2) if n > 2 else None
    return Estimate(float(line.slope), interval, n)


def fraction(outcomes: Bool[np.ndarray, " n"]) -> Estimate:
    """Fraction of true outcomes, with Clopper and Pearson's exact interval."""
    n, hits = len(outcomes), int(np.sum(outcomes))
    low, high = stats.binomtest(hits, n).proportion_ci(LEVEL, method="exact")
    return Estimate(hits / n, (float(low), float(high)), n)


def verdict(estimate: Estimate, region: tuple[float, float]) -> str:
    """Whether the effect lies in the open interval `region`, as the claim has it.

    "holds" if all of the confidence interval does, "fails" if none of it does.
    """
    if estimate.interval is None:
        return "not enough runs"
    low, high = estimate.interval
    if region[0] < low and high < region[1]:
        return "holds"
    return "fails" if high <= region[0] or low >= region[1] else "not enough runs"


def _around(centre: float, error: float, freedom: int) -> tuple[float, float]:
    half = float(stats.t.ppf((1 + LEVEL) / 2, freedom)) * float(error)
    return float(centre) - half, float(centre) + half
