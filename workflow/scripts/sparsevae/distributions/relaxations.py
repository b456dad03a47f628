"""Relaxed spikes: differentiable stand-ins for the step T in z = T(u - 1 + g) * slab (sec. 3.1).

All take the log-probabilities of spike and no spike, uniform noise u and a sharpness, and return
gates in [0, 1]. They serve gradients only: evaluation draws hard spikes.
"""

from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.study import choices

Gates = Float[Tensor, "*batch latent"]


def hard(log_spike: Gates, uniform: Gates) -> Gates:
    """The step itself: exactly 1 with probability g, else exactly 0."""
    return (uniform < log_spike.exp()).to(log_spike.dtype)


def scaled_sigmoid(log_spike: Gates, log_no_spike: Gates, uniform: Gates, c: float) -> Gates:
    """sigmoid(c (u - 1 + g)), the paper's; c rises from 50 to 200 (supplement B.2)."""
    return torch.sigmoid(c * (uniform - 1 + log_spike.exp()))


def concrete(log_spike: Gates, log_no_spike: Gates, uniform: Gates, sharpness: float) -> Gates:
    """Binary concrete of temperature 1 / sharpness (Maddison, Mnih & Teh 2017, eq. 16)."""
    logistic = torch.log(uniform) - torch.log1p(-uniform)
    return torch.sigmoid(sharpness * (log_spike - log_no_spike + logistic))


def straight_through(log_spike: Gates, log_no_spike: Gates, uniform: Gates, _: float) -> Gates:
    """Hard gates whose gradient is that of g (Bengio, Leonard & Courville 2013)."""
    spike_prob = log_spike.exp()
    return hard(log_spike, 1 - uniform) + (spike_prob - spike_prob.detach())


def straight_through_concrete(
    log_spike: Gates, log_no_spike: Gates, uniform: Gates, sharpness: float
) -> Gates:
    """Hard gates whose gradient is that of the binary concrete (Jang, Gu & Poole 2017)."""
    soft = concrete(log_spike, log_no_spike, uniform, sharpness)
    return (soft > 0.5).to(soft.dtype) + (soft - soft.detach())


RELAXATIONS: dict[str, Callable[[Gates, Gates, Gates, float], Gates]] = choices.implementing(
    choices.RELAXATIONS,
    {
        "scaled_sigmoid": scaled_sigmoid,
        "concrete": concrete,
        "straight_through": straight_through,
        "straight_through_concrete": straight_through_concrete,
    },
)
