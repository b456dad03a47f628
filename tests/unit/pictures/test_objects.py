import numpy as np
import pytest
import torch
from sparsevae.pictures.objects import (
    Pair,
    alike_pair,
    conditional_samples,
    interpolate,
    one_per_class,
    prior_slab,
    switch,
)

LABELS = np.array([4, 4, 2, 0, 2, 4, 0], np.uint8)


def test_objects_are_the_first_of_each_class_in_the_order_of_the_data():
    assert one_per_class(LABELS, 2).tolist() == [0, 2]
    assert one_per_class(LABELS, 9).tolist() == [0, 2, 3]


def test_the_pair_is_of_the_classes_with_the_closest_means():
    values = np.array([10, 30, 250, 60, 200, 80, 0], np.uint8)  # means: 4 at 40, 2 at 225, 0 at 30
    inputs = np.broadcast_to(values[:, None, None, None], (7, 1, 2, 2))
    assert alike_pair(inputs, LABELS).tolist() == [3, 0]


def test_one_class_has_no_pair():
    assert alike_pair(np.zeros((3, 1, 2, 2), np.uint8), np.full(3, 7, np.uint8)) is None


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
    pair = Pair.of(model.encode(inputs))
    steps = interpolate(model, pair)
    posterior = model.encode(inputs)
    codes = posterior.slab.mean * (posterior.spike_prob > 0.5)
    pictures = torch.sigmoid(model.decoder(codes)[0])
    torch.testing.assert_close(steps[0, 0], pictures[0])
    torch.testing.assert_close(steps[1, -1], pictures[1])


PSEUDO = {"prior": {"kind": "pseudo_inputs", "pseudo_inputs": 3, "selection": "softmax"}}


@torch.no_grad()
@pytest.mark.parametrize(
    ("family", "settings"), [("vae", {}), ("vsc", {}), ("vsc", PSEUDO)], ids=["vae", "vsc", "uai"]
)
def test_active_latents_follow_the_slab_and_the_others_are_zero(
    family, settings, tiny_model, binary_inputs, decoded_latents, generator, assert_mean
):
    model = tiny_model(family, latent_dim=4, **settings)
    seen = decoded_latents(model)
    pictures = conditional_samples(
        model, binary_inputs, model.encode(binary_inputs), 4000, generator
    )
    assert pictures.shape == (8, 4000, 3)
    (z,) = seen
    posterior = model.encode(binary_inputs)
    if family == "vsc":
        active = posterior.spike_prob > 0.5
    else:
        active = z[:, 0] != 0
        kept = (posterior.mean.square() * active).sum(-1) / posterior.mean.square().sum(-1)
        assert (kept >= 0.9).all()
    assert active.any()
    assert not active.all()
    assert ((z != 0) == active.unsqueeze(1)).all()
    mean, std = torch.zeros(8, 4).double(), torch.ones(8, 4).double()
    if settings:
        chosen = model.selection(binary_inputs, posterior).argmax(-1)
        slab = model.encode(model.prior.inputs[chosen]).slab
        mean, std = slab.mean, (slab.log_var / 2).exp()
    for item in range(8):
        standard = (z[item] - mean[item]) / std[item]
        assert_mean(standard[:, active[item]], 0.0)
        assert_mean(standard[:, active[item]].square(), 1.0)


@torch.no_grad()
def test_the_slab_is_that_of_the_pseudo_input_that_the_object_selects(tiny_model, binary_inputs):
    model = tiny_model("vsc", **PSEUDO)
    model.prior.selector.weight.copy_(torch.eye(3))
    model.prior.selector.bias.zero_()
    inputs = binary_inputs[[4, 1, 2]]  # one pixel each: the first, last, middle
    slab = prior_slab(model, inputs, model.encode(inputs))
    expected = model.encode(model.prior.inputs[[0, 2, 1]]).slab
    torch.testing.assert_close(slab.mean, expected.mean)
    torch.testing.assert_close(slab.log_var, expected.log_var)
