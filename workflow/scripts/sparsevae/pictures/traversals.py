"""What changes when one latent is moved and the others stay."""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from sparsevae.models.activity import activity
from sparsevae.models.base import GenerativeModel, Model

N_TRAVERSED = 6
TRAVERSAL_VALUES = np.linspace(-3, 3, 9, dtype=np.float32)


def most_active(codes: Float[Tensor, "samples latent"]) -> Int[Tensor, "latents"]:
    """The latents whose E[z|x] varies most over the samples, most active first; at most six."""
    return activity(codes).argsort(descending=True, stable=True)[:N_TRAVERSED]


def traversal_positions(
    model: Model, codes: Float[Tensor, "samples latent"], latents: Int[Tensor, "latents"]
) -> Float[Tensor, "latents steps"]:
    """Where each latent is moved to: TRAVERSAL_VALUES, as priors are of unit scale.

    An autoencoder's latents have no scale: they move by as many standard deviations of their codes.
    """
    values = torch.from_numpy(TRAVERSAL_VALUES).to(codes)
    if isinstance(model, GenerativeModel):
        return values.expand(len(latents), -1)
    moved = codes[:, latents]
    return moved.mean(0).unsqueeze(-1) + moved.std(0).unsqueeze(-1) * values


def traverse(
    model: Model,
    code: Float[Tensor, "latent"],
    latents: Int[Tensor, "latents"],
    positions: Float[Tensor, "latents steps"],
) -> Float[Tensor, "latents steps features"]:
    """Decodes `code` with one latent at a time set to each of its positions."""
    moved = code.repeat(*positions.shape, 1)
    for row, latent in enumerate(latents.tolist()):
        moved[row, :, latent] = positions[row]
    return model.decode(moved).mean
