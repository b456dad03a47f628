import pytest
import torch
from sparsevae.pictures.interpolation import Pair, encode_pair, interpolate, switch

# Latents: 0 shared, 1 only in A, 2 only in B, 3 in neither.
PAIR = Pair(
    codes=torch.tensor([[1.0, 2.0, 0.0, 0.0], [-1.0, 0.0, 3.0, 0.0]]).double(),
    active=torch.tensor([[True, True, False, False], [True, False, True, False]]),
)


@pytest.fixture
def model(tiny_model):
    return tiny_model("vsc", latent_dim=4)


@torch.no_grad()
def test_shared_latents_move_and_each_row_keeps_its_own(model, decoded):
    steps = interpolate(model, PAIR)
    assert steps.shape == (2, 6, 3)
    for step, z in enumerate([1.0, 0.6, 0.2, -0.2, -0.6, -1.0]):
        torch.testing.assert_close(steps[0, step], decoded(model, [z, 2.0, 0.0, 0.0]))
        torch.testing.assert_close(steps[1, step], decoded(model, [z, 0.0, 3.0, 0.0]))


@torch.no_grad()
def test_own_latents_are_switched_with_the_shared_ones_half_way(model, decoded):
    switched = switch(model, PAIR)
    expected = [[[0, 2, 0, 0], [0, 2, 3, 0]], [[0, 0, 0, 0], [0, 0, 3, 0]]]
    for row in range(2):
        for column in range(2):
            z = [float(value) for value in expected[row][column]]
            torch.testing.assert_close(switched[row, column], decoded(model, z))


@torch.no_grad()
def test_the_ends_are_the_objects_themselves(model, binary_inputs):
    inputs = binary_inputs[[1, 6]]
    pair = encode_pair(model, inputs)
    steps = interpolate(model, pair)
    posterior = model.encode(inputs)
    codes = posterior.slab.mean * (posterior.spike_prob > 0.5)
    pictures = torch.sigmoid(model.decoder(codes)[0])
    torch.testing.assert_close(steps[0, 0], pictures[0])
    torch.testing.assert_close(steps[1, -1], pictures[1])
