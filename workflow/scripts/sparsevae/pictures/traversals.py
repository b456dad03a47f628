"""What changes when latents are moved: one at a time, or both of a plane."""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from sparsevae.models.activity import activity
from sparsevae.models.base import GenerativeModel, Model

N_TRAVERSED, N_LARGEST = 6, 3
TRAVERSAL_VALUES = np.linspace(-3, 3, 9, dtype=np.float32)
# The course project's grid: -2 to 2 in ten steps, both ways.
GRID_VALUES = np.linspace(-2, 2, 10, dtype=np.float32)


def most_active(codes: Float[Tensor, "samples latent"]) -> Int[Tensor, "latents"]:
    """Return the latents whose E[z|x] varies most, most active first; at most six."""
    return activity(codes).argsort(descending=True, stable=True)[:N_TRAVERSED]


def largest_elements(code: Float[Tensor, "latent"]) -> Int[Tensor, "_"]:
    """Return the latents of largest |code|, largest first: at most three, none that is exactly 0.

    As in De la Fuente & Aduviri's report.
    """
    order = code.abs().argsort(descending=True, stable=True)
    return order[: min(N_LARGEST, int(torch.count_nonzero(code)))]


def traversal_positions(
    model: Model, codes: Float[Tensor, "samples latent"], latents: Int[Tensor, "latents"]
) -> Float[Tensor, "latents steps"]:
    """Return where each latent is moved to: TRAVERSAL_VALUES, as priors are of unit scale.

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
    """Decode `code` with one latent at a time set to each of its positions."""
    moved = code.repeat(*positions.shape, 1)
    for row, latent in enumerate(latents.tolist()):
        moved[row, :, latent] = positions[row]
    return model.decode(moved).mean


def latent_grid(model: Model) -> Float[Tensor, "rows columns features"]:
    """Decode the plane of two latents; columns are the first latent, rows the second, upwards."""
    values = torch.from_numpy(GRID_VALUES).to(next(model.parameters()).device)
    second, first = torch.meshgrid(values.flip(0), values, indexing="ij")
    return model.decode(torch.stack([first, second], -1)).mean
