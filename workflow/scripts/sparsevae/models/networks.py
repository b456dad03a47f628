"""Encoder and decoder bodies, with weights drawn from an explicit generator.

`mlp` is the paper's: one hidden layer with ReLU (more by `hidden`). `conv` is the course project's:
three convolutions of 16, 32 and 64 channels, the last one as large as the map that it sees.
Inputs and outputs are flat, (B, D), whatever the body.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn

from sparsevae.models.transposed_convolution import TransposedConvolution
from sparsevae.study import choices
from sparsevae.study.settings import Network


class MlpEncoder(nn.Module):
    """D -> hidden -> ... with ReLU; `features` is the size of what comes out."""

    def __init__(self, shape: tuple[int, ...], network: Network):
        super().__init__()
        sizes = [math.prod(shape), *network.hidden]
        self.layers = nn.Sequential(*_with_relu(sizes))
        self.features = sizes[-1]

    def forward(self, inputs: Float[Tensor, "batch inputs"]) -> Float[Tensor, "batch features"]:
        """Features of flat inputs."""
        return self.layers(inputs)


class MlpDecoder(nn.Module):
    """latents -> hidden (reversed) -> `heads` outputs of D each."""

    def __init__(self, shape: tuple[int, ...], network: Network, latent_dim: int, heads: int):
        super().__init__()
        sizes = [latent_dim, *reversed(network.hidden)]
        self.layers = nn.Sequential(*_with_relu(sizes))
        self.heads = nn.ModuleList(nn.Linear(sizes[-1], math.prod(shape)) for _ in range(heads))

    @property
    def latent_layers(self) -> list[nn.Linear]:
        """The layers that read the latents: the first one, or without hidden ones every head."""
        return [self.layers[0]] if len(self.layers) else list(self.heads)

    def forward(
        self, latents: Float[Tensor, "*sample latents"]
    ) -> list[Float[Tensor, "*sample outputs"]]:
        """One flat output of D values per head."""
        hidden = self.layers(latents)
        return [head(hidden) for head in self.heads]


class ConvEncoder(nn.Module):
    """Two convolutions of stride 2 and one as large as its map, which is a linear layer.

    Maps lie in memory with the channels last, which is how they are convolved fastest.
    """

    def __init__(self, shape: tuple[int, int, int], network: Network):
        super().__init__()
        self.shape = shape
        first, second, last = network.channels
        height, width = _sizes(shape)[-1]
        self.convolutions = nn.Sequential(
            nn.Conv2d(shape[0], first, 3, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(first, second, 3, stride=2, padding=1),
            nn.ReLU(),
        )
        self.last = nn.Sequential(nn.Linear(second * height * width, last), nn.ReLU())
        self.features = last

    def forward(self, inputs: Float[Tensor, "batch inputs"]) -> Float[Tensor, "batch features"]:
        """Features of flat inputs."""
        maps = inputs.reshape(-1, *self.shape).permute(0, 2, 3, 1).contiguous()
        maps = self.convolutions(maps.permute(0, 3, 1, 2))
        return self.last(maps.permute(0, 2, 3, 1).flatten(1))


class ConvDecoder(nn.Module):
    """The encoder mirrored, for any image size."""

    def __init__(self, shape: tuple[int, int, int], network: Network, latent_dim: int, heads: int):
        super().__init__()
        first, second, last = network.channels
        full, half, quarter = _sizes(shape)
        self.map = (*quarter, second)
        self.features = math.prod(shape)
        self.expand = nn.Sequential(
            nn.Linear(latent_dim, last), nn.ReLU(), nn.Linear(last, math.prod(self.map)), nn.ReLU()
        )
        # Output padding where a size is even, since a stride of 2 rounds up.
        even = tuple(1 - size % 2 for size in half)
        self.upsample = nn.Sequential(
            nn.ConvTranspose2d(second, first, 3, stride=2, padding=1, output_padding=even),
            nn.ReLU(),
        )
        self.heads = nn.ModuleList(
            TransposedConvolution(first, shape[0], full) for _ in range(heads)
        )

    @property
    def latent_layers(self) -> list[nn.Linear]:
        """The layer that reads the latents, in a list as that of the MlpDecoder."""
        return [self.expand[0]]

    def forward(
        self, latents: Float[Tensor, "*sample latents"]
    ) -> list[Float[Tensor, "*sample outputs"]]:
        """One flat output of D values per head."""
        sample = latents.shape[:-1]
        maps = self.expand(latents.reshape(-1, latents.shape[-1])).reshape(-1, *self.map)
        maps = self.upsample(maps.permute(0, 3, 1, 2))
        # Named, not -1: no latent vectors at all decode to no pictures.
        return [head(maps).reshape(*sample, self.features) for head in self.heads]


ENCODERS = choices.implementing(choices.BODIES, {"mlp": MlpEncoder, "conv": ConvEncoder})
DECODERS = choices.implementing(choices.BODIES, {"mlp": MlpDecoder, "conv": ConvDecoder})


def initialise(module: nn.Module, generator: torch.Generator) -> None:
    """Xavier uniform weights and zero biases, as in the authors' code, drawn in a fixed order."""
    for parameter in module.parameters():
        with torch.no_grad():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter, generator=generator)
            else:
                parameter.zero_()


def _with_relu(sizes: Sequence[int]) -> list[nn.Module]:
    return [layer for a, b in pairwise(sizes) for layer in (nn.Linear(a, b), nn.ReLU())]


def _sizes(shape: tuple[int, int, int]) -> list[tuple[int, int]]:
    """Height and width of the maps at full, half and quarter resolution."""
    sizes = [shape[1:]]
    for _ in range(2):
        sizes.append(tuple((size + 1) // 2 for size in sizes[-1]))
    return sizes
