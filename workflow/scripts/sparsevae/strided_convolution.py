"""Convolutions of kernel 3, stride 2 and padding 1 as matrix products, and their transposes.

A convolution is a linear layer on windows of the map; a transposed one is a linear layer whose
outputs are windows, added where they overlap. Gathering windows and adding them up are each other's
adjoint, so that each is the backward pass of the other. On the CPU, for maps as small as MNIST's,
this is several times as fast as the library's convolutions, which are made for larger ones.

Maps are (batch, height, width, channels): a window is then three runs of memory.
"""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

KERNEL, STRIDE = 3, 2


def halved(size: int) -> int:
    """What is left of a height or width after one layer: a stride of 2 rounds up."""
    return (size + 1) // 2


class Convolution(nn.Module):
    """As nn.Conv2d(inputs, outputs, 3, stride=2, padding=1), on maps with the channels last."""

    def __init__(self, inputs: int, outputs: int):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs, KERNEL, KERNEL))
        self.bias = nn.Parameter(torch.empty(outputs))

    def forward(
        self, maps: Float[Tensor, "batch height width inputs"]
    ) -> Float[Tensor, "batch half_height half_width outputs"]:
        """The maps at half the resolution."""
        weight = self.weight.permute(0, 2, 3, 1).flatten(1)
        return F.linear(_Windows.apply(maps), weight, self.bias)


class TransposedConvolution(nn.Module):
    """As nn.ConvTranspose2d(inputs, outputs, 3, stride=2, padding=1), with the output padding that
    gives maps of `size` (height, width)."""

    def __init__(self, inputs: int, outputs: int, size: tuple[int, int]):
        super().__init__()
        self.size = size
        self.weight = nn.Parameter(torch.empty(inputs, outputs, KERNEL, KERNEL))
        self.bias = nn.Parameter(torch.empty(outputs))

    def forward(
        self, maps: Float[Tensor, "batch half_height half_width inputs"]
    ) -> Float[Tensor, "batch height width outputs"]:
        """The maps at twice the resolution."""
        weight = self.weight.permute(2, 3, 1, 0).flatten(0, 2)
        return _Overlaps.apply(F.linear(maps, weight), self.size) + self.bias


def windows(
    maps: Float[Tensor, "batch height width channels"],
) -> Float[Tensor, "batch half_height half_width values"]:
    """The 3 x 3 windows around every second pixel, zeros outside; values are (3, 3, channels)."""
    batch, height, width, channels = maps.shape
    padded = F.pad(maps, (0, 0, 1, 1, 1, 1))
    unfolded = padded.unfold(1, KERNEL, STRIDE).unfold(2, KERNEL, STRIDE)
    values = KERNEL * KERNEL * channels
    return unfolded.permute(0, 1, 2, 4, 5, 3).reshape(batch, halved(height), halved(width), values)


def overlap(
    values: Float[Tensor, "batch half_height half_width values"], size: tuple[int, int]
) -> Float[Tensor, "batch height width channels"]:
    """The sum of windows where they lie on a map of `size`: the adjoint of `windows`."""
    batch, half_height, half_width, count = values.shape
    parts = values.view(batch, half_height, half_width, KERNEL, KERNEL, count // KERNEL**2)
    padded = values.new_zeros(batch, size[0] + 2, size[1] + 2, parts.shape[-1])
    for row in range(KERNEL):
        for column in range(KERNEL):
            rows = slice(row, row + STRIDE * half_height, STRIDE)
            columns = slice(column, column + STRIDE * half_width, STRIDE)
            padded[:, rows, columns] += parts[:, :, :, row, column]
    return padded[:, 1:-1, 1:-1]


class _Windows(torch.autograd.Function):
    @staticmethod
    def forward(ctx, maps: Tensor) -> Tensor:
        ctx.size = maps.shape[1:3]
        return windows(maps)

    @staticmethod
    def backward(ctx, gradient: Tensor) -> Tensor:
        return overlap(gradient.contiguous(), ctx.size)


class _Overlaps(torch.autograd.Function):
    @staticmethod
    def forward(ctx, values: Tensor, size: tuple[int, int]) -> Tensor:
        return overlap(values, size)

    @staticmethod
    def backward(ctx, gradient: Tensor) -> tuple[Tensor, None]:
        return windows(gradient), None
