"""From what a model decodes to the bytes that figures show."""

import numpy as np
import torch
from jaxtyping import Float, UInt8
from torch import Tensor


def as_pictures(
    values: Float[Tensor, "*sample features"], shape: tuple[int, ...], peak: float
) -> UInt8[np.ndarray, "..."]:
    """uint8 pictures (*sample, C, H, W); `peak`, the largest input value, becomes 255."""
    scaled = (values / peak * 255).round().clamp(0, 255).to(torch.uint8)
    return scaled.reshape(*values.shape[:-1], *shape).cpu().numpy()
