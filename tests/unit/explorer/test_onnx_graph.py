"""The graph decodes as the model, in onnxruntime, which shares no code with either."""

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from sparsevae.explorer.layers import Mean, decoder_layers
from sparsevae.explorer.onnx_graph import DifferentDecoder, check, graph_of, serialised

LATENTS = torch.linspace(-3, 3, 10).reshape(5, 2)
CONV = {"body": "conv", "channels": [3, 4, 5]}


@pytest.mark.parametrize("likelihood", ["bernoulli", "continuous_bernoulli", "gaussian"])
@pytest.mark.parametrize(
    ("shape", "network"), [((1, 1, 3), {}), ((7,), {}), ((3, 7, 10), CONV), ((1, 8, 8), CONV)]
)
def test_onnxruntime_decodes_as_the_model(tiny_model, shape, network, likelihood):
    model = tiny_model("vae", shape, network=network, likelihood={"family": likelihood}).float()
    content = serialised(graph_of(decoder_layers(model, "run"), 2, shape, {}))
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (decoded,) = session.run(["mean"], {"latents": LATENTS.numpy()})
    expected = model.double().decode(LATENTS.double()).mean.reshape(5, *shape).detach().numpy()
    np.testing.assert_allclose(decoded, expected, atol=1e-5)
    assert check(content, decoder_layers(model.float(), "run"), 2, "run") < 1e-5


def test_the_continuous_bernoulli_has_its_mean_near_zero():
    logits = torch.tensor([[0.0, 1e-3, -9e-3, 1.1e-2, 0.3, 0.5]])
    layers = [Mean("continuous_bernoulli")]
    content = serialised(graph_of(layers, 6, (6,), {}))
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (decoded,) = session.run(["mean"], {"latents": logits.numpy()})
    # Its density is C e^(a x) on [0, 1]: the mean by quadrature.
    x = (np.arange(20000) + 0.5) / 20000
    weights = np.exp(logits.numpy().astype(float).T * x)
    np.testing.assert_allclose(decoded[0], (weights @ x) / weights.sum(1), atol=2e-6)


def test_a_graph_of_another_model_is_refused_in_one_line(tiny_model):
    model = tiny_model("vae").float()
    layers = decoder_layers(model, "run")
    content = serialised(graph_of(layers, 2, (1, 1, 3), {}))
    model.decoder.heads[0].bias.data += 1e-3
    with pytest.raises(DifferentDecoder, match=r"^digits/vae: onnxruntime's pixels differ .*\.py$"):
        check(content, decoder_layers(model, "run"), 2, "digits/vae")


def test_a_file_names_its_run_and_is_the_same_each_time(tiny_model):
    layers, about = decoder_layers(tiny_model("vsc").float(), "run"), {"model": "vsc", "seed": "1"}
    one, other = (serialised(graph_of(layers, 2, (1, 1, 3), about)) for _ in "ab")
    assert one == other
    model = onnx.load_from_string(one)
    assert {entry.key: entry.value for entry in model.metadata_props} == about
