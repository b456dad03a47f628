"""Gaussians after a soft threshold against quadrature and shrunk draws."""

import math

import pytest
import torch
from sparsevae.distributions.soft_threshold import SoftThreshold

GRID = torch.linspace(-20, 20, 400_001, dtype=torch.float64) + 1.234e-5
STEP = 1e-4
THRESHOLD = 1.645
PARAMETERS = [(0.0, 1.0), (0.5, 0.3), (-2.0, 0.5), (2.4, 0.2), (0.1, 1.5)]


def row(mean: float, std: float) -> SoftThreshold:
    values = torch.tensor([[mean, 2 * math.log(std), THRESHOLD]], dtype=torch.float64)
    return SoftThreshold(values[:, :1], values[:, 1:2], values[:, 2:])


@pytest.mark.parametrize(("mean", "std"), PARAMETERS)
def test_atom_and_density_sum_to_one_and_give_kl_and_moments(mean, std):
    q, p = row(mean, std), row(0.0, 1.0)
    z = torch.cat([GRID, torch.zeros(1).double()])
    weight = torch.cat([torch.full_like(GRID, STEP), torch.ones(1).double()])
    log_q, log_p = q.log_prob(z[:, None]), p.log_prob(z[:, None])
    mass = log_q.exp() * weight
    assert mass.sum().item() == pytest.approx(1, abs=1e-4)
    slab, spike = (part.item() for part in q.kl_per_latent(p))
    assert slab + spike == pytest.approx((mass * (log_q - log_p)).sum().item(), abs=2e-4)
    g, alpha = q.spike_prob.item(), p.spike_prob.item()
    assert g == pytest.approx(mass[:-1].sum().item(), abs=1e-4)
    binary = (1 - g) * math.log((1 - g) / (1 - alpha)) + (g * math.log(g / alpha) if g else 0.0)
    assert spike == pytest.approx(binary, abs=1e-9)
    assert q.mean.item() == pytest.approx((mass * z).sum().item(), abs=1e-3)
    on = mass[:-1] / mass[:-1].sum()
    spread = (on * GRID.square()).sum() - (on * GRID).sum().square()
    assert q.slab_std.item() == pytest.approx(spread.sqrt().item(), rel=5e-2)


def test_kl_of_z_is_below_that_of_y():
    """By the 0.77 nats of an off latent with mean 0.5 and deviation 0.3."""
    q, p = row(0.5, 0.3), row(0.0, 1.0)
    before = -math.log(0.3) + (0.09 + 0.25) / 2 - 0.5
    assert before - sum(q.kl_per_latent(p)).item() == pytest.approx(0.77, abs=0.005)


def test_gradient_of_draws_is_that_of_the_expectation(generator, assert_mean):
    """Of E[(z - 1)^2], by quadrature at two means: the map is continuous, so nothing is missed."""

    def expected(mean: float) -> float:
        q = row(mean, 0.6)
        on = (q.log_prob(GRID[:, None]).exp() * (GRID - 1).square()).sum() * STEP
        return on.item() + q.log_zero_prob().exp().item()

    mean = torch.full((100_000, 1), 1.3).double().requires_grad_()
    q = SoftThreshold(mean, torch.full_like(mean, 2 * math.log(0.6)), mean.detach() * 0 + THRESHOLD)
    z = q.sample(generator)
    (slopes,) = torch.autograd.grad((z - 1).square().sum(), mean)
    assert_mean(slopes, (expected(1.3 + 1e-3) - expected(1.3 - 1e-3)) / 2e-3)
    assert_mean((z != 0).double(), row(1.3, 0.6).spike_prob[0])
    assert_mean(z, row(1.3, 0.6).mean[0])


@pytest.mark.parametrize(("mean", "std"), [(0.0, 1e-4), (9.0, 1e-3), (-30.0, 0.5), (1.645, 1e-3)])
def test_float32_is_finite_far_from_the_threshold(mean, std):
    like = torch.tensor([[mean]], requires_grad=True)
    log_var = torch.full((1, 1), 2 * math.log(std), requires_grad=True)
    threshold = torch.full((1, 1), THRESHOLD)
    zeros = torch.zeros(1, 1)
    slab, spike = SoftThreshold(like, log_var, threshold).kl_per_latent(
        SoftThreshold(zeros, zeros, threshold)
    )
    (slab + spike).sum().backward()
    for value in (slab, spike, like.grad, log_var.grad):
        assert value.isfinite().all()
