import math
from dataclasses import replace

import pytest
import torch
from sparsevae.distributions.spike_slab import SpikeSlab
from sparsevae.models.schedules import Schedule
from torch.distributions import Bernoulli, Normal, kl_divergence

DONE = Schedule(slab_warmup=1.0, sharpness=1.5, learning_rate=1e-3, beta=1.0, sharpening=10.0)
FIXED = {"prior": {"kind": "fixed", "spike_prob": 0.2}}
# Not the paper's selection: it has no gradient where its ReLU leaves one score or none.
PSEUDO_INPUTS = {
    "prior": {
        "kind": "pseudo_inputs",
        "pseudo_inputs": 3,
        "spike_prob": 0.1,
        "sharpening": 10.0,
        "sharpening_end": None,
        "selection": "sigmoid",
    }
}


def slab(posterior: SpikeSlab) -> Normal:
    return Normal(posterior.slab.mean, (posterior.slab.log_var / 2).exp())


def test_loss_at_beta_one_is_minus_the_elbo_of_its_draw(
    tiny_model, binary_inputs, generator, decoded_latents
):
    """With hard spikes (evaluation mode) and a fixed prior; KL as g KL + Bernoulli KL by torch."""
    model = tiny_model("vsc", **FIXED).eval()
    drawn = decoded_latents(model)
    terms = model.objective(binary_inputs, DONE, generator)
    q = model.encode(binary_inputs)
    spikes = kl_divergence(Bernoulli(q.spike_prob), Bernoulli(torch.tensor(0.2).double()))
    slabs = q.spike_prob * kl_divergence(slab(q), Normal(0.0, 1.0))
    likelihood = Bernoulli(logits=model.decode(drawn[0]).logits).log_prob(binary_inputs).sum(1)
    torch.testing.assert_close(terms.loss, spikes.sum(1) + slabs.sum(1) - likelihood)
    torch.testing.assert_close(terms.kl_spike, spikes.sum(1))
    torch.testing.assert_close(terms.kl_slab, slabs.sum(1))
    assert not terms.sparsity.any()


def test_several_relaxed_draws_share_one_encoding(
    tiny_model, binary_inputs, generator, decoded_latents, monkeypatch
):
    model = tiny_model("vsc", slab_warmup={})
    drawn = decoded_latents(model)
    encoded = []
    encode = type(model).encode
    monkeypatch.setattr(
        type(model), "encode", lambda self, inputs: encoded.append(inputs) or encode(self, inputs)
    )
    terms = model.train().objective(binary_inputs, DONE, generator, draws=4)
    assert (len(encoded), drawn[0].shape) == (1, (4, 8, 2))
    assert terms.loss.shape == (8,)


def test_kl_of_the_loss_is_the_mean_log_ratio_of_its_draws(
    tiny_model, binary_inputs, generator, decoded_latents, assert_mean
):
    """log q(z|x) - log p(z) with respect to the mixed measure, spelt out."""
    model = tiny_model("vsc", **FIXED).eval()
    drawn = decoded_latents(model)
    terms = model.objective(binary_inputs[5:6].repeat(20_000, 1), DONE, generator)
    z, q = drawn[0], model.encode(binary_inputs[5:6])
    log_q = torch.where(z == 0, (1 - q.spike_prob).log(), q.spike_prob.log() + slab(q).log_prob(z))
    log_p = torch.where(z == 0, math.log(0.8), math.log(0.2) + Normal(0.0, 1.0).log_prob(z))
    assert_mean((log_q - log_p).sum(1), (terms.kl_slab + terms.kl_spike)[0])


def test_spikes_are_hard_in_evaluation_and_relaxed_in_training(
    tiny_model, binary_inputs, generator, decoded_latents, assert_mean
):
    model = tiny_model("vsc", **FIXED)
    drawn = decoded_latents(model)
    inputs = binary_inputs[3:4].repeat(8000, 1)
    model.eval().objective(inputs, DONE, generator)
    model.train().objective(inputs, DONE, generator)
    hard, relaxed = drawn
    assert_mean((hard == 0).double(), 1 - model.encode(inputs[:1]).spike_prob[0])
    assert (relaxed != 0).all()


def test_relaxation_and_its_sharpness_are_the_settings(tiny_model, binary_inputs, decoded_latents):
    for relaxation in ("scaled_sigmoid", "concrete"):
        model = tiny_model("vsc", spike={"relaxation": relaxation}).train()
        drawn = decoded_latents(model)
        schedule = Schedule(slab_warmup=1.0, sharpness=7.0, learning_rate=1e-3, beta=1.0)
        model.objective(binary_inputs, schedule, torch.Generator().manual_seed(3))
        noise = torch.Generator().manual_seed(3)
        expected = model.encode(binary_inputs).rsample(noise, relaxation, 7.0)
        torch.testing.assert_close(drawn[0], expected)


@pytest.mark.parametrize("settings", [FIXED, PSEUDO_INPUTS], ids=["fixed", "pseudo_inputs"])
def test_every_parameter_has_a_finite_gradient(settings, tiny_model, binary_inputs, generator):
    model = tiny_model("vsc", **settings, slab_warmup={}).train()
    schedule = Schedule(slab_warmup=0.5, sharpness=1.5, learning_rate=1e-3, beta=1.0)
    model.objective(binary_inputs, schedule, generator).loss.mean().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.any(), name


@pytest.mark.parametrize("name", ["heads.spike.bias", "prior.inputs", "prior.selector.bias"])
def test_gradient_of_the_loss_is_that_of_finite_differences(
    name, tiny_model, binary_inputs, central_difference
):
    model = tiny_model("vsc", **PSEUDO_INPUTS).train()
    parameter = model.get_parameter(name)

    def loss(value: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            parameter.copy_(value)
        noise = torch.Generator().manual_seed(4)
        return model.objective(binary_inputs, DONE, noise).loss.mean()

    start = parameter.detach().clone()
    loss(start).backward()
    gradient = parameter.grad.clone()
    torch.testing.assert_close(gradient, central_difference(loss, start), rtol=1e-5, atol=1e-7)


def test_paid_are_reconstruction_kl_and_sparsity(tiny_model, binary_inputs, generator):
    model = tiny_model("vsc", **PSEUDO_INPUTS)
    terms = model.objective(binary_inputs, replace(DONE, beta=3.0), generator)
    assert (terms.sparsity > 0).all()
    expected = terms.reconstruction + 3 * (terms.kl_slab + terms.kl_spike) + terms.sparsity
    torch.testing.assert_close(terms.loss, expected)


def test_before_the_warm_up_slabs_are_standard_and_cost_nothing(
    tiny_model, binary_inputs, generator, decoded_latents, assert_mean
):
    """Only the pattern of spikes informs (eq. 7, lambda = 0)."""
    model = tiny_model("vsc", **FIXED, slab_warmup={"start": 0.2, "end": 0.3}).eval()
    drawn = decoded_latents(model)
    start = Schedule(slab_warmup=0.0, sharpness=1.5, learning_rate=1e-3, beta=1.0)
    terms = model.objective(binary_inputs[3:4].repeat(8000, 1), start, generator)
    torch.testing.assert_close(terms.kl_slab, torch.zeros_like(terms.kl_slab))
    assert (terms.kl_spike > 0).all()
    for active in (drawn[0][:, j][drawn[0][:, j] != 0] for j in range(2)):
        assert_mean(active, 0.0)
        assert_mean(active.square(), 1.0)


def test_warm_up_can_leave_the_kl_alone(tiny_model, binary_inputs, generator):
    """in_kl: false, as in the authors' code: lambda enters the draw only."""
    start = Schedule(slab_warmup=0.0, sharpness=1.5, learning_rate=1e-3, beta=1.0)
    kl = {}
    for in_kl in (True, False):
        model = tiny_model("vsc", **FIXED, slab_warmup={"in_kl": in_kl})
        kl[in_kl] = model.objective(binary_inputs, start, generator).kl_slab
    q = model.encode(binary_inputs)
    expected = (q.spike_prob * kl_divergence(slab(q), Normal(0.0, 1.0))).sum(1)
    torch.testing.assert_close(kl[False], expected)
    assert not torch.allclose(kl[True], expected)


def test_warm_up_in_the_kl_is_on_both_sides(tiny_model, binary_inputs, generator):
    """At lambda = 0 posterior and pseudo-inputs have the same slab, and no slab is paid for."""
    start = Schedule(slab_warmup=0.0, sharpness=1.5, learning_rate=1e-3, beta=1.0, sharpening=10.0)
    for in_kl in (True, False):
        model = tiny_model("vsc", **PSEUDO_INPUTS, slab_warmup={"in_kl": in_kl})
        paid = model.objective(binary_inputs, start, generator).kl_slab
        assert (paid.abs() < 1e-12).all() == in_kl


def test_after_the_warm_up_it_is_the_vsc(tiny_model, binary_inputs):
    losses = []
    for settings in ({}, {"slab_warmup": {"start": 0.2, "end": 0.3}}):
        model = tiny_model("vsc", **FIXED, **settings)
        losses.append(model.objective(binary_inputs, DONE, torch.Generator().manual_seed(2)).loss)
    assert torch.equal(*losses)


@pytest.mark.parametrize(
    ("floor", "prior", "added"),
    [(None, FIXED, 0.0), (None, PSEUDO_INPUTS, 0.1), (0.0, PSEUDO_INPUTS, 0.0), (0.4, FIXED, 0.4)],
)
def test_slab_variance_has_its_floor_added(floor, prior, added, tiny_model, binary_inputs):
    model = tiny_model("vsc", **prior, slab={"variance_floor": floor})
    free = model.posterior_parameters(binary_inputs)["log_var"].exp()
    torch.testing.assert_close(model.encode(binary_inputs).slab.log_var.exp(), free + added)


def test_spike_bias_starts_at_its_setting(tiny_model, generator):
    model = tiny_model("vsc", spike={"bias": 2.5})
    model.initialise(generator)
    assert (model.heads["spike"].bias == 2.5).all()
    assert not model.heads["mean"].bias.any()


def test_sparse_code_is_the_slab_mean_of_likely_spikes_and_exactly_zero_elsewhere(
    tiny_model, binary_inputs
):
    model = tiny_model("vsc")
    heads = model.posterior_parameters(binary_inputs)
    likely = heads["spike"] > 0
    assert 0 < likely.sum() < likely.numel()
    code = model.sparse_code(binary_inputs)
    assert code[likely].equal(heads["mean"][likely])
    assert not code[~likely].any()
    assert model.posterior_mean(binary_inputs).all()


@pytest.mark.parametrize("family", ["ae", "vae"])
def test_without_spikes_the_sparse_code_is_the_posterior_mean(family, tiny_model, binary_inputs):
    model = tiny_model(family)
    assert model.sparse_code(binary_inputs).equal(model.posterior_mean(binary_inputs))


def test_posterior_mean_is_spike_probability_times_slab_mean(tiny_model, binary_inputs):
    model = tiny_model("vsc")
    heads = model.posterior_parameters(binary_inputs)
    torch.testing.assert_close(
        model.posterior_mean(binary_inputs), torch.sigmoid(heads["spike"]) * heads["mean"]
    )


def test_only_a_fixed_prior_has_its_kl_in_closed_form(tiny_model):
    assert tiny_model("vae").penalties_are_kl
    assert tiny_model("vsc", **FIXED).penalties_are_kl
    assert not tiny_model("vsc", **PSEUDO_INPUTS).penalties_are_kl
