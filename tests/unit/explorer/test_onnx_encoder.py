"""The graphs that begin with x encode as the model, in onnxruntime, which shares no code."""

import numpy as np
import onnxruntime
import pytest
import torch
from sparsevae.data.scaling import Scaling
from sparsevae.explorer.onnx_encoder import (
    Exported,
    autoencoder_graph,
    check_codes,
    encoder_graph,
)
from sparsevae.explorer.onnx_graph import DifferentDecoder, serialised
from sparsevae.models.base import Model

CONV = {"body": "conv", "channels": [3, 4, 5]}
PIXELS = np.random.default_rng(3).random((40, 105), dtype=np.float32)


def session(content: bytes) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])


@torch.no_grad()
def half_open(model: Model, rows: torch.Tensor) -> None:
    """Shift the spikes of a model so that each is on for about half of the rows."""
    middle = model.posterior_parameters(rows)["spike"].median(0).values
    bound = {"sigmoid": 0.0, "clipped": np.log(0.5)}[model.spike.head]
    model.get_parameter("heads.spike.bias").sub_(middle - bound + 1e-3)


@pytest.mark.parametrize("scale", ["unit_interval", "unit_norm"])
@pytest.mark.parametrize(
    ("family", "settings"),
    [
        ("ae", {}),
        ("topk", {"support": {"kept": 1}}),
        ("vae", {}),
        ("vsc", {}),
        ("vsc", {"spike": {"head": "clipped"}}),
    ],
)
@pytest.mark.parametrize(
    ("shape", "network"), [((7,), {}), ((1, 7, 5), CONV), ((3, 7, 5), CONV), ((1, 8, 4), CONV)]
)
def test_onnxruntime_encodes_as_the_model(tiny_model, shape, network, family, settings, scale):
    model = tiny_model(family, shape, network=network, **settings).float().eval()
    x = PIXELS[:, : int(np.prod(shape))].reshape(40, *shape)
    rows = torch.from_numpy(x.reshape(40, -1)).double()
    rows = rows / rows.norm(dim=1, keepdim=True) if scale == "unit_norm" else rows
    if family == "vsc":
        half_open(model, rows.float())
    content = serialised(encoder_graph(Exported(model, scale, None, "run"), {}))
    (codes,) = session(content).run(["codes"], {"inputs": x})

    expected = model.double().encode(rows).sparse_code.detach().numpy()
    np.testing.assert_allclose(codes, expected, atol=1e-5)
    if family == "vsc":
        assert 0 < (codes == 0).mean() < 1  # both states of the spikes are compared
    assert check_codes(content, Exported(model.float(), scale, None, "run")) < 1e-5


def test_both_in_one_file_reconstruct_as_the_model_in_the_units_of_the_data(tiny_model):
    model = tiny_model("vsc", (7,)).float().eval()
    scaling = Scaling("standard", (3.0,) * 7, (2.0,) * 7)
    content = serialised(autoencoder_graph(Exported(model, "unit_interval", scaling, "run"), {}))
    x = 5 * PIXELS[:, :7]
    codes, mean = session(content).run(["codes", "mean"], {"inputs": x})
    model = model.double()
    expected = model.encode((torch.from_numpy(x).double() - 3) / 2).sparse_code
    np.testing.assert_allclose(codes, expected.detach().numpy(), atol=1e-5)
    pictures = 3 + 2 * model.decode(expected).mean
    np.testing.assert_allclose(mean, pictures.detach().numpy(), atol=1e-5)


def test_a_graph_of_another_encoder_is_refused_in_one_line(tiny_model):
    model = tiny_model("vae").float()
    content = serialised(encoder_graph(Exported(model, "unit_interval", None, "run"), {}))
    model.get_parameter("heads.mean.bias").data += 1e-3
    with pytest.raises(DifferentDecoder, match=r"^digits/vae: onnxruntime's codes differ .*\.py$"):
        check_codes(content, Exported(model, "unit_interval", None, "digits/vae"))
