"""What a model makes of images, of images with noise, and of the pseudo-inputs of its prior."""

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.models.base import GenerativeModel, Model

NOISE_STD = 0.3  # of the largest input value


def reconstruct(
    model: Model, inputs: Float[Tensor, "batch features"]
) -> Float[Tensor, "batch features"]:
    """Return the mean of p(x|z) at z = E[z|x]."""
    return model.decode(model.encode(inputs).mean).mean


def add_noise(
    inputs: Float[Tensor, "batch features"], generator: torch.Generator
) -> Float[Tensor, "batch features"]:
    """Return the inputs with Gaussian noise on every feature, clamped to their range."""
    peak = inputs.max()
    noise = torch.empty_like(inputs).normal_(generator=generator)
    return (inputs + NOISE_STD * peak * noise).clamp(0, float(peak))


def decode_components(model: GenerativeModel) -> Float[Tensor, "components features"]:
    """Return the mean of p(x|z) at the mean of each component of the prior, E[z|x_u]."""
    return model.decode(model.prior_distribution().components.mean).mean
