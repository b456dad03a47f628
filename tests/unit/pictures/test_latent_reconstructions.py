import torch
from sparsevae.pictures.reconstructions import NOISE_STD, add_noise, reconstruct


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
