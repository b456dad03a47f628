import math

import pytest
import torch
from sparsevae.distributions.gaussian import DiagonalGaussian
from torch.distributions import Normal, kl_divergence

MEAN = torch.tensor([[0.3, -1.2, 2.0], [0.0, 0.5, -0.1]], dtype=torch.float64)
LOG_VAR = torch.tensor([[0.2, -1.5, 1.0], [0.0, -3.0, 0.7]], dtype=torch.float64)
GAUSSIAN = DiagonalGaussian(MEAN, LOG_VAR)
OTHER = DiagonalGaussian(MEAN.flip(1) * 0.5, LOG_VAR.flip(0))


def normal(gaussian: DiagonalGaussian) -> Normal:
    """The same distribution by torch, which takes standard deviations."""
    return Normal(gaussian.mean, gaussian.log_var.exp().sqrt())


def repeated(n: int) -> DiagonalGaussian:
    """The same one, n times: for n independent draws in one call."""
    return DiagonalGaussian(MEAN.expand(n, 2, 3), LOG_VAR.expand(n, 2, 3))


def test_density_is_that_of_torch_and_sums_over_latents():
    latents = torch.linspace(-2, 2, 6, dtype=torch.float64).reshape(2, 3)
    expected = normal(GAUSSIAN).log_prob(latents)
    torch.testing.assert_close(GAUSSIAN.log_prob_per_latent(latents), expected)
    torch.testing.assert_close(GAUSSIAN.log_prob(latents), expected.sum(1))


def test_density_of_one_latent_integrates_to_one():
    gaussian = DiagonalGaussian(torch.tensor([0.7]).double(), torch.tensor([-0.8]).double())
    grid = torch.linspace(-10, 12, 4001, dtype=torch.float64)
    density = gaussian.log_prob(grid[:, None]).exp()
    assert torch.trapezoid(density, grid).item() == pytest.approx(1, abs=1e-9)


def test_kl_is_the_mean_of_the_log_ratio_of_draws(generator, assert_mean):
    draws = repeated(4000).sample(generator)
    ratio = GAUSSIAN.log_prob_per_latent(draws) - OTHER.log_prob_per_latent(draws)
    assert_mean(ratio, GAUSSIAN.kl_per_latent(OTHER))


def test_kl_is_that_of_torch():
    expected = kl_divergence(normal(GAUSSIAN), normal(OTHER))
    torch.testing.assert_close(GAUSSIAN.kl_per_latent(OTHER), expected)


def test_kl_to_itself_is_zero():
    torch.testing.assert_close(GAUSSIAN.kl_per_latent(GAUSSIAN), torch.zeros_like(MEAN))


def test_draws_have_the_mean_and_the_variance(generator, assert_mean):
    draws = repeated(4000).sample(generator)
    assert_mean(draws, MEAN)
    assert_mean((draws - MEAN).square(), LOG_VAR.exp())


def test_draws_have_the_gradient_of_finite_differences(central_difference):
    def total(mean: torch.Tensor, log_var: torch.Tensor) -> torch.Tensor:
        noise = torch.Generator().manual_seed(3)
        return DiagonalGaussian(mean, log_var).sample(noise).square().sum()

    mean, log_var = MEAN.clone().requires_grad_(), LOG_VAR.clone().requires_grad_()
    total(mean, log_var).backward()
    torch.testing.assert_close(mean.grad, central_difference(lambda m: total(m, LOG_VAR), MEAN))
    torch.testing.assert_close(log_var.grad, central_difference(lambda v: total(MEAN, v), LOG_VAR))


def test_standard_is_zero_mean_and_unit_variance():
    latents = torch.tensor([[0.0, 1.0]])
    log_prob = DiagonalGaussian.standard(latents).log_prob(latents)
    assert log_prob.item() == pytest.approx(-math.log(2 * math.pi) - 0.5)


@pytest.mark.parametrize("slab_warmup", [0.0, 0.25, 0.9])
def test_warmed_mixes_variances_linearly(slab_warmup):
    """Eq. 7: N(lambda mean, lambda var + 1 - lambda)."""
    warmed = GAUSSIAN.warmed(slab_warmup)
    torch.testing.assert_close(warmed.mean, slab_warmup * MEAN)
    expected = slab_warmup * torch.exp(LOG_VAR) + (1 - slab_warmup)
    torch.testing.assert_close(warmed.log_var.exp(), expected)


def test_warmed_ends_in_the_gaussian_itself():
    warmed = GAUSSIAN.warmed(1.0)
    assert torch.equal(warmed.mean, MEAN)
    assert torch.equal(warmed.log_var, LOG_VAR)


def test_warmed_slab_has_no_gradient_at_the_start():
    mean, log_var = MEAN.clone().requires_grad_(), LOG_VAR.clone().requires_grad_()
    warmed = DiagonalGaussian(mean, log_var).warmed(0.0)
    (warmed.mean.sum() + warmed.log_var.sum()).backward()
    assert torch.equal(mean.grad, torch.zeros_like(MEAN))
    assert torch.equal(log_var.grad, torch.zeros_like(MEAN))
