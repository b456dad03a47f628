import pytest
import torch
from sparsevae.pictures.conditional_samples import conditional_samples, prior_slab

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
    pictures = conditional_samples(model, binary_inputs, 4000, generator)
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
        chosen = model.pseudo_input_weights(binary_inputs).argmax(-1)
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
    slab = prior_slab(model, binary_inputs[[4, 1, 2]])  # one pixel each: the first, last, middle
    expected = model.encode(model.prior.inputs[[0, 2, 1]]).slab
    torch.testing.assert_close(slab.mean, expected.mean)
    torch.testing.assert_close(slab.log_var, expected.log_var)
