"""Where random numbers come from: one generator for each purpose, and the noise of draws."""

import torch
from torch import Tensor

from sparsevae.jobs.seeding import derive_seed


def torch_generator(seed: int, *purpose: str | int, device: str = "cpu") -> torch.Generator:
    """Return a generator for one purpose, for example `torch_generator(1, "order", epoch)`."""
    return torch.Generator(device=device).manual_seed(derive_seed(seed, *purpose))


def normal_like(values: Tensor, noise: torch.Generator) -> Tensor:
    """Draw from N(0, 1), in the shape of `values`."""
    return torch.empty_like(values).normal_(generator=noise)


def uniform_like(values: Tensor, noise: torch.Generator) -> Tensor:
    """Draw uniformly from (0, 1), both ends excluded, in the shape of `values`."""
    # The open interval: 0 and 1 have no logit.
    tiny = torch.finfo(values.dtype).eps
    return torch.empty_like(values).uniform_(tiny, 1 - tiny, generator=noise)
