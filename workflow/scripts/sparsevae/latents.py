"""Pictures of what a trained model does: reconstructions, prior samples, traversals, grids."""

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from sparsevae.data.dataset import Split
from sparsevae.inputs import rows
from sparsevae.metrics.sparsity import activity
from sparsevae.models.model import GenerativeModel, Model
from sparsevae.seeding import torch_generator

N_PICTURES = 10
N_PRIOR_SAMPLES = 32
N_TRAVERSED = 6
NOISE_STD = 0.3
# The course project's grid: -2 to 2 in ten steps, both ways.
GRID_VALUES = np.linspace(-2, 2, 10, dtype=np.float32)
TRAVERSAL_VALUES = np.linspace(-3, 3, 9, dtype=np.float32)


@torch.no_grad()
def render(model: Model, test: Split) -> dict[str, np.ndarray]:
    """The arrays of pictures.npz (docs/design.md)."""
    model.eval()
    device = next(model.parameters()).device
    data = rows(test, model.config.likelihood.inputs, str(device), limit=2000)
    originals = data.values[:N_PICTURES]
    noise = torch_generator(model.config.seed, "pictures", device=device.type)
    noisy = originals + NOISE_STD * originals.max() * torch.empty_like(originals).normal_(
        generator=noise
    )
    noisy = noisy.clamp(0, float(originals.max()))
    arrays = {
        "originals": originals,
        "reconstructions": reconstruct(model, originals),
        "noisy": noisy,
        "noisy_reconstructions": reconstruct(model, noisy),
    }
    if isinstance(model, GenerativeModel):
        arrays["prior_samples"] = model.decode(model.sample_prior(N_PRIOR_SAMPLES, noise)).mean
    codes = model.codes(data.values)
    traversed = activity(codes).argsort(descending=True, stable=True)[:N_TRAVERSED]
    values = torch.from_numpy(TRAVERSAL_VALUES).to(device)
    positions = traversal_positions(model, codes, traversed, values)
    arrays["traversals"] = traverse(model, codes[0], traversed, positions)
    peak = float(data.values.max())
    pictures = {name: as_pictures(array, data.shape, peak) for name, array in arrays.items()}
    pictures["traversal_latents"] = traversed.cpu().numpy()
    pictures["traversal_values"] = TRAVERSAL_VALUES
    if model.config.latent_dim == 2:
        pictures["latent_grid"] = as_pictures(latent_grid(model), data.shape, peak)
        pictures["latent_grid_values"] = GRID_VALUES
    return pictures


def reconstruct(
    model: Model, inputs: Float[Tensor, "batch features"]
) -> Float[Tensor, "batch features"]:
    """Mean of p(x|z) at z = E[z|x]."""
    return model.decode(model.codes(inputs)).mean


def traversal_positions(
    model: Model,
    codes: Float[Tensor, "samples latent"],
    latents: Int[Tensor, "latents"],
    values: Float[Tensor, "steps"],
) -> Float[Tensor, "latents steps"]:
    """Where each latent is moved to: the values themselves, as priors are of unit scale.

    An autoencoder's latents have no scale: they move by as many standard deviations of their codes.
    """
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


def latent_grid(model: Model) -> Float[Tensor, "rows columns features"]:
    """Decodes the plane of two latents; columns are the first latent, rows the second, upwards."""
    values = torch.from_numpy(GRID_VALUES).to(next(model.parameters()).device)
    second, first = torch.meshgrid(values.flip(0), values, indexing="ij")
    return model.decode(torch.stack([first, second], -1)).mean


def as_pictures(
    values: Float[Tensor, "*sample features"], shape: tuple[int, ...], peak: float
) -> np.ndarray:
    """uint8 pictures (*sample, C, H, W); `peak`, the largest input value, becomes 255."""
    scaled = (values / peak * 255).round().clamp(0, 255).to(torch.uint8)
    return scaled.reshape(*values.shape[:-1], *shape).cpu().numpy()
