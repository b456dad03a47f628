"""From estimates to verdicts: regions, Holm's correction, and how many seeds could decide."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from scipy import stats

from sparsevae.comparison.intervals import Estimate, Fraction, Interval, Mean

VERDICTS = ("holds", "fails", "undecided", "not run")
# All verdicts of a table are right together with this probability.
LEVEL = 0.95
POWER = 0.8
_SLACK = float(stats.norm.ppf(POWER))
MOST_SEEDS = 100
# The open interval in which a claim holds.
Region = tuple[float, float]


@dataclass(frozen=True)
class Question:
    """An estimate and the region in which a claim holds.

    `tests`: as how many tests it counts in the correction. An estimate at one latent size counts
    twice, since the data decided that the claim is stated by size.
    """

    estimate: Estimate
    region: Region
    tests: int = 1


@dataclass(frozen=True)
class Answer:
    """A verdict, with the interval that it rests on and the level of that interval."""

    verdict: str
    interval: Interval | None
    level: float | None


def verdict(interval: Interval | None, region: Region) -> str:
    """Return "holds" if all of the interval is in the region, "fails" if none is."""
    if interval is None:
        return "undecided"
    low, high = interval
    if region[0] < low and high < region[1]:
        return "holds"
    return "fails" if high <= region[0] or low >= region[1] else "undecided"


def number_of_tests(questions: Sequence[Question]) -> int:
    """Return how many tests a table's correction is for.

    Questions that no outcome could decide are none (Tarone 1990): those without an interval, and
    fractions of few seeds. One is added for the choice of stating claims by size, which looks at
    the effects: without it, equal models would have a verdict in up to 6 % of tables.
    """
    tests = sum(question.tests for question in questions if is_testable(question))
    return tests + 1 if tests else 0


def is_testable(question: Question) -> bool:
    """Whether some outcome of as many seeds would decide the question if it were the only one."""
    estimate = question.estimate
    if isinstance(estimate, Fraction):
        extremes = (replace(estimate, effect=effect).interval(LEVEL) for effect in (0.0, 1.0))
        return any(verdict(i, question.region) != "undecided" for i in extremes)
    return estimate.interval(LEVEL) is not None


def answer(questions: Sequence[Question]) -> list[Answer]:
    """Return the answers of a table, corrected for their number by Holm (1979).

    The easiest question is decided at an error of 0.05 / m with m tests (`number_of_tests`), the
    next at 0.05 over the number that is left, and so on until one cannot be decided. The others
    stay undecided, with their intervals at the level of that one. The probability that any verdict
    of the table is wrong is at most 0.05.
    """
    answers = [_alone(question) for question in questions]
    testable = [place for place, q in enumerate(questions) if is_testable(q)]
    errors = {place: smallest_error(questions[place]) for place in testable}
    left = number_of_tests(questions)
    stopped = False
    level = LEVEL
    for place in sorted(testable, key=lambda place: errors[place]):
        question = questions[place]
        if not stopped:
            level = 1 - (1 - LEVEL) / left
            left -= question.tests
        interval = question.estimate.interval(level)
        found = verdict(interval, question.region)
        stopped = stopped or found == "undecided"
        answers[place] = Answer("undecided" if stopped else found, interval, level)
    return answers


def _alone(question: Question) -> Answer:
    """What is shown of a question that no outcome could decide."""
    interval = question.estimate.interval(LEVEL)
    return Answer("undecided", interval, None if interval is None else LEVEL)


def smallest_error(question: Question) -> float:
    """Return the smallest 1 - level at which the interval decides: the p-value."""
    low, high = math.log(1e-15), 0.0
    for _ in range(40):
        middle = (low + high) / 2
        interval = question.estimate.interval(1 - math.exp(middle))
        if verdict(interval, question.region) == "undecided":
            low = middle
        else:
            high = middle
    return math.exp(high)


def how_many_seeds(question: Question, level: float | None) -> str:
    """Return what could decide an undecided question, as a phrase for a note.

    The number of seeds is that with which POWER of the studies would decide, if the expectation is
    the observed effect and the spread is the observed one.
    """
    estimate = question.estimate
    if estimate.n < 2:
        return "one seed has no spread: run at least three"
    if level is None:
        return "the seeds do not differ, so that their spread is unknown"
    for n in range(estimate.n + 1, MOST_SEEDS + 1):
        if _would_decide(estimate.with_seeds(n), question.region, level):
            return f"not enough runs: about {n} seeds could decide it"
    images_matter = isinstance(estimate, Mean) and estimate.test_error > 0
    if images_matter and not _would_decide(estimate.with_seeds(10**9), question.region, level):
        return "no number of seeds could decide it with these test images"
    return f"not enough runs: more than {MOST_SEEDS} seeds would be needed"


def _would_decide(estimate: Estimate, region: Region, level: float) -> bool:
    """Whether the interval still decides if the estimate is off by what POWER allows."""
    if not isinstance(estimate, Mean):
        return verdict(estimate.interval(level), region) != "undecided"
    interval = estimate.interval(level)
    if interval is None:
        return False
    slack = _SLACK * math.hypot(estimate.standard_error, estimate.test_error)
    wider = (interval[0] - slack, interval[1] + slack)
    return verdict(wider, region) != "undecided"
