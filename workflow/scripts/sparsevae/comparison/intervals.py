"""Estimates over seeds and their confidence intervals.

Seeds are the units. Runs of one seed at several latent sizes are not replicates: a seed may have an
effect of its own. So effects are first averaged within seeds, and Student's t is taken over seeds.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float
from scipy import special, stats

Interval = tuple[float, float]


def student(probability: float, freedom: int | float) -> float:
    """Return the quantile of Student's t; of the normal distribution if `freedom` is infinite."""
    # Not stats.t.ppf, which takes fifty times as long for one number.
    if math.isinf(freedom):
        return float(special.ndtri(probability))
    return float(special.stdtrit(freedom, probability))


@dataclass(frozen=True)
class Mean:
    """A mean over seeds.

    spread: standard deviation (n - 1) over seeds, NaN if it cannot be told. test_error: standard
    error from the choice of the test images, which all seeds share, so that the spread of the seeds
    does not have it; `test_freedom` are its degrees of freedom.
    """

    effect: float
    n: int
    spread: float
    test_error: float = 0.0
    test_freedom: float = math.inf

    @property
    def standard_error(self) -> float:
        """Of the seeds alone."""
        return self.spread / math.sqrt(self.n)

    def interval(self, level: float) -> Interval | None:
        """Return effect -+ the root of the sum of squares of the seeds' and the images' parts.

        Each part is the half-width that it would have alone (Zou & Donner 2008, MOVER). With a
        test error this covers more than `level`. Satterthwaite's degrees of freedom would cover
        0.87 instead of 0.95 with two seeds, and much less at the levels that a correction asks for.
        """
        if self.n < 2 or not self.spread > 0:
            return None
        tail = (1 + level) / 2
        seeds = student(tail, self.n - 1) * self.standard_error
        half = math.hypot(seeds, student(tail, self.test_freedom) * self.test_error)
        return self.effect - half, self.effect + half

    def with_seeds(self, n: int) -> "Mean":
        """Return the same mean and spread over `n` seeds."""
        return replace(self, n=n)


@dataclass(frozen=True)
class Fraction:
    """A fraction of seeds."""

    effect: float
    n: int

    def interval(self, level: float) -> Interval | None:
        """Return Clopper and Pearson's exact interval; None for one seed."""
        if self.n < 2:
            return None
        hits = round(self.effect * self.n)
        low, high = stats.binomtest(hits, self.n).proportion_ci(level, method="exact")
        return float(low), float(high)

    def with_seeds(self, n: int) -> "Fraction":
        """Return the fraction of `n` seeds that is nearest to this one."""
        return replace(self, effect=round(self.effect * n) / n, n=n)


# An effect from a number of seeds, with its interval at any level of confidence.
Estimate = Mean | Fraction


def over_seeds(
    values: Float[np.ndarray, " n"],
    resolution: float = 0.0,
    test_error: float = 0.0,
    test_freedom: float = math.inf,
) -> Mean:
    """Return the mean of one value a seed.

    resolution: the step of a measure that is counted. Seeds that agree to the step still differ by
    rounding, so the spread is at least resolution / sqrt(12).
    """
    n = len(values)
    spread = math.nan if n < 2 else float(np.std(values, ddof=1))
    if n > 1 and resolution:
        spread = max(spread, resolution / math.sqrt(12))
    return Mean(float(np.mean(values)), n, spread, test_error, test_freedom)


def fraction(outcomes: Bool[np.ndarray, " n"]) -> Fraction:
    """Return the fraction of true outcomes, one a seed."""
    return Fraction(float(np.mean(outcomes)), len(outcomes))


@dataclass(frozen=True)
class Variance:
    """An estimated variance and its degrees of freedom."""

    value: float
    freedom: float

    def over(self, n: int | float) -> "Variance":
        """Return the variance of a mean of `n` values."""
        return replace(self, value=self.value / n)


def pooled(groups: Sequence[Float[np.ndarray, " _"]]) -> Variance | None:
    """Return the variance within groups, all groups together; None if no group has two values."""
    freedom = sum(len(values) - 1 for values in groups)
    if freedom <= 0:
        return None
    squares = sum(float(np.sum((values - np.mean(values)) ** 2)) for values in groups)
    return Variance(squares / freedom, float(freedom))


def of_difference(
    first: Variance | None, n_first: int, second: Variance | None, n_second: int
) -> list[Variance]:
    """Return the parts of the variance of a difference of two means of runs.

    first, second: the variance of single runs on either side. One that is not known is taken from
    the other side; without both there are no parts. One estimate for both sides is one part, since
    its error is shared.
    """
    if first is not None and second is not None:
        return [first.over(n_first), second.over(n_second)]
    known = first or second
    return [] if known is None else [known.over(1 / (1 / n_first + 1 / n_second))]


def beyond_spread(difference: float, parts: Sequence[Variance]) -> bool:
    """Whether a difference exceeds what equal expectations give in 95 % of cases.

    `parts` are independent parts of its variance. About two standard errors: the quantile of
    Student's t with Welch and Satterthwaite's degrees of freedom.
    """
    total = sum(part.value for part in parts)
    if total <= 0:
        return bool(difference != 0)
    freedom = total**2 / sum(part.value**2 / part.freedom for part in parts)
    return bool(abs(difference) > student(0.975, freedom) * math.sqrt(total))
