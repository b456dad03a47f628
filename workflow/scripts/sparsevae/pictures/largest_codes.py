"""The largest elements of one object's code (De la Fuente & Aduviri's report)."""

import torch
from jaxtyping import Float, Int
from torch import Tensor

N_LARGEST = 3


def largest_elements(code: Float[Tensor, "latent"]) -> Int[Tensor, "_"]:
    """The latents of largest |code|, largest first: at most three, and none that is exactly 0."""
    order = code.abs().argsort(descending=True, stable=True)
    return order[: min(N_LARGEST, int(torch.count_nonzero(code)))]
