"""The plane of two latents, decoded."""

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.models.base import Model

# The course project's grid: -2 to 2 in ten steps, both ways.
GRID_VALUES = np.linspace(-2, 2, 10, dtype=np.float32)


def latent_grid(model: Model) -> Float[Tensor, "rows columns features"]:
    """Decodes the plane of two latents; columns are the first latent, rows the second, upwards."""
    values = torch.from_numpy(GRID_VALUES).to(next(model.parameters()).device)
    second, first = torch.meshgrid(values.flip(0), values, indexing="ij")
    return model.decode(torch.stack([first, second], -1)).mean
