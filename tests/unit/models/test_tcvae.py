import math
from dataclasses import replace

import pytest
import torch
from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.models.schedules import Schedule
from sparsevae.models.tcvae import total_correlation
from torch.distributions import MultivariateNormal, Normal

SCHEDULE = Schedule(slab_warmup=1.0, sharpness=1.0, learning_rate=1e-3, beta=1.0)
IMAGES = 1000


@pytest.fixture
def posterior() -> DiagonalGaussian:
    generator = torch.Generator().manual_seed(2)
    mean, log_var = torch.randn(2, 6, 3, dtype=torch.float64, generator=generator)
    return DiagonalGaussian(mean, log_var)


def weighted_sampling(q: DiagonalGaussian, z: torch.Tensor, images: int) -> torch.Tensor:
    """Minibatch-weighted sampling as Chen et al. print it, by loops; one value per sample."""
    batch, latent = z.shape
    sd = (q.log_var / 2).exp()
    values = []
    for i in range(batch):
        joint, marginals = 0.0, [0.0] * latent
        for other in range(batch):
            density = [
                Normal(q.mean[other, j], sd[other, j]).log_prob(z[i, j]).exp()
                for j in range(latent)
            ]
            joint = joint + math.prod(density)
            marginals = [total + part for total, part in zip(marginals, density, strict=True)]
        logs = sum(torch.log(total / (images * batch)) for total in marginals)
        values.append(torch.log(joint / (images * batch)) - logs)
    return torch.stack(values)


def test_estimate_is_the_double_loop_but_for_a_constant(posterior, generator):
    z = posterior.sample(generator)
    expected = weighted_sampling(posterior, z, IMAGES) - 2 * math.log(IMAGES)
    torch.testing.assert_close(total_correlation(posterior, z), expected)


def test_gradient_is_that_of_the_double_loop(posterior):
    gradients = []
    for estimate in (total_correlation, lambda q, z: weighted_sampling(q, z, IMAGES)):
        mean, log_var = (p.clone().requires_grad_() for p in (posterior.mean, posterior.log_var))
        q = DiagonalGaussian(mean, log_var)
        estimate(q, q.sample(torch.Generator().manual_seed(1))).mean().backward()
        gradients.append((mean.grad, log_var.grad))
    torch.testing.assert_close(*gradients)
    assert gradients[0][0].abs().max() > 0.01


def test_no_total_correlation_where_all_posteriors_are_the_same(generator):
    q = DiagonalGaussian(*torch.randn(2, 1, 4, generator=generator).double().expand(2, 50, 4))
    z = q.sample(generator)
    torch.testing.assert_close(total_correlation(q, z), torch.zeros(50).double())


def test_estimate_is_the_exact_total_correlation_of_wide_posteriors(generator):
    """Means of correlation 0.8 and equal variances: q(z) is Gaussian, TC = -log(1 - r^2) / 2.

    The posteriors are wide enough for 2,000 of them to make a smooth q(z).
    """
    covariance = torch.tensor([[1.0, 0.8], [0.8, 1.0]]).double()
    root = torch.linalg.cholesky(covariance)
    mean = torch.randn(2000, 2, dtype=torch.float64, generator=generator) @ root.T
    q = DiagonalGaussian(mean, torch.full_like(mean, math.log(0.5)))
    r = 0.8 / 1.5
    estimate = total_correlation(q, q.sample(generator))
    expected = -0.5 * math.log(1 - r**2)
    assert estimate.mean().item() == pytest.approx(expected, abs=0.03)


def test_estimate_is_the_log_ratio_at_each_draw(generator):
    """The same mixture, sample by sample: joint against the product of its marginals."""
    covariance = torch.tensor([[1.0, 0.8], [0.8, 1.0]]).double()
    mean = torch.randn(2000, 2, dtype=torch.float64, generator=generator)
    q = DiagonalGaussian(
        mean @ torch.linalg.cholesky(covariance).T, torch.full_like(mean, math.log(0.5))
    )
    z = q.sample(generator)
    joint = MultivariateNormal(torch.zeros(2).double(), covariance + 0.5 * torch.eye(2)).log_prob(z)
    marginals = Normal(0.0, math.sqrt(1.5)).log_prob(z).sum(1)
    near = z.abs().max(1).values < 2
    torch.testing.assert_close(
        total_correlation(q, z)[near], (joint - marginals)[near], atol=0.25, rtol=0
    )


@pytest.mark.parametrize("beta", [1.0, 6.0])
def test_beta_weighs_the_total_correlation_alone(beta, tiny_model, binary_inputs, decoded_latents):
    model = tiny_model("tcvae")
    drawn = decoded_latents(model)
    terms = model.objective(
        binary_inputs, replace(SCHEDULE, beta=beta), torch.Generator().manual_seed(3)
    )
    plain = tiny_model("vae")
    elbo = -plain.objective(binary_inputs, SCHEDULE, torch.Generator().manual_seed(3)).loss
    q = model.encode(binary_inputs)
    extra = weighted_sampling(q, drawn[0], 1)
    torch.testing.assert_close(terms.loss, -elbo + (beta - 1) * extra)
    assert extra.abs().max() > 0.05


def test_bounds_are_those_of_the_vae(tiny_model, binary_inputs):
    """The generative model has no total correlation in it."""
    penalties = []
    for family, beta in (("tcvae", 8.0), ("vae", 1.0)):
        model = tiny_model(family, beta=beta)
        penalties.append(model.penalties(binary_inputs, model.encode(binary_inputs)).kl_slab)
        assert model.penalties_are_kl
    assert torch.equal(*penalties)


def test_gradient_of_the_loss_is_that_of_finite_differences(
    tiny_model, binary_inputs, central_difference
):
    model = tiny_model("tcvae")
    bias = model.heads["mean"].bias

    def loss(value: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            bias.copy_(value)
        noise = torch.Generator().manual_seed(4)
        return model.objective(binary_inputs, replace(SCHEDULE, beta=4.0), noise).loss.mean()

    start = bias.detach().clone()
    loss(start).backward()
    gradient = bias.grad.clone()
    torch.testing.assert_close(gradient, central_difference(loss, start), rtol=1e-5, atol=1e-7)
