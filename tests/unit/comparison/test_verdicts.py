"""Regions, Holm's correction against a step-by-step one, and the number of seeds."""

import math

import numpy as np
import pytest
from scipy import stats
from sparsevae.comparison.intervals import Fraction, Mean
from sparsevae.comparison.verdicts import (
    Question,
    answer,
    how_many_seeds,
    number_of_tests,
    smallest_error,
    verdict,
)

ABOVE_0 = (0.0, math.inf)


def mean(effect: float, n: int = 4, **options: float) -> Question:
    return Question(Mean(effect, n, 1.0, **options), ABOVE_0)


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ((0.1, 2.0), "holds"),
        ((-1.0, 0.5), "undecided"),
        ((-2.0, -1.0), "fails"),
        (None, "undecided"),
    ],
)
def test_a_claim_holds_where_the_whole_interval_does(interval, expected):
    assert verdict(interval, ABOVE_0) == expected


def test_the_smallest_error_is_the_p_value():
    for effect in (-3.0, 0.4, 2.0):
        p = 2 * stats.t.sf(abs(effect) * 2, 3)
        assert smallest_error(mean(effect)) == pytest.approx(p, rel=1e-3)


def test_verdicts_are_holms():
    random = np.random.default_rng(3)
    for _ in range(20):
        effects = random.normal(scale=4, size=12)
        p = 2 * stats.t.sf(np.abs(effects) * 2, 3)
        rejected = set()
        for rank, place in enumerate(np.argsort(p)):
            if p[place] > 0.05 / (12 + 1 - rank):
                break
            rejected.add(place)
        found = answer([mean(effect) for effect in effects])
        decided = {k for k, reply in enumerate(found) if reply.verdict != "undecided"}
        assert decided == rejected
        for effect, reply in zip(effects, found, strict=True):
            # The interval that is shown says the same as the verdict.
            assert verdict(reply.interval, ABOVE_0) == reply.verdict
            assert reply.verdict in ("undecided", "holds" if effect > 0 else "fails")


def test_questions_without_interval_do_not_count():
    alone = Question(Mean(5.0, 1, math.nan), ABOVE_0)
    questions = [mean(9.0), alone, Question(mean(9.0).estimate, ABOVE_0, tests=2)]
    assert number_of_tests(questions) == 3 + 1
    first, without, last = answer(questions)
    assert (without.verdict, without.interval, without.level) == ("undecided", None, None)
    assert first.level == pytest.approx(1 - 0.05 / 4)
    assert last.level == pytest.approx(1 - 0.05 / 3)


def test_questions_that_no_outcome_could_decide_do_not_count():
    few, many = (Question(Fraction(1.0, n), (0.5, math.inf)) for n in (3, 30))
    assert number_of_tests([few]) == 0
    assert number_of_tests([few, many, few]) == 1 + 1
    first, second, _ = answer([few, many, few])
    assert (first.verdict, first.level) == ("undecided", 0.95)
    assert (second.verdict, second.level) == ("holds", pytest.approx(1 - 0.05 / 2))


def test_the_number_of_seeds_has_80_percent_power():
    question = mean(1.0)
    seeds = int(how_many_seeds(question, 0.95).split("about ")[1].split()[0])
    power = {}
    for n in (seeds - 2, seeds):
        t, shift = stats.t.ppf(0.975, n - 1), math.sqrt(n)
        power[n] = stats.nct.sf(t, n - 1, shift)
    assert power[seeds - 2] < 0.8 <= power[seeds] + 0.01


@pytest.mark.parametrize(
    ("question", "level", "words"),
    [
        (mean(0.01), 0.95, "more than 100 seeds"),
        (mean(1.0, test_error=2.0), 0.95, "no number of seeds"),
        (Question(Mean(1.0, 1, math.nan), ABOVE_0), None, "one seed has no spread"),
        (Question(Mean(1.0, 3, 0.0), ABOVE_0), None, "seeds do not differ"),
        (Question(Fraction(1.0, 3), (0.5, math.inf)), 0.95, "about 6 seeds"),
    ],
)
def test_what_could_decide(question, level, words):
    assert words in how_many_seeds(question, level)
