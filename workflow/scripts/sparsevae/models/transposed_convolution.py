"""A transposed convolution to few channels: kernel 3, stride 2, padding 1.

As a matrix product whose outputs are windows, added where they overlap, its forward pass takes half
the time of the library's for the one channel of a grey image; its gradients are the library's.
"""

from typing import Any

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn


class TransposedConvolution(nn.Module):
    """As nn.ConvTranspose2d(inputs, outputs, 3, stride=2, padding=1), with the output padding that
    gives maps of `size` (height, width)."""

    def __init__(self, inputs: int, outputs: int, size: tuple[int, int]):
        super().__init__()
        self.size = size
        self.weight = nn.Parameter(torch.empty(inputs, outputs, 3, 3))
        self.bias = nn.Parameter(torch.empty(outputs))

    def forward(
        self, maps: Float[Tensor, "batch inputs half_height half_width"]
    ) -> Float[Tensor, "batch outputs height width"]:
        """The maps at twice the resolution."""
        return _Transposed.apply(maps, self.weight, self.bias, self.size)


def overlap(
    windows: Float[Tensor, "batch half_height half_width outputs 3 3"], size: tuple[int, int]
) -> Float[Tensor, "batch outputs height width"]:
    """The sum of windows where they lie on a map of `size`, one around every second pixel."""
    batch, half_height, half_width, outputs = windows.shape[:4]
    padded = windows.new_zeros(batch, outputs, 2 * half_height + 1, 2 * half_width + 1)
    parts = windows.permute(4, 5, 0, 3, 1, 2)
    for row in range(3):
        for column in range(3):
            rows = slice(row, row + 2 * half_height, 2)
            columns = slice(column, column + 2 * half_width, 2)
            padded[:, :, rows, columns] += parts[row, column]
    return padded[:, :, 1 : size[0] + 1, 1 : size[1] + 1]


class _Transposed(torch.autograd.Function):
    generate_vmap_rule = True

    @staticmethod
    def forward(maps: Tensor, weight: Tensor, bias: Tensor, size: tuple[int, int]) -> Tensor:
        windows = F.linear(maps.permute(0, 2, 3, 1), weight.flatten(1).T)
        return overlap(windows.unflatten(-1, weight.shape[1:]), size) + bias[:, None, None]

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: Tensor) -> None:
        maps, weight, _, _ = inputs
        ctx.save_for_backward(maps, weight)

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor, None]:
        maps, weight = ctx.saved_tensors
        outputs = [weight.shape[1]]
        padding = [1 - size % 2 for size in gradient.shape[2:]]
        of_inputs, of_weight, of_bias = torch.ops.aten.convolution_backward(
            gradient, maps, weight, outputs, [2, 2], [1, 1], [1, 1], True, padding, 1, [True] * 3
        )
        return of_inputs, of_weight, of_bias, None
