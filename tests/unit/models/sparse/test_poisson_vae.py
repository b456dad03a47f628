import pytest
import torch
from sparsevae.evaluation.bounds import elbo_terms, iwae
from sparsevae.models.schedules import Schedule

DONE = Schedule(slab_warmup=1.0, sharpness=1.0, learning_rate=1e-3, beta=1.0)
COUNTS = torch.cartesian_prod(*[torch.arange(60).double()] * 2)


@pytest.fixture
def model(tiny_model):
    """With rates small enough for COUNTS to hold all of their mass, and near those of the prior."""
    model = tiny_model("poisson").eval()
    with torch.no_grad():
        for parameter in (*model.heads.parameters(), model.log_rate):
            parameter.mul_(0.2)
    return model


def exact(model, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """log p(x) and the ELBO, summed over all counts of both latents below 60."""
    q, log_prior = model.encode(inputs), model.log_prior(COUNTS)
    joint = torch.stack([log_prior + model.decode(COUNTS).log_prob(x[None]) for x in inputs])
    log_q = torch.stack([q[row].log_prob(COUNTS) for row in range(len(inputs))])
    torch.testing.assert_close(log_q.exp().sum(1), torch.ones(len(inputs)).double())
    return joint.logsumexp(1), (log_q.exp() * (joint - log_q)).sum(1)


@torch.no_grad()
def test_bound_is_that_of_enumeration_and_grows_to_log_p(
    model, binary_inputs, generator, assert_mean
):
    evidence, elbo = exact(model, binary_inputs)
    torch.testing.assert_close(evidence.exp().sum(), torch.tensor(1.0).double())
    terms = elbo_terms(model, binary_inputs, model.encode(binary_inputs), 4000, generator)
    assert_mean(terms.log_likelihood - terms.kl, elbo)
    many = binary_inputs.repeat(200, 1)
    bounds = [
        iwae(model, many, model.encode(many), k, generator).log_prob.reshape(200, 8).mean()
        for k in (1, 5, 50)
    ]
    assert elbo.mean() - 0.05 < bounds[0] < bounds[1] < bounds[2] < evidence.mean() + 0.02
    assert bounds[2] > evidence.mean() - 0.01


@torch.no_grad()
def test_draws_are_whole_in_evaluation_and_relaxed_in_training(
    model, binary_inputs, generator, decoded_latents
):
    drawn = decoded_latents(model)
    model.objective(binary_inputs, DONE, generator)
    model.train().objective(binary_inputs, DONE, generator)
    assert torch.equal(drawn[0], drawn[0].round())
    assert (drawn[0] == 0).any()
    assert not torch.equal(drawn[1], drawn[1].round())


def test_temperature_falls_until_its_end(tiny_model, binary_inputs, decoded_latents):
    model = tiny_model("poisson", counts={"temperature": 2.0, "annealed_until": 0.4}).train()
    drawn = decoded_latents(model)
    for fraction, temperature in ((0.0, 2.0), (0.2, 1.025), (0.7, 0.05)):
        schedule = Schedule(1.0, 1.0, 1e-3, 1.0, fraction=fraction)
        model.objective(binary_inputs, schedule, torch.Generator().manual_seed(3))
        noise = torch.Generator().manual_seed(3)
        expected = model.encode(binary_inputs).rsample(noise, temperature)
        torch.testing.assert_close(drawn[-1], expected)


def test_every_parameter_has_a_finite_gradient(tiny_model, binary_inputs, generator):
    model = tiny_model("poisson").train()
    model.objective(binary_inputs, DONE, generator).loss.mean().backward()
    for name, parameter in model.named_parameters():
        assert parameter.grad.isfinite().all(), name
        assert parameter.grad.any(), name


def test_log_rates_start_between_their_settings(tiny_model, generator):
    model = tiny_model("poisson", counts={"log_rate_low": -3.0, "log_rate_high": -2.5})
    model.initialise(generator)
    assert ((model.log_rate >= -3) & (model.log_rate <= -2.5)).all()
