"""The precision of matrix products in training; all else stays as it is."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import Tensor


@contextmanager
def products_in(precision: str, device: str) -> Iterator[None]:
    """Products in `float32`, in `tf32` (on GPUs that have it) or in `bfloat16`, for one step.

    For one step only: autocast keeps the rounded weights until it ends.
    """
    if precision == "bfloat16":
        with torch.autocast(device, torch.bfloat16):
            yield
    elif precision == "tf32":
        before = torch.get_float32_matmul_precision()
        torch.set_float32_matmul_precision("high")
        try:
            yield
        finally:
            torch.set_float32_matmul_precision(before)
    else:
        yield


def at_least_float32(values: Tensor) -> Tensor:
    """float32 where products were in bfloat16: sums of hundreds of likelihoods need it."""
    return values.float() if values.dtype == torch.bfloat16 else values
