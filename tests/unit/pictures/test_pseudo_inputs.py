import pytest
import torch
from sparsevae.pictures.pseudo_inputs import (
    decode_pseudo_inputs,
    mean_selection,
    pseudo_input_prior,
)


@torch.no_grad()
@pytest.mark.parametrize("sharpening", [None, 10])
def test_pseudo_inputs_are_decoded_from_the_mean_of_their_component(sharpening, tiny_model):
    prior = {"kind": "pseudo_inputs", "pseudo_inputs": 3, "sharpening": sharpening}
    model = tiny_model("vsc", prior=prior)
    encoded = model.encode(model.prior.inputs)
    g = encoded.spike_prob
    if sharpening:
        g = 1 / (1 + torch.exp(-sharpening * (g - 0.5)))
    expected = torch.sigmoid(model.decoder(g * encoded.slab.mean)[0])
    torch.testing.assert_close(decode_pseudo_inputs(model), expected)


@torch.no_grad()
def test_selection_is_the_mean_weight_over_the_inputs(tiny_model, binary_inputs):
    model = tiny_model("vsc", prior={"kind": "pseudo_inputs", "selection": "softmax"})
    scores = model.prior.selector(binary_inputs).exp()
    expected = (scores / scores.sum(1, keepdim=True)).sum(0) / 8
    torch.testing.assert_close(mean_selection(model, binary_inputs), expected)


def test_other_models_have_none(tiny_model):
    assert [pseudo_input_prior(tiny_model(name)) for name in ("ae", "vae", "vsc")] == [None] * 3
