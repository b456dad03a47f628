"""Pictures and what a model makes of them, with and without noise."""

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.models.base import Model

NOISE_STD = 0.3  # of the largest input value


def reconstruct(
    model: Model, inputs: Float[Tensor, "batch features"]
) -> Float[Tensor, "batch features"]:
    """Mean of p(x|z) at z = E[z|x]."""
    return model.decode(model.codes(inputs)).mean


def add_noise(
    inputs: Float[Tensor, "batch features"], generator: torch.Generator
) -> Float[Tensor, "batch features"]:
    """Gaussian noise on every feature, clamped to the range of the inputs."""
    peak = inputs.max()
    noise = torch.empty_like(inputs).normal_(generator=generator)
    return (inputs + NOISE_STD * peak * noise).clamp(0, float(peak))
