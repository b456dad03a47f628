"""Encoders and decoders as lists of layers, for whoever runs them without this package: ONNX, the
page.

Each layer is a value that can be called on a batch of flat rows. Maps are flattened with the
channels first, as pictures are; the last layer of a decoder gives E[x|z]. After the layers of an
encoder's body each head of the posterior is one more Linear.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from sparsevae.distributions.likelihoods import ContinuousBernoulli
from sparsevae.jobs.errors import UserError
from sparsevae.models.base import Model
from sparsevae.models.networks import ConvDecoder, ConvEncoder, MlpDecoder, MlpEncoder
from sparsevae.study import choices


class UnknownDecoder(UserError):
    """An encoder or decoder that is no list of these layers."""


@dataclass(frozen=True)
class Linear:
    """x W + b; one row of W for each input."""

    weight: Float[Tensor, "inputs outputs"]
    bias: Float[Tensor, "outputs"]

    def __call__(self, values: Float[Tensor, "batch inputs"]) -> Float[Tensor, "batch outputs"]:
        return values @ self.weight + self.bias


@dataclass(frozen=True)
class Relu:
    """max(x, 0)."""

    def __call__(self, values: Float[Tensor, "batch inputs"]) -> Float[Tensor, "batch inputs"]:
        return values.relu()


@dataclass(frozen=True)
class Downsample:
    """A convolution: kernel 3, stride 2, padding 1, of maps of `size`."""

    weight: Float[Tensor, "outputs inputs 3 3"]
    bias: Float[Tensor, "outputs"]
    size: tuple[int, int]

    def __call__(self, values: Float[Tensor, "batch inputs"]) -> Float[Tensor, "batch outputs"]:
        maps = values.reshape(len(values), -1, *self.size)
        return F.conv2d(maps, self.weight, self.bias, 2, 1).flatten(1)


@dataclass(frozen=True)
class Upsample:
    """A transposed convolution: kernel 3, stride 2, padding 1, from maps of `size` to `to`."""

    weight: Float[Tensor, "inputs outputs 3 3"]
    bias: Float[Tensor, "outputs"]
    size: tuple[int, int]
    to: tuple[int, int]

    @property
    def output_padding(self) -> tuple[int, int]:
        """Rows and columns at the end that a stride of 2 leaves open: 0 or 1 of each."""
        height, width = (2 * a - 1 for a in self.size)
        return self.to[0] - height, self.to[1] - width

    def __call__(self, values: Float[Tensor, "batch inputs"]) -> Float[Tensor, "batch outputs"]:
        maps = values.reshape(len(values), -1, *self.size)
        padding = self.output_padding
        return F.conv_transpose2d(maps, self.weight, self.bias, 2, 1, padding).flatten(1)


@dataclass(frozen=True)
class Mean:
    """E[x|z] from a likelihood's logits, pixel by pixel."""

    of: Literal["sigmoid", "continuous_bernoulli"]

    def __call__(self, values: Float[Tensor, "batch pixels"]) -> Float[Tensor, "batch pixels"]:
        return values.sigmoid() if self.of == "sigmoid" else ContinuousBernoulli(values).mean


Layer = Linear | Relu | Upsample | Mean
Layers = Sequence[Layer]
EncoderLayer = Linear | Relu | Downsample

# The Gaussian's first head is the logit of its mean; its second, the variance, has no picture.
_MEANS: dict[str, Mean] = {
    "bernoulli": Mean("sigmoid"),
    "gaussian": Mean("sigmoid"),
    "continuous_bernoulli": Mean("continuous_bernoulli"),
}


def decoder_layers(model: Model, run: str) -> list[Layer]:
    """Return the layers from z to E[x|z]. Raise UnknownDecoder, which names the run."""
    mean = _mean(model, run)
    if isinstance(model.decoder, MlpDecoder):
        return [*_sequence(model.decoder.layers), _linear(model.decoder.heads[0]), *mean]
    if isinstance(model.decoder, ConvDecoder):
        return [*_convolutional(model.decoder, model.shape), *mean]
    raise _unknown(model, run)


def encoder_layers(model: Model, run: str) -> Sequence[EncoderLayer]:
    """Return the layers from x to the features that heads read. Raise UnknownDecoder."""
    _mean(model, run)
    if isinstance(model.encoder, MlpEncoder):
        return _sequence(model.encoder.layers)
    if isinstance(model.encoder, ConvEncoder):
        return _convolutional_encoder(model.encoder)
    raise _unknown(model, run)


def head_layers(model: Model) -> dict[str, Linear]:
    """Return the heads of the posterior by name, each from features to latents."""
    return {name: _linear(head) for name, head in model.heads.items()}


def _mean(model: Model, run: str) -> list[Mean]:
    """The last layer of a decoder; none where its output is the mean itself."""
    family = model.likelihood.family
    if family in choices.OF_COUNTS:
        raise UnknownDecoder(
            f"{run}: likelihood.family: {family} is not exported; decode with sparsevae.load"
        )
    linear = family == "gaussian" and model.likelihood.mean == "linear"
    return [] if linear else [_MEANS[family]]


def decode(layers: Layers, latents: Float[Tensor, "batch latent"]) -> Float[Tensor, "batch pixels"]:
    """E[x|z] by the layers, one after the other."""
    values = latents
    for layer in layers:
        values = layer(values)
    return values


def _unknown(model: Model, run: str) -> UnknownDecoder:
    return UnknownDecoder(
        f"{run}: network.body: {model.network.body} is no list of the layers that are exported; "
        "add it to sparsevae/explorer/layers.py"
    )


def _sequence(modules: nn.Sequential) -> list[Linear | Relu]:
    return [_linear(m) if isinstance(m, nn.Linear) else Relu() for m in modules]


def _weights(module: nn.Module) -> tuple[Tensor, Tensor]:
    """Weight and bias of a layer; the type of a container does not name those of its layers."""
    return module.get_parameter("weight").detach(), module.get_parameter("bias").detach()


def _linear(module: nn.Module) -> Linear:
    weight, bias = _weights(module)
    return Linear(weight.T.contiguous(), bias)


def _convolutional_encoder(encoder: ConvEncoder) -> list[EncoderLayer]:
    first, _, second, _ = encoder.convolutions
    full = encoder.shape[1], encoder.shape[2]
    half, quarter = (tuple((size + step - 1) // step for size in full) for step in (2, 4))
    last = _linear(encoder.last[0])
    channels = second.get_parameter("bias").shape[0]
    # The module reads the maps with the channels last, row by row of its weights.
    order = torch.arange(math.prod(quarter) * channels).reshape(*quarter, channels)
    rows = last.weight[order.permute(2, 0, 1).flatten()]
    return [
        Downsample(*_weights(first), full),
        Relu(),
        Downsample(*_weights(second), (half[0], half[1])),
        Relu(),
        Linear(rows.contiguous(), last.bias),
        Relu(),
    ]


def _convolutional(decoder: ConvDecoder, shape: tuple[int, ...]) -> list[Layer]:
    first, _, last, _ = decoder.expand
    height, width, channels = decoder.map
    # The module has the maps' channels last: its outputs in another order.
    order = torch.arange(math.prod(decoder.map)).reshape(height, width, channels)
    order = order.permute(2, 0, 1).flatten()
    maps = _linear(last)
    full = shape[1], shape[2]
    half = (full[0] + 1) // 2, (full[1] + 1) // 2
    return [
        _linear(first),
        Relu(),
        Linear(maps.weight[:, order].contiguous(), maps.bias[order]),
        Relu(),
        Upsample(*_weights(decoder.upsample[0]), (height, width), half),
        Relu(),
        Upsample(*_weights(decoder.heads[0]), half, full),
    ]
