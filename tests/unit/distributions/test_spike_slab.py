import math
from itertools import product

import pytest
import torch
from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.spike_slab import (
    SpikeSlab,
    bernoulli_kl,
    from_probability,
    log_spike_pair,
)
from sparsevae.study.choices import SMALLEST_PROBABILITY
from torch.distributions import Bernoulli, Normal, kl_divergence

G = torch.tensor([[0.1, 0.5, 0.93], [0.02, 0.8, 0.3]], dtype=torch.float64)
MEAN = torch.tensor([[0.3, -1.2, 2.0], [0.4, 0.5, -0.1]], dtype=torch.float64)
LOG_VAR = torch.tensor([[0.2, -1.5, 1.0], [0.0, -3.0, 0.7]], dtype=torch.float64)
POSTERIOR = from_probability(G, DiagonalGaussian(MEAN, LOG_VAR))
OTHER = from_probability(G.flip(1), DiagonalGaussian(MEAN * 0.5, LOG_VAR.flip(0)))
ALPHA = 0.2


def one_latent(g: float, mean: float, log_var: float) -> SpikeSlab:
    parameters = torch.tensor([[g], [mean], [log_var]], dtype=torch.float64)
    return from_probability(parameters[0], DiagonalGaussian(parameters[1], parameters[2]))


def prior(like: torch.Tensor) -> SpikeSlab:
    return from_probability(torch.full_like(like, ALPHA), DiagonalGaussian.standard(like))


def repeated(n: int) -> SpikeSlab:
    """The same posterior, n times: for n independent draws in one call."""
    slab = DiagonalGaussian(MEAN.expand(n, 2, 3), LOG_VAR.expand(n, 2, 3))
    return from_probability(G.expand(n, 2, 3), slab)


@pytest.fixture
def draws(generator) -> torch.Tensor:
    return repeated(8000).sample(generator)


@pytest.mark.parametrize("g", [0.01, 0.5, 0.99])
def test_density_of_one_latent_is_slab_of_mass_g_and_point_of_mass_1_minus_g(g):
    distribution = one_latent(g, 0.7, -0.8)
    grid = torch.linspace(-10, 12, 4001, dtype=torch.float64)  # does not meet 0
    assert not (grid == 0).any()
    slab = torch.trapezoid(distribution.log_prob(grid[:, None]).exp(), grid).item()
    point = distribution.log_prob(torch.zeros(1, dtype=torch.float64)).exp().item()
    assert slab == pytest.approx(g, abs=1e-9)
    assert point == pytest.approx(1 - g, abs=1e-9)
    assert slab + point == pytest.approx(1, abs=1e-9)


def test_density_sums_over_latents_for_every_pattern_of_spikes():
    for pattern in product([0.0, 1.0], repeat=3):
        latents = torch.tensor(pattern) * torch.tensor([0.6, -0.4, 1.7], dtype=torch.float64)
        for row, value in enumerate(POSTERIOR.log_prob(latents.expand(2, 3))):
            expected = 0.0
            for j, z in enumerate(latents.tolist()):
                g, mean, sd = G[row, j].item(), MEAN[row, j], (LOG_VAR[row, j] / 2).exp()
                slab = Normal(mean, sd).log_prob(torch.tensor(z).double()).item()
                expected += math.log(1 - g) if z == 0 else math.log(g) + slab
            assert value.item() == pytest.approx(expected)


def test_hard_draws_are_exactly_zero_with_probability_1_minus_g(draws, assert_mean):
    assert_mean((draws == 0).double(), 1 - G)


def test_active_draws_are_of_the_slab(draws, assert_mean):
    for row, j in product(range(2), range(3)):
        active = draws[:, row, j][draws[:, row, j] != 0]
        assert_mean(active, MEAN[row, j])
        assert_mean((active - MEAN[row, j]).square(), LOG_VAR[row, j].exp())


def test_mean_is_that_of_draws(draws, assert_mean):
    torch.testing.assert_close(POSTERIOR.mean, G * MEAN)
    assert_mean(draws, POSTERIOR.mean)


def test_kl_is_the_mean_of_the_log_ratio_of_draws(draws, assert_mean):
    slab, spike = POSTERIOR.kl_per_latent(OTHER)
    ratio = POSTERIOR.log_prob(draws) - OTHER.log_prob(draws)
    assert_mean(ratio, (slab + spike).sum(-1))


def test_kl_is_split_into_slab_and_spike():
    """The two parts against torch's own Gaussian and Bernoulli KLs."""
    slab, spike = POSTERIOR.kl_per_latent(OTHER)
    normals = [Normal(d.slab.mean, (d.slab.log_var / 2).exp()) for d in (POSTERIOR, OTHER)]
    torch.testing.assert_close(slab, G * kl_divergence(*normals))
    expected = kl_divergence(Bernoulli(G), Bernoulli(G.flip(1)))
    torch.testing.assert_close(spike, expected)
    torch.testing.assert_close(bernoulli_kl(POSTERIOR, OTHER), expected)


def test_kl_to_itself_is_zero():
    for part in POSTERIOR.kl_per_latent(POSTERIOR):
        torch.testing.assert_close(part, torch.zeros_like(part))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("head", ["clipped", "sigmoid"])
@pytest.mark.parametrize("value", [-1000.0, -30.0, -13.0, 13.0, 30.0, 1000.0])
def test_kl_tends_to_its_limits_as_the_spike_closes_or_opens(head, value, dtype):
    spike = torch.tensor([value], dtype=dtype, requires_grad=True)
    mean = torch.tensor([1.3], dtype=dtype, requires_grad=True)
    log_var = torch.tensor([-0.4], dtype=dtype, requires_grad=True)
    gaussian = DiagonalGaussian(mean, log_var)
    posterior = SpikeSlab(*log_spike_pair(spike, head), gaussian)
    kl = sum(part.sum() for part in posterior.kl_per_latent(prior(mean)))
    gaussian_kl = kl_divergence(Normal(mean, (log_var / 2).exp()), Normal(0.0, 1.0)).item()
    limit = -math.log(1 - ALPHA) if value < 0 else gaussian_kl - math.log(ALPHA)
    # At |v| = 13, g is within 3e-6 of its limit, and g log g within 4e-5.
    assert kl.item() == pytest.approx(limit, abs=1e-4)
    kl.backward()
    for parameter in (spike, mean, log_var):
        assert parameter.grad.isfinite().all()


def test_kl_grows_as_log_of_the_reciprocal_where_the_prior_closes():
    """The price of an active latent that the prior leaves off: log(1 / g_u)."""
    for g_u in (1e-2, 1e-4, 1e-6):
        _, spike = one_latent(1 - 1e-6, 0, 0).kl_per_latent(one_latent(g_u, 0, 0))
        assert spike.item() == pytest.approx(-math.log(g_u), abs=1e-4)


def test_paper_head_is_the_exponential_below_zero_and_one_above():
    values = torch.tensor([-2.0, -0.5, 0.0, 3.0], dtype=torch.float64, requires_grad=True)
    log_spike, log_no_spike = log_spike_pair(values, "clipped")
    expected = torch.tensor([math.exp(-2), math.exp(-0.5), 1 - 1e-6, 1 - 1e-6]).double()
    torch.testing.assert_close(log_spike.exp(), expected)
    torch.testing.assert_close(log_no_spike.exp(), 1 - expected)
    log_spike.sum().backward()
    torch.testing.assert_close(values.grad, torch.tensor([1.0, 1, 0, 0]).double())


def test_sigmoid_head_is_a_sigmoid_with_its_gradient():
    values = torch.linspace(-12, 12, 9, dtype=torch.float64, requires_grad=True)
    log_spike, log_no_spike = log_spike_pair(values, "sigmoid")
    expected = 1 / (1 + torch.exp(-values.detach()))
    torch.testing.assert_close(log_spike.exp(), expected)
    torch.testing.assert_close(log_no_spike.exp(), 1 - expected)
    log_spike.exp().sum().backward()
    torch.testing.assert_close(values.grad, expected * (1 - expected))


@pytest.mark.parametrize("head", ["clipped", "sigmoid"])
def test_spike_probability_keeps_away_from_zero_and_one(head):
    log_spike, log_no_spike = log_spike_pair(torch.tensor([-1e4, 1e4]), head)
    smallest = math.log(SMALLEST_PROBABILITY)
    assert log_spike[0].item() == pytest.approx(smallest)
    # 1 - 1e-6 has few digits in float32
    assert log_no_spike[1].item() == pytest.approx(smallest, abs=0.05)


def test_unknown_head_is_refused():
    with pytest.raises(ValueError, match=r"spike\.head: relu"):
        log_spike_pair(torch.zeros(1), "relu")


@pytest.mark.parametrize(("relaxation", "sharpness"), [("scaled_sigmoid", 50.0), ("concrete", 1.5)])
def test_relaxed_draws_have_the_gradient_of_finite_differences(
    relaxation, sharpness, central_difference
):
    """Common random numbers: every evaluation draws from a generator of the same seed."""
    start = torch.stack([torch.logit(G), MEAN, LOG_VAR])

    def total(parameters: torch.Tensor) -> torch.Tensor:
        spike, mean, log_var = parameters
        posterior = SpikeSlab(*log_spike_pair(spike, "sigmoid"), DiagonalGaussian(mean, log_var))
        noise = torch.Generator().manual_seed(5)
        return posterior.rsample(noise, relaxation, sharpness).square().sum()

    parameters = start.clone().requires_grad_()
    total(parameters).backward()
    expected = central_difference(total, start)
    assert (expected[0].abs() > 1e-6).any()  # the spikes do have a gradient
    torch.testing.assert_close(parameters.grad, expected, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("relaxation", ["scaled_sigmoid", "concrete"])
def test_relaxed_draws_are_never_exactly_zero(relaxation, generator):
    assert (POSTERIOR.rsample(generator, relaxation, 2.0) != 0).all()


@pytest.mark.parametrize("relaxation", ["straight_through", "straight_through_concrete"])
def test_straight_through_draws_are_distributed_as_hard_ones(relaxation, generator, assert_mean):
    draws = repeated(4000).rsample(generator, relaxation, 1.5)
    assert_mean((draws == 0).double(), 1 - G)
    assert_mean(draws, G * MEAN)


def test_draws_depend_on_the_generator_alone():
    first, second = (POSTERIOR.sample(torch.Generator().manual_seed(1)) for _ in range(2))
    assert torch.equal(first, second)
    assert not torch.equal(first, POSTERIOR.sample(torch.Generator().manual_seed(2)))


def test_warmed_changes_the_slab_and_not_the_spikes():
    warmed = POSTERIOR.warmed(0.25)
    assert torch.equal(warmed.log_spike, POSTERIOR.log_spike)
    assert torch.equal(warmed.log_no_spike, POSTERIOR.log_no_spike)
    torch.testing.assert_close(warmed.slab.mean, 0.25 * MEAN)
    torch.testing.assert_close(warmed.slab.log_var.exp(), 0.25 * LOG_VAR.exp() + 0.75)


def test_from_probability_keeps_both_logarithms():
    torch.testing.assert_close(POSTERIOR.spike_prob, G)
    torch.testing.assert_close(POSTERIOR.log_no_spike, (1 - G).log())
