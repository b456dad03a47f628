"""Layers as what JSON holds, with their weights packed, and back."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sparsevae.explorer.layers import Layer, Linear, Mean, Relu, Upsample
from sparsevae.explorer.packing import Packed, pack, unpack

Record = dict[str, Any]

FINEST = 3  # characters of what is small beside the weights: biases, codes


def to_record(layer: Layer, characters: int) -> Record:
    """One layer; `characters` is what each of its weights takes."""
    if isinstance(layer, Relu):
        return {"kind": "relu"}
    if isinstance(layer, Mean):
        return {"kind": "mean", "of": layer.of}
    packed = {
        "weight": pack(_array(layer.weight), characters),
        "bias": pack(_array(layer.bias.unsqueeze(0)), FINEST),
    }
    if isinstance(layer, Linear):
        return {"kind": "linear"} | packed
    return {"kind": "upsample", "size": list(layer.size), "to": list(layer.to)} | packed


def from_records(records: Sequence[Record]) -> list[Layer]:
    """The layers with the weights that the page has."""
    return [_from_record(record) for record in records]


def _from_record(record: Record) -> Layer:
    if record["kind"] == "relu":
        return Relu()
    if record["kind"] == "mean":
        return Mean(record["of"])
    weight, bias = _tensor(record["weight"]), _tensor(record["bias"]).squeeze(0)
    if record["kind"] == "linear":
        return Linear(weight, bias)
    return Upsample(weight, bias, tuple(record["size"]), tuple(record["to"]))


def _array(values: Tensor) -> np.ndarray:
    return values.cpu().numpy()


def _tensor(packed: Packed) -> Tensor:
    return torch.from_numpy(unpack(packed))
