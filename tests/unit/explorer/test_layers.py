"""The list of layers decodes as the model that it was made of."""

import pytest
import torch
from sparsevae.explorer.layers import UnknownDecoder, Upsample, decode, decoder_layers
from torch import nn

LATENTS = torch.linspace(-3, 3, 10, dtype=torch.float64).reshape(5, 2)


@pytest.mark.parametrize("family", ["ae", "vae", "vsc"])
@pytest.mark.parametrize("likelihood", ["bernoulli", "continuous_bernoulli", "gaussian"])
def test_mlp_layers_decode_as_the_model(tiny_model, family, likelihood):
    model = tiny_model(family, likelihood={"family": likelihood})
    decoded = decode(decoder_layers(model, "digits/mine"), LATENTS)
    torch.testing.assert_close(decoded, model.decode(LATENTS).mean)


@pytest.mark.parametrize("hidden", [[], [4, 6]])
def test_any_number_of_hidden_layers(tiny_model, hidden):
    model = tiny_model("vae", network={"hidden": hidden})
    torch.testing.assert_close(
        decode(decoder_layers(model, "digits/mine"), LATENTS), model.decode(LATENTS).mean
    )


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 7, 10), (1, 5, 6)])
def test_convolutional_layers_decode_as_the_model(tiny_model, shape):
    model = tiny_model("vae", shape, network={"body": "conv", "channels": [3, 4, 5]})
    layers = decoder_layers(model, "digits/mine")
    assert sum(isinstance(layer, Upsample) for layer in layers) == 2
    torch.testing.assert_close(decode(layers, LATENTS), model.decode(LATENTS).mean)


def test_a_decoder_of_another_kind_is_one_line_that_names_the_file(tiny_model):
    model = tiny_model("vae")
    model.decoder = nn.Linear(2, 3)
    with pytest.raises(UnknownDecoder, match=r"^digits/mine: .*explorer/layers\.py$"):
        decoder_layers(model, "digits/mine")
