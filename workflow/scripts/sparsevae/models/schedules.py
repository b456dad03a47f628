"""Values that change in the course of a training, as functions of its fraction done, 0 to 1."""

import math
from dataclasses import dataclass

from sparsevae.study.settings import BetaAnnealing, Prior, RunConfig, SlabWarmup, Spike, Training


@dataclass(frozen=True)
class Schedule:
    """The values at one step: lambda of eq. 7, sharpness of the relaxed spike, Adam's rate, beta,
    nu."""

    slab_warmup: float
    sharpness: float
    learning_rate: float
    beta: float
    sharpening: float | None = None


def schedule_at(config: RunConfig, fraction: float) -> Schedule:
    return Schedule(
        slab_warmup=slab_warmup(config.slab_warmup, fraction),
        sharpness=sharpness(config.spike, fraction),
        learning_rate=learning_rate(config.training, fraction),
        beta=beta(config.beta, config.beta_annealing, fraction),
        sharpening=sharpening(config.prior, fraction),
    )


def slab_warmup(warmup: SlabWarmup | None, fraction: float) -> float:
    """lambda of eq. 7: 0 until `start`, linear to 1 at `end`, then 1; 1 without a warm-up."""
    return 1.0 if warmup is None else _ramp(warmup.start, warmup.end, fraction)


def beta(last: float, annealing: BetaAnnealing | None, fraction: float) -> float:
    """Weight of the KL: `last`, or with annealing `first` until `start`, linear to `last` at `end`.

    Where `first` is the larger one, latents first learn what is worth its price, such as which
    attributes show, and then what a lower price lets them add; where it is 0, it is the KL
    annealing of Bowman et al. 2016.
    """
    if annealing is None:
        return last
    done = _ramp(annealing.start, annealing.end, fraction)
    return annealing.first + (last - annealing.first) * done


def _ramp(start: float, end: float, fraction: float) -> float:
    """0 until `start`, linear, and exactly 1 from `end` on; a step where both are the same."""
    if fraction >= end:
        return 1.0
    return 0.0 if fraction <= start else (fraction - start) / (end - start)


# Start and end of each relaxation that has a slope. Of the scaled sigmoid the paper's (supplement
# B.2); of the concrete, soft gates that learn and then nearly hard ones, so that the hard spikes of
# the evaluation find the decoder that was trained.
SHARPNESS = {
    "scaled_sigmoid": (50.0, 200.0),
    "concrete": (2.0, 10.0),
    "straight_through_concrete": (2.0, 10.0),
}


def sharpness(spike: Spike, fraction: float) -> float:
    """Slope of the relaxed step, linear from `sharpness` to `sharpness_end`.

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
    """nu of the pseudo-inputs' spikes, linear from `sharpening` to `sharpening_end`; None: none.

    Without `sharpening_end` it stays what it is.
    """
    if prior.sharpening is None or prior.sharpening_end is None:
        return prior.sharpening
    return prior.sharpening + (prior.sharpening_end - prior.sharpening) * fraction


def learning_rate(training: Training, fraction: float) -> float:
    """constant; cosine to 0; or step: times `decay_factor` from `decay_at` on (supplement D)."""
    if training.schedule == "cosine":
        return training.learning_rate * 0.5 * (1 + math.cos(math.pi * fraction))
    if training.schedule == "step" and fraction >= training.decay_at:
        return training.learning_rate * training.decay_factor
    return training.learning_rate
