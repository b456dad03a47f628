import math

import pytest
from sparsevae.models.schedules import (
    Schedule,
    Schedules,
    beta,
    learning_rate,
    sharpness,
    slab_warmup,
)
from sparsevae.study.settings import BetaAnnealing, Prior, SlabWarmup, Spike, Training


@pytest.mark.parametrize(
    ("fraction", "expected"),
    [(0.0, 0), (0.2, 0), (0.225, 0.25), (0.25, 0.5), (0.29, 0.9), (0.3, 1), (1.0, 1)],
)
def test_slab_warmup_is_zero_then_linear_then_one(fraction, expected):
    assert slab_warmup(SlabWarmup(start=0.2, end=0.3), fraction) == pytest.approx(expected)


def test_slab_warmup_ends_in_exactly_one():
    """DiagonalGaussian.warmed takes 1.0 for 'no warm-up'."""
    assert slab_warmup(SlabWarmup(start=0.2, end=0.3), 0.3) == 1.0
    assert slab_warmup(SlabWarmup(start=0.0, end=1.0), 1.0) == 1.0


@pytest.mark.parametrize("fraction", [0.0, 0.5, 1.0])
def test_without_a_warm_up_lambda_is_one(fraction):
    assert slab_warmup(None, fraction) == 1.0


def test_warm_up_of_no_length_is_a_step():
    step = SlabWarmup(start=0.4, end=0.4)
    assert [slab_warmup(step, f) for f in (0.39, 0.4, 0.41)] == [0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("fraction", "expected"), [(0.0, 1), (0.3, 1), (0.45, 0.6), (0.6, 0.2), (1.0, 0.2)]
)
def test_beta_goes_from_its_first_value_to_its_last(fraction, expected):
    assert beta(0.2, BetaAnnealing(first=1.0, start=0.3, end=0.6), fraction) == pytest.approx(
        expected
    )


def test_beta_without_annealing_is_constant():
    assert [beta(4.0, None, f) for f in (0.0, 1.0)] == [4.0, 4.0]


def test_sharpness_is_linear():
    spike = Spike(sharpness=50.0, sharpness_end=200.0)
    assert [sharpness(spike, f) for f in (0.0, 0.5, 1.0)] == [50.0, 125.0, 200.0]


def test_sharpness_without_an_end_is_constant():
    assert [sharpness(Spike(sharpness=1.5), f) for f in (0.0, 1.0)] == [1.5, 1.5]


@pytest.mark.parametrize(
    ("relaxation", "ends"), [("scaled_sigmoid", [50.0, 200.0]), ("concrete", [2.0, 10.0])]
)
def test_each_relaxation_has_a_sharpness_of_its_own(relaxation, ends):
    assert [sharpness(Spike(relaxation=relaxation), f) for f in (0.0, 1.0)] == ends


@pytest.mark.parametrize("fraction", [0.0, 0.25, 0.5, 1.0])
def test_cosine_rate_is_half_a_wave(fraction):
    training = Training(learning_rate=0.01, schedule="cosine")
    expected = 0.005 * (1 + math.cos(math.pi * fraction))
    assert learning_rate(training, fraction) == pytest.approx(expected)


def test_step_rate_steps_once():
    training = Training(learning_rate=0.01, schedule="step", decay_at=0.3, decay_factor=0.1)
    rates = [learning_rate(training, f) for f in (0.0, 0.29, 0.3, 1.0)]
    assert rates == pytest.approx([0.01, 0.01, 0.001, 0.001])


def test_constant_rate_is_constant():
    training = Training(learning_rate=0.01, schedule="constant", decay_at=0.3)
    assert [learning_rate(training, f) for f in (0.0, 1.0)] == [0.01, 0.01]


def test_schedule_gathers_all():
    schedules = Schedules(
        training=Training(learning_rate=0.5, schedule="constant"),
        beta=0.2,
        beta_annealing=BetaAnnealing(first=1.0, start=0.0, end=0.5),
        slab_warmup=SlabWarmup(start=0.0, end=1.0),
        spike=Spike(sharpness=2.0, sharpness_end=4.0),
        prior=Prior(sharpening=5.0, sharpening_end=15.0),
    )
    assert schedules.at(0.25) == Schedule(0.25, 2.5, 0.5, 0.6, 7.5, fraction=0.25)
