"""Thresholded VSC against quadrature over the noise and finite differences."""

import math

import pytest
import torch
from sparsevae.models.schedules import Schedule
from sparsevae.models.sparse.thresholded import ThresholdedGaussian, ThresholdedLaplace
from torch.distributions import Laplace, Normal

DONE = Schedule(slab_warmup=1.0, sharpness=2.0, learning_rate=1e-3, beta=1.0)
KINDS = {
    "thresholded": (ThresholdedGaussian, Normal),
    "thresholded_laplace": (ThresholdedLaplace, Laplace),
}
GRID = torch.linspace(-60, 60, 1_200_001, dtype=torch.float64) + 1.234e-5
STEP = 1e-4
PARAMETERS = [(0.0, 1.0), (0.7, 0.6), (-2.5, 1.4), (0.3, 3.0)]


@pytest.fixture(params=KINDS)
def family(request) -> str:
    return request.param


def row(model, mean: float, scale: float):
    like = torch.full((1, 1), mean).double()
    return model.thresholded(like, torch.full_like(like, math.log(scale)))


def make(family):
    kind, base = KINDS[family]
    return kind((1, 1, 3), 1).double(), base


@pytest.mark.parametrize(("mean", "scale"), PARAMETERS)
def test_atom_and_density_sum_to_one_and_give_the_kl(family, mean, scale):
    """Atom: the mass of the noise within the threshold, by the distributions of torch."""
    model, _ = make(family)
    q, p = row(model, mean, scale), model.prior_row()
    z = torch.cat([GRID, torch.zeros(1).double()])[:, None]
    weight = torch.cat([torch.full_like(GRID, STEP), torch.ones(1).double()])
    log_q, log_p = q.log_prob(z), p.log_prob(z)
    mass = log_q.exp() * weight
    assert mass.sum().item() == pytest.approx(1, abs=1e-5)
    slab, spike = (part.sum().item() for part in q.kl_per_latent(p))
    assert slab + spike == pytest.approx((mass * (log_q - log_p)).sum().item(), abs=2e-5)
    std = (mass[:-1] * (z[:-1, 0] - mean).square()).sum() / mass[:-1].sum()
    assert q.slab_std.item() == pytest.approx(std.sqrt().item(), rel=1e-4)


def test_draws_are_those_of_shrunk_noise(family, generator, assert_mean):
    """Zeros as often as the noise is within the threshold, moments of z as of shrunk draws."""
    model, base = make(family)
    torch.manual_seed(3)
    noise = base(0.0, 1.4).sample((400_000,)).double()
    t = model.threshold
    shrunk = torch.where(noise.abs() > t, 0.7 + noise.sign() * (noise.abs() - t), 0.0)
    z = row(model, 0.7, 1.4).repeated(400_000).sample(generator).flatten()
    assert ((z == 0).double().mean() - (shrunk == 0).double().mean()).abs() < 0.005
    assert (z.mean() - shrunk.mean()).abs() < 0.01
    assert (z.square().mean() - shrunk.square().mean()).abs() < 0.05


def test_prior_is_on_as_often_as_alpha(family, tiny_model):
    model = tiny_model(family, prior={"spike_prob": 0.1})
    torch.testing.assert_close(model.prior_row().spike_prob, torch.full((1, 2), 0.1).double())


def test_tails_move_with_their_parameters(family):
    """Pathwise: dz/dm is 1 where z is on, dz/ds that of finite differences at the same noise."""
    model, _ = make(family)
    mean = torch.tensor([[0.4]], dtype=torch.float64, requires_grad=True)
    log_scale = torch.tensor([[0.3]], dtype=torch.float64, requires_grad=True)

    def slab(log_scale):
        noise = torch.Generator().manual_seed(5)
        return model.thresholded(mean, log_scale).slab.sample(noise).sum()

    slopes = torch.autograd.grad(slab(log_scale), (mean, log_scale))
    finite = (slab(log_scale + 1e-6) - slab(log_scale - 1e-6)) / 2e-6
    assert slopes[0].item() == pytest.approx(1)
    assert slopes[1].item() == pytest.approx(finite.item(), rel=1e-5)


def test_disarm_has_the_gradient_of_the_expectation(family, generator, assert_mean):
    """Of E[(z - 1)^2], by quadrature at two scales."""
    model, _ = make(family)

    def expected(log_scale: float) -> float:
        q = row(model, 0.7, math.exp(log_scale))
        on = (q.log_prob(GRID[:, None]).exp() * (GRID - 1).square()).sum() * STEP
        return on.item() + q.log_no_spike.exp().item()

    log_scale = torch.full((100_000, 1), 0.2).double().requires_grad_()
    draw = model.thresholded(torch.full_like(log_scale, 0.7), log_scale).sample_antithetic(
        generator
    )
    loss = draw.expectation((draw.latents - 1).square().sum(-1)).sum()
    (slopes,) = torch.autograd.grad(loss, log_scale)
    assert_mean(slopes, (expected(0.2 + 1e-4) - expected(0.2 - 1e-4)) / 2e-4)


def test_every_parameter_has_a_finite_gradient(family, tiny_model, binary_inputs, generator):
    for relaxation in ("concrete", "straight_through", "disarm"):
        model = tiny_model(family, spike={"relaxation": relaxation}).train()
        model.objective(binary_inputs, DONE, generator).loss.mean().backward()
        for name, parameter in model.named_parameters():
            assert parameter.grad.isfinite().all(), name
            assert parameter.grad.any(), name
