"""Pack arrays and layers into what JSON holds and a page unpacks with `atob`.

Weights become base64 of int16: each row in steps of 1/32767 of its largest absolute value, so that
a weight is off by at most half a step, 1.5e-5 of that value. Codes and biases are few and stay
float32.

Pixels are then off by 0.0002 of white at most, over the codes of 1,000 test images and 1,000 draws
from the prior of every model of the quick study. The file of an MNIST decoder with 200 latents and
400 hidden units, with 24 codes, has 1.1 MB (1.15 MB with 20 pseudo-inputs), and its encoder as
much again; with all numbers in float32 it would have twice as much.
"""

import base64
from typing import Any

import numpy as np
from jaxtyping import Float
from torch import Tensor

from sparsevae.explorer.layers import Downsample, EncoderLayer, Layer, Linear, Mean, Relu

LARGEST = np.iinfo(np.int16).max

Record = dict[str, Any]


def pack_rounded(values: Float[Tensor, "rows *columns"]) -> Record:
    """Return `shape`, `scales` (the size of a step, one a row) and `steps` (base64 of int16).

    Exact zeros stay exact.
    """
    rows = _array(values).reshape(len(values), -1).astype(np.float64)
    peaks = np.abs(rows).max(axis=1, initial=0.0)
    # Seven digits are as exact as a step has to be, and shorter.
    scales = np.array([float(f"{peak:.7g}") or 1.0 for peak in peaks / LARGEST])
    steps = np.rint(rows / scales[:, None]).astype("<i2")
    return {"shape": list(values.shape), "scales": scales.tolist(), "steps": _base64(steps)}


def pack_exact(values: Float[Tensor, "rows *columns"]) -> Record:
    """Return `shape` and `values` (base64 of float32)."""
    return {"shape": list(values.shape), "values": _base64(_array(values).astype("<f4"))}


def _array(values: Tensor) -> np.ndarray:
    return values.detach().cpu().numpy()


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")


def layer_record(layer: Layer | EncoderLayer) -> Record:
    """Return one layer as a mapping that names its kind; its weights are packed."""
    if isinstance(layer, Relu):
        return {"kind": "relu"}
    if isinstance(layer, Mean):
        return {"kind": "mean", "of": layer.of}
    packed = {
        "weight": pack_rounded(layer.weight),
        "bias": pack_exact(layer.bias.unsqueeze(0)),
    }
    if isinstance(layer, Linear):
        return {"kind": "linear"} | packed
    if isinstance(layer, Downsample):
        return {"kind": "downsample", "size": list(layer.size)} | packed
    return {"kind": "upsample", "size": list(layer.size), "to": list(layer.to)} | packed
