from dataclasses import replace

import torch
from sparsevae.models.base import Model
from sparsevae.models.schedules import Schedule
from torch.distributions import Bernoulli, Normal, kl_divergence

SCHEDULE = Schedule(slab_warmup=1.0, sharpness=1.0, learning_rate=1e-3, beta=1.0)


def layer(model: Model, name: str, values: torch.Tensor) -> torch.Tensor:
    """One linear layer by hand, from the stored weights."""
    weights = model.state_dict()
    return values @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def posterior(model: Model, inputs: torch.Tensor) -> Normal:
    hidden = layer(model, "encoder.layers.0", inputs).relu()
    standard_deviation = torch.exp(layer(model, "heads.log_var", hidden) / 2)
    return Normal(layer(model, "heads.mean", hidden), standard_deviation)


def log_likelihood(model: Model, latents: torch.Tensor, inputs: torch.Tensor) -> torch.Tensor:
    """log p(x|z), pixel by pixel."""
    hidden = layer(model, "decoder.layers.0", latents).relu()
    return Bernoulli(logits=layer(model, "decoder.heads.0", hidden)).log_prob(inputs)


def test_loss_at_beta_one_is_minus_the_elbo_of_its_draw(
    tiny_model, binary_inputs, generator, decoded_latents
):
    """Sums over pixels and latents, one value per sample, all by torch.distributions."""
    model = tiny_model("vae")
    drawn = decoded_latents(model)
    terms = model.objective(binary_inputs, SCHEDULE, generator)
    q = posterior(model, binary_inputs)
    kl = kl_divergence(q, Normal(0.0, 1.0)).sum(1)
    likelihood = log_likelihood(model, drawn[0], binary_inputs).sum(1)
    torch.testing.assert_close(terms.loss, kl - likelihood)
    torch.testing.assert_close(terms.reconstruction, -likelihood)
    torch.testing.assert_close(terms.kl_slab, kl)
    assert terms.loss.shape == (8,)


def test_draws_of_the_objective_are_of_the_posterior(
    tiny_model, binary_inputs, generator, decoded_latents, assert_mean
):
    model = tiny_model("vae")
    drawn = decoded_latents(model)
    model.objective(binary_inputs[:1].repeat(8000, 1), SCHEDULE, generator)
    q = posterior(model, binary_inputs[0])
    assert_mean(drawn[0], q.mean.detach())
    assert_mean((drawn[0] - q.mean.detach()).square(), q.variance.detach())


def test_several_draws_are_averaged_and_one_is_the_default(
    tiny_model, binary_inputs, generator, decoded_latents
):
    model = tiny_model("vae")
    drawn = decoded_latents(model)
    terms = model.train().objective(binary_inputs, SCHEDULE, generator, draws=3)
    assert drawn[0].shape == (3, 8, 2)
    assert not torch.equal(drawn[0][0], drawn[0][1])
    each = [log_likelihood(model, latents, binary_inputs).sum(1) for latents in drawn[0]]
    torch.testing.assert_close(terms.reconstruction, -sum(each) / 3)
    model.eval().objective(binary_inputs, SCHEDULE, generator)
    assert drawn[1].shape == (8, 2)


def test_beta_weighs_the_kl_alone(tiny_model, binary_inputs):
    losses = {}
    for beta in (0.0, 1.0, 4.0):
        noise = torch.Generator().manual_seed(1)
        model = tiny_model("vae")
        losses[beta] = model.objective(binary_inputs, replace(SCHEDULE, beta=beta), noise)
    kl = losses[1.0].kl_slab
    torch.testing.assert_close(losses[0.0].loss, losses[1.0].reconstruction)
    torch.testing.assert_close(losses[4.0].loss, losses[1.0].reconstruction + 4 * kl)


def test_vae_has_no_spike_and_no_sparsity_terms(tiny_model, binary_inputs, generator):
    terms = tiny_model("vae").objective(binary_inputs, SCHEDULE, generator)
    assert not terms.kl_spike.any()
    assert not terms.sparsity.any()


def test_gradient_of_the_loss_is_that_of_finite_differences(
    tiny_model, binary_inputs, central_difference
):
    model = tiny_model("vae")
    bias = model.heads["log_var"].bias

    def loss(value: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            bias.copy_(value)
        noise = torch.Generator().manual_seed(4)
        return model.objective(binary_inputs, SCHEDULE, noise).loss.mean()

    start = bias.detach().clone()
    loss(start).backward()
    gradient = bias.grad.clone()
    torch.testing.assert_close(gradient, central_difference(loss, start))


def test_every_parameter_has_a_gradient(tiny_model, binary_inputs, generator):
    model = tiny_model("vae")
    model.objective(binary_inputs, SCHEDULE, generator).loss.mean().backward()
    assert all(p.grad is not None and p.grad.any() for p in model.parameters())


def test_code_is_the_mean_of_the_posterior(tiny_model, binary_inputs):
    model = tiny_model("vae")
    torch.testing.assert_close(
        model.posterior_mean(binary_inputs), posterior(model, binary_inputs).mean
    )


def test_prior_is_a_standard_normal(tiny_model, generator, assert_mean):
    model = tiny_model("vae", latent_dim=3)
    draws = model.sample_prior(8000, generator)
    assert draws.shape == (8000, 3)
    assert_mean(draws, 0.0)
    assert_mean(draws.square(), 1.0)
    torch.testing.assert_close(model.log_prior(draws), Normal(0.0, 1.0).log_prob(draws).sum(1))
