"""The ways from x as ONNX graphs: to the code, and on to the reconstruction."""

import copy
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import onnx
import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.data.inputs import normed
from sparsevae.data.scaling import Scaling
from sparsevae.distributions.noise import torch_generator
from sparsevae.explorer.encoder_record import SPIKE_BOUNDS
from sparsevae.explorer.layers import (
    UnknownDecoder,
    decoder_layers,
    encoder_layers,
    head_layers,
)
from sparsevae.explorer.onnx_graph import (
    N_CHECKED,
    OUTPUT,
    Graph,
    add_decoder,
    refuse_different,
    run_onnx,
)
from sparsevae.models.autoencoder import Autoencoder
from sparsevae.models.base import Model
from sparsevae.models.sparse.topk import TopK
from sparsevae.models.vae import VAE
from sparsevae.models.vsc import VSC

INPUT, CODES = "inputs", "codes"
# A spike this near to 0.5 may be on in one program and off in another, by rounding.
UNDECIDED = 1e-4


@dataclass(frozen=True)
class Exported:
    """A model and what comes before and after it.

    scale: `likelihood.inputs` of its settings; scaling: of the user's own data; name: of the run.
    """

    model: Model
    scale: str
    scaling: Scaling | None
    name: str

    def received(self, inputs: Float[Tensor, "batch features"]) -> Float[Tensor, "batch features"]:
        """Return x in the data's units as the model receives it."""
        values = inputs if self.scaling is None else self.scaling.scaled(inputs)
        return normed(values, self.scale)


def encoder_graph(exported: Exported, about: Mapping[str, str]) -> onnx.ModelProto:
    """From `inputs` (batch, *shape) to `codes` (batch, latents), both float32.

    Pixels are in [0, 1]. Codes are those of `Model.sparse_code`, with exact zeros; about: what is
    written into the file as its metadata.
    """
    graph = Graph(INPUT)
    _add_encoder(graph, exported)
    model = exported.model
    return graph.model("encoder", {INPUT: model.shape}, {CODES: (model.latent_dim,)}, about)


def autoencoder_graph(exported: Exported, about: Mapping[str, str]) -> onnx.ModelProto:
    """From `inputs` to `codes` and to `mean`, E[x|z] at the code (batch, *shape)."""
    graph, model = Graph(INPUT), exported.model
    _add_encoder(graph, exported)
    add_decoder(graph, decoder_layers(model, exported.name), model.shape, exported.scaling)
    outputs = {CODES: (model.latent_dim,), OUTPUT: model.shape}
    return graph.model("autoencoder", {INPUT: model.shape}, outputs, about)


@torch.no_grad()
def check_codes(content: bytes, exported: Exported) -> float:
    """Return the largest difference in a code between onnxruntime and PyTorch in float64.

    Over inputs drawn uniformly from [0, 1]; spikes that are UNDECIDED do not count. Raise
    DifferentDecoder.
    """
    model = copy.deepcopy(exported.model).double().eval()
    noise = torch_generator(1, "onnx")
    drawn = torch.rand(N_CHECKED, *model.shape, generator=noise)
    if exported.scaling is not None:
        drawn = exported.scaling.unscaled(drawn.flatten(1)).reshape(drawn.shape)
    (codes,) = run_onnx(content, {INPUT: drawn.numpy()}, [CODES])
    posterior = model.encode(exported.received(drawn.flatten(1).double()))
    apart = np.abs(codes - posterior.sparse_code.numpy())
    if posterior.spike_prob is not None:
        apart[((posterior.spike_prob - 0.5).abs() < UNDECIDED).numpy()] = 0
    return refuse_different(float(apart.max()), "codes", exported.name)


def _add_encoder(graph: Graph, exported: Exported) -> None:
    """Add the nodes from x to the output `codes`."""
    model, scaling = exported.model, exported.scaling
    if not isinstance(model, Autoencoder | VAE | VSC):
        raise UnknownDecoder(
            f"{exported.name}: the codes of this family have no ONNX graph; encode with "
            "sparsevae.load or `snakemake codes`"
        )
    graph.reshape(-1, int(np.prod(model.shape)))
    if scaling is not None:
        graph.add("Sub", graph.last, graph.constant(np.array(scaling.offset, np.float32)))
        graph.add("Div", graph.last, graph.constant(np.array(scaling.factor, np.float32)))
        if scaling.kind == "unit_interval":
            ends = (graph.constant(np.array(end, np.float32)) for end in (0, 1))
            graph.add("Clip", graph.last, *ends)
    if exported.scale == "unit_norm":
        rows = graph.last
        norm = graph.add("ReduceL2", rows, axes=[1], keepdims=1)
        smallest = graph.constant(np.array(1e-12, np.float32))
        graph.add("Div", rows, graph.add("Max", norm, smallest))
    graph.layers(encoder_layers(model, exported.name))
    heads, features = head_layers(model), graph.last
    graph.layers([heads["mean"]])
    if isinstance(model, VSC):
        mean, graph.last = graph.last, features
        graph.layers([heads["spike"]])
        bound = SPIKE_BOUNDS[model.spike.head]
        on = graph.add("Greater", graph.last, graph.constant(np.array(bound, np.float32)))
        graph.add("Where", on, mean, graph.constant(np.array(0, np.float32)))
    elif isinstance(model, TopK):
        _add_largest(graph, model.kept)
    graph.call(CODES)


def _add_largest(graph: Graph, kept: int) -> None:
    """Keep the largest positive values of a row, with exact zeros elsewhere."""
    positive = graph.add("Relu", graph.last)
    largest = graph.add("TopK", positive, graph.constant(np.array([kept], np.int64)))
    where = f"{largest}_indices"
    graph.nodes[-1].output.append(where)
    zeros = graph.add("Mul", positive, graph.constant(np.array(0, np.float32)))
    graph.add("ScatterElements", zeros, where, largest, axis=1)
