"""A decoder as an ONNX graph, node by node from its layers, and whether it decodes the same.

onnx_encoder.py has the graphs that begin with x.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import onnx
import onnxruntime
import torch
from jaxtyping import Float
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor

from sparsevae.data.scaling import Scaling
from sparsevae.distributions.noise import torch_generator
from sparsevae.explorer.layers import (
    Downsample,
    EncoderLayer,
    Layer,
    Layers,
    Linear,
    Relu,
    Upsample,
    decode,
)
from sparsevae.jobs.errors import UserError

# Old enough for runtimes of 2022; nothing here needs a newer one.
OPSET, IR_VERSION = 17, 8
INPUT, OUTPUT = "latents", "mean"
TOLERANCE = 1e-5
N_CHECKED = 64

Shapes = Mapping[str, tuple[int, ...]]


class DifferentDecoder(UserError):
    """A graph that does not decode as the model that it was made of."""


class Graph:
    """Nodes in a row: each reads what the one before has made, the first one `start`."""

    def __init__(self, start: str) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.last = start

    def constant(self, values: Tensor | np.ndarray) -> str:
        """Add a constant and return its name."""
        array = values.cpu().numpy() if isinstance(values, Tensor) else values
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, operator: str, *inputs: str, **attributes: int | list[int]) -> str:
        """Add a node and return the name of what it makes."""
        name = f"value_{len(self.nodes)}"
        # mypy takes the operator's attributes for make_node's own options, which are text.
        node = helper.make_node(operator, list(inputs), [name], name, **attributes)  # type: ignore[arg-type]
        self.nodes.append(node)
        self.last = name
        return name

    def reshape(self, *shape: int) -> None:
        """Give the last value another shape."""
        self.add("Reshape", self.last, self.constant(np.array(shape, dtype=np.int64)))

    def layers(self, layers: Sequence[Layer | EncoderLayer]) -> None:
        """Add the nodes of layers."""
        for layer in layers:
            _add(self, layer)

    def call(self, name: str) -> None:
        """Give the last value the name of an output."""
        self.add("Identity", self.last)
        self.nodes[-1].output[0] = self.last = name

    def model(
        self, name: str, inputs: Shapes, outputs: Shapes, about: Mapping[str, str]
    ) -> onnx.ModelProto:
        """Return the checked model; inputs, outputs: by name the shape of one sample, float32."""
        starts, ends = (
            [
                helper.make_tensor_value_info(end, TensorProto.FLOAT, ["batch", *shape])
                for end, shape in some.items()
            ]
            for some in (inputs, outputs)
        )
        model = helper.make_model(
            helper.make_graph(self.nodes, name, starts, ends, self.constants),
            opset_imports=[helper.make_opsetid("", OPSET)],
            ir_version=IR_VERSION,
            producer_name="sparsevae",
        )
        helper.set_model_props(model, dict(about))
        onnx.checker.check_model(model, full_check=True)
        return model


def graph_of(
    layers: Layers,
    latents: int,
    shape: tuple[int, ...],
    about: Mapping[str, str],
    scaling: Scaling | None = None,
) -> onnx.ModelProto:
    """From `latents` (batch, latents) to `mean`, E[x|z] (batch, *shape), both float32.

    about: what is written into the file as its metadata; scaling: of the user's own data, whose
    units `mean` has.
    """
    graph = Graph(INPUT)
    add_decoder(graph, layers, shape, scaling)
    return graph.model("decoder", {INPUT: (latents,)}, {OUTPUT: shape}, about)


def add_decoder(
    graph: Graph, layers: Layers, shape: tuple[int, ...], scaling: Scaling | None
) -> None:
    """Add the nodes from z to the output `mean`."""
    graph.layers(layers)
    if scaling is not None:
        graph.add("Mul", graph.last, graph.constant(np.array(scaling.factor, np.float32)))
        graph.add("Add", graph.last, graph.constant(np.array(scaling.offset, np.float32)))
    graph.reshape(-1, *shape)
    graph.call(OUTPUT)


def serialised(model: onnx.ModelProto) -> bytes:
    """The same bytes for the same graph."""
    return model.SerializeToString(deterministic=True)


def check(
    content: bytes, layers: Layers, latents: int, run: str, scaling: Scaling | None = None
) -> float:
    """The largest difference in a pixel between onnxruntime and PyTorch; raises DifferentDecoder.

    Over draws of N(0, 4) with a third of the latents at zero; PyTorch's are in float64.
    """
    drawn = _drawn(latents)
    (decoded,) = run_onnx(content, {INPUT: drawn.numpy()}, [OUTPUT])
    expected = decode(_in_float64(layers), drawn.double())
    if scaling is not None:
        expected = scaling.unscaled(expected)
    difference = float(np.abs(decoded.reshape(expected.shape) - expected.numpy()).max())
    return refuse_different(difference, "pixels", run)


def run_onnx(
    content: bytes, inputs: Mapping[str, np.ndarray], outputs: Sequence[str]
) -> list[np.ndarray]:
    """Return the outputs of a file's contents, by onnxruntime on one core."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])
    return session.run(list(outputs), dict(inputs))


def refuse_different(difference: float, what: str, run: str) -> float:
    """Return a difference. Raise DifferentDecoder if it is not within TOLERANCE."""
    if not difference <= TOLERANCE:
        raise DifferentDecoder(
            f"{run}: onnxruntime's {what} differ from PyTorch's by {difference:.2g}, and "
            f"{TOLERANCE:g} is allowed; see sparsevae/explorer/onnx_graph.py"
        )
    return difference


def _drawn(latents: int) -> Float[Tensor, "batch latents"]:
    noise = torch_generator(1, "onnx")
    values = 2 * torch.randn(N_CHECKED, latents, generator=noise)
    return values * (torch.rand(N_CHECKED, latents, generator=noise) > 1 / 3)


def _in_float64(layers: Layers) -> list[Layer]:
    return [
        replace(layer, weight=layer.weight.double(), bias=layer.bias.double())
        if isinstance(layer, Linear | Upsample)
        else layer
        for layer in layers
    ]


def _add(graph: Graph, layer: Layer | EncoderLayer) -> None:
    if isinstance(layer, Linear):
        graph.add("Gemm", graph.last, graph.constant(layer.weight), graph.constant(layer.bias))
    elif isinstance(layer, Relu):
        graph.add("Relu", graph.last)
    elif isinstance(layer, Downsample):
        _add_downsample(graph, layer)
    elif isinstance(layer, Upsample):
        _add_upsample(graph, layer)
    elif layer.of == "sigmoid":
        graph.add("Sigmoid", graph.last)
    else:
        _add_continuous_bernoulli(graph)


def _add_downsample(graph: Graph, layer: Downsample) -> None:
    outputs, inputs = layer.weight.shape[:2]
    graph.reshape(-1, inputs, *layer.size)
    weights = graph.constant(layer.weight), graph.constant(layer.bias)
    graph.add("Conv", graph.last, *weights, strides=[2, 2], pads=[1] * 4)
    graph.reshape(-1, outputs * math.prod((size + 1) // 2 for size in layer.size))


def _add_upsample(graph: Graph, layer: Upsample) -> None:
    inputs, outputs = layer.weight.shape[:2]
    graph.reshape(-1, inputs, *layer.size)
    weights = graph.constant(layer.weight), graph.constant(layer.bias)
    padding = list(layer.output_padding)
    graph.add(
        "ConvTranspose", graph.last, *weights, strides=[2, 2], pads=[1] * 4, output_padding=padding
    )
    graph.reshape(-1, outputs * math.prod(layer.to))


def _add_continuous_bernoulli(graph: Graph) -> None:
    """s(a) / tanh(a / 2) - 1 / a, whose terms cancel near a = 0; there its series.

    `likelihoods.py` changes to the line 1/2 + a / 12 at 0.01, which float32 does not have to 1e-5.
    """

    def number(value: float) -> str:
        return graph.constant(np.array(value, dtype=np.float32))

    logits = graph.last
    near = graph.add("Less", graph.add("Abs", logits), number(0.4))
    apart = graph.add("Where", near, number(1.0), logits)
    slope = graph.add("Tanh", graph.add("Mul", apart, number(0.5)))
    ratio = graph.add("Div", graph.add("Sigmoid", apart), slope)
    exact = graph.add("Sub", ratio, graph.add("Div", number(1.0), apart))
    square = graph.add("Mul", logits, logits)
    series = number(1 / 30240)
    for coefficient in (-1 / 720, 1 / 12):
        series = graph.add("Add", graph.add("Mul", series, square), number(coefficient))
    line = graph.add("Add", graph.add("Mul", series, logits), number(0.5))
    graph.add("Where", near, line, exact)
