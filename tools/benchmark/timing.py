"""Variants timed in turn, so that what slows the machine down slows all of them."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

REPEATS = 5


@dataclass(frozen=True)
class Result:
    """One line of summary.csv: ours against a reference, both in `unit`.

    `ratio` is above 1 where ours is the better one; `goal` is what it should reach, None where
    nothing is asked for.
    """

    benchmark: str
    ours: float
    reference: float
    unit: str
    ratio: float
    goal: float | None

    @property
    def met(self) -> bool | None:
        return None if self.goal is None else self.ratio >= self.goal


def interleaved(
    variants: Mapping[str, Callable[[], object]], repeats: int = REPEATS
) -> dict[str, float]:
    """Median seconds of each variant over `repeats` rounds, after one call that is not timed."""
    for run in variants.values():
        run()
    seconds: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(repeats):
        for name, run in variants.items():
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def rate(benchmark: str, samples: int, ours: float, reference: float, goal: float | None) -> Result:
    """Samples a second, from the seconds that both took."""
    return Result(
        benchmark, samples / ours, samples / reference, "images/s", reference / ours, goal
    )


def speedup(benchmark: str, ours: float, reference: float, goal: float | None) -> Result:
    """Seconds, ours the better one where it takes fewer."""
    return Result(benchmark, ours, reference, "s", reference / ours, goal)


def within(benchmark: str, ours: float, limit: float, unit: str) -> Result:
    """A measure that must stay below a limit: the ratio is limit / ours, and 1 is asked for."""
    return Result(benchmark, ours, limit, unit, limit / ours, 1.0)
