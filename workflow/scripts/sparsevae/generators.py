"""torch's generators, one for each purpose (seeding.py)."""

import torch

from sparsevae.seeding import derive_seed


def torch_generator(seed: int, *purpose: str | int, device: str = "cpu") -> torch.Generator:
    """A generator for one purpose, for example `torch_generator(1, "order", epoch)`."""
    return torch.Generator(device=device).manual_seed(derive_seed(seed, *purpose))
