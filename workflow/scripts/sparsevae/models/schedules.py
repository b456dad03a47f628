"""Values that change in the course of a training, as functions of its fraction done, 0 to 1."""

import math
from dataclasses import dataclass, field

from sparsevae.study import choices
from sparsevae.study.settings import BetaAnnealing, Prior, SlabWarmup, Spike, Training


@dataclass(frozen=True)
class Schedule:
    """The values at one step: lambda of eq. 7, sharpness of the relaxed spike, Adam's rate, beta,
    nu, and the fraction of the training that is done, of which a model may make its own."""

    slab_warmup: float
    sharpness: float
    learning_rate: float
    beta: float
    sharpening: float | None = None
    fraction: float = 1.0


@dataclass(frozen=True)
class Schedules:
    """How these values change: the settings of a training that its steps depend on."""

    training: Training = field(default_factory=Training)
    beta: float = 1.0
    beta_annealing: BetaAnnealing | None = None
    slab_warmup: SlabWarmup | None = None
    spike: Spike = field(default_factory=Spike)
    prior: Prior = field(default_factory=Prior)

    def at(self, fraction: float) -> Schedule:
        """Return the values when this fraction of the training is done, 0 to 1."""
        return Schedule(
            slab_warmup=slab_warmup(self.slab_warmup, fraction),
            sharpness=sharpness(self.spike, fraction),
            learning_rate=learning_rate(self.training, fraction),
            beta=beta(self.beta, self.beta_annealing, fraction),
            sharpening=sharpening(self.prior, fraction),
            fraction=fraction,
        )


def slab_warmup(warmup: SlabWarmup | None, fraction: float) -> float:
    """Return lambda of eq. 7: 0 until `start`, linear to 1 at `end`, then 1; 1 without warm-up."""
    return 1.0 if warmup is None else _ramp(warmup.start, warmup.end, fraction)


def beta(last: float, annealing: BetaAnnealing | None, fraction: float) -> float:
    """Return the weight of the KL: `last`, or with annealing a way from `first` to `last`.

    It is `first` until `start`, then linear, and `last` from `end` on. If `first` is the larger
    one, latents first learn what is worth its price, such as which attributes show, and then what a
    lower price lets them add; if it is 0, it is the KL annealing of Bowman et al. 2016.
    """
    if annealing is None:
        return last
    done = _ramp(annealing.start, annealing.end, fraction)
    return annealing.first + (last - annealing.first) * done


def _ramp(start: float, end: float, fraction: float) -> float:
    """Return 0 until `start`, then linear, exactly 1 from `end` on; a step if both are equal."""
    if fraction >= end:
        return 1.0
    return 0.0 if fraction <= start else (fraction - start) / (end - start)


# Start and end of each relaxation that has a slope. Of the scaled sigmoid the paper's (supplement
# B.2); of the concrete, soft gates that learn and then nearly hard ones, so that the hard spikes of
# the evaluation find the decoder that was trained.
SHARPNESS = choices.implementing(
    choices.SLOPED_RELAXATIONS,
    {
        "scaled_sigmoid": (50.0, 200.0),
        "concrete": (2.0, 10.0),
        "straight_through_concrete": (2.0, 10.0),
    },
)


def sharpness(spike: Spike, fraction: float) -> float:
    """Return the slope of the relaxed step, linear from `sharpness` to `sharpness_end`.

    Without `sharpness` those of the relaxation, SHARPNESS; with it alone, constant. Relaxations
    without a slope get 1, which they do not use.
    """
    start, end = SHARPNESS.get(spike.relaxation, (1.0, 1.0))
    if spike.sharpness is not None:
        start = end = spike.sharpness
    if spike.sharpness_end is not None:
        end = spike.sharpness_end
    return start + (end - start) * fraction


def sharpening(prior: Prior, fraction: float) -> float | None:
    """Return nu of the pseudo-inputs' spikes, linear from `sharpening` to `sharpening_end`.

    None: they are not sharpened. Without `sharpening_end` it stays what it is.
    """
    if prior.sharpening is None or prior.sharpening_end is None:
        return prior.sharpening
    return prior.sharpening + (prior.sharpening_end - prior.sharpening) * fraction


def learning_rate(training: Training, fraction: float) -> float:
    """Return Adam's rate at a fraction of the training, by LEARNING_RATES."""
    return LEARNING_RATES[training.schedule](training, fraction)


def _constant(training: Training, fraction: float) -> float:
    return training.learning_rate


def _cosine(training: Training, fraction: float) -> float:
    """Half a cosine, to 0."""
    return training.learning_rate * 0.5 * (1 + math.cos(math.pi * fraction))


def _step(training: Training, fraction: float) -> float:
    """Times `decay_factor` from `decay_at` on (supplement D)."""
    factor = training.decay_factor if fraction >= training.decay_at else 1.0
    return training.learning_rate * factor


LEARNING_RATES = choices.implementing(
    choices.LEARNING_RATES, {"constant": _constant, "cosine": _cosine, "step": _step}
)
