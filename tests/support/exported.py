"""What the explorer's page reads, read by other means."""

import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sparsevae.explorer.layers import Downsample, EncoderLayer, Layer, Linear, Mean, Relu, Upsample

START, END = "sparsevae.take(", ");\n"


def parse(line: str) -> tuple[str, Any]:
    """Name and value of a data file."""
    assert line.startswith(START)
    assert line.endswith(END)
    name, value = json.loads(f"[{line[len(START) : -len(END)]}]")
    return name, value


def read(file: Path) -> Any:
    """The value of a data file, which has the file's name."""
    name, value = parse(file.read_text(encoding="utf-8"))
    assert name == file.stem
    return value


def unpack(packed: dict[str, Any]) -> np.ndarray:
    """float32, the bits that the page gets: as they are, or steps times the scale of the row."""
    if "values" in packed:
        return np.frombuffer(base64.b64decode(packed["values"]), "<f4").reshape(packed["shape"])
    steps = np.frombuffer(base64.b64decode(packed["steps"]), dtype="<i2")
    rows = steps.reshape(packed["shape"][0], -1) * np.array(packed["scales"])[:, None]
    return rows.astype(np.float32).reshape(packed["shape"])


def layer_of(record: dict[str, Any]) -> Layer | EncoderLayer:
    """A layer with the weights that the page has."""
    if record["kind"] == "relu":
        return Relu()
    if record["kind"] == "mean":
        return Mean(record["of"])
    weight, bias = (torch.tensor(unpack(record[name])) for name in ("weight", "bias"))
    if record["kind"] == "linear":
        return Linear(weight, bias[0])
    if record["kind"] == "downsample":
        return Downsample(weight, bias[0], tuple(record["size"]))
    return Upsample(weight, bias[0], tuple(record["size"]), tuple(record["to"]))
