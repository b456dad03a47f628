"""Values that change in the course of a training, as functions of its fraction done, 0 to 1."""

import math
from dataclasses import dataclass

from sparsevae.run_config import RunConfig, SlabWarmup, Spike, Training


@dataclass(frozen=True)
class Schedule:
    """The values at one step: lambda of eq. 7, sharpness of the relaxed spike, Adam's rate."""

    slab_warmup: float
    sharpness: float
    learning_rate: float


def schedule_at(config: RunConfig, fraction: float) -> Schedule:
    return Schedule(
        slab_warmup=slab_warmup(config.slab_warmup, fraction),
        sharpness=sharpness(config.spike, fraction),
        learning_rate=learning_rate(config.training, fraction),
    )


def slab_warmup(warmup: SlabWarmup | None, fraction: float) -> float:
    """lambda of eq. 7: 0 until `start`, linear to 1 at `end`, then 1; 1 without a warm-up."""
    if warmup is None or fraction >= warmup.end:
        return 1.0
    if fraction <= warmup.start:
        return 0.0
    return (fraction - warmup.start) / (warmup.end - warmup.start)


def sharpness(spike: Spike, fraction: float) -> float:
    """Slope of the relaxed step, linear from `sharpness` to `sharpness_end` (supplement B.2)."""
    end = spike.sharpness if spike.sharpness_end is None else spike.sharpness_end
    return spike.sharpness + (end - spike.sharpness) * fraction


def learning_rate(training: Training, fraction: float) -> float:
    """constant; cosine to 0; or step: times `decay_factor` from `decay_at` on (supplement D)."""
    if training.schedule == "cosine":
        return training.learning_rate * 0.5 * (1 + math.cos(math.pi * fraction))
    if training.schedule == "step" and fraction >= training.decay_at:
        return training.learning_rate * training.decay_factor
    return training.learning_rate
