import pytest
import torch
from sparsevae.pictures.reconstructions import (
    NOISE_STD,
    add_noise,
    decode_components,
    reconstruct,
)


def test_reconstruction_is_decoded_from_the_code(tiny_model, binary_inputs):
    model = tiny_model("vsc")
    q = model.encode(binary_inputs)
    expected = torch.sigmoid(model.decoder(q.spike_prob * q.slab.mean)[0])
    torch.testing.assert_close(reconstruct(model, binary_inputs), expected)


def test_noise_is_a_share_of_the_peak_and_stays_in_range(generator, assert_mean):
    inputs = torch.full((20_000, 1), 2.0).double()
    inputs[0] = 4.0
    noisy = add_noise(inputs, generator)
    assert noisy.min() >= 0
    assert noisy.max() <= 4
    # Clamping at 1.67 standard deviations on both sides leaves the mean, as 2 is half way.
    assert_mean(noisy[1:, 0], 2.0)
    edge = 2 / (NOISE_STD * 4)
    normal = torch.distributions.Normal(0.0, 1.0)
    inside = (normal.cdf(torch.tensor(edge)) * 2 - 1).item()
    assert_mean(((noisy[1:, 0] > 0) & (noisy[1:, 0] < 4)).double(), inside)


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
    torch.testing.assert_close(decode_components(model), expected)
