"""From a dataset's bytes to what a model sees: flat float32 rows, in memory, on the device."""

from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float, Shaped
from torch import Tensor

from sparsevae.data.split import Split
from sparsevae.jobs.seeding import numpy_generator


@dataclass(frozen=True)
class Rows:
    """Samples as flat float32 rows, with the shape that each had."""

    values: Float[Tensor, "samples features"]
    shape: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.values)


def rows(split: Split, scale: str, device: str = "cpu", limit: int | None = None) -> Rows:
    """Return the first `limit` samples of a split, or all, as a model receives them."""
    pixels = split.inputs[:limit]
    values = torch.from_numpy(pixels.reshape(len(pixels), -1)).to(device)
    return Rows(normed(as_float(values), scale), tuple(pixels.shape[1:]))


def as_float(values: Shaped[Tensor, "samples features"]) -> Float[Tensor, "samples features"]:
    """Return float32: uint8 / 255, other numbers as they are."""
    return values.float() / 255 if values.dtype == torch.uint8 else values.float()


def normed(
    values: Float[Tensor, "samples features"], scale: str
) -> Float[Tensor, "samples features"]:
    """`unit_interval`: as they are; `unit_norm`: each row divided by its L2 norm (the authors')."""
    if scale == "unit_norm":
        return values / values.norm(dim=1, keepdim=True).clamp_min(1e-12)
    return values


def train_validation(n: int, fraction: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Indices of the train and of the validation samples, by seed; both in ascending order."""
    shuffled = numpy_generator(seed, "split").permutation(n)
    n_validation = round(n * fraction)
    return np.sort(shuffled[n_validation:]), np.sort(shuffled[:n_validation])


def held_out(train: Split, fraction: float, seed: int, limit: int | None = None) -> Split | None:
    """Return the validation samples among the first `limit` of a training set; None if none are."""
    n = len(train.inputs[:limit])
    chosen = train_validation(n, fraction, seed)[1]
    return train.samples(chosen) if len(chosen) else None
