import math

import pytest
import torch
from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.mixture import Mixture
from torch.distributions import Normal


@pytest.fixture
def gaussians() -> DiagonalGaussian:
    mean = torch.tensor([[0.0, 1.0], [2.0, -1.0], [-3.0, 0.5]], dtype=torch.float64)
    return DiagonalGaussian(mean, torch.tensor([[0.0, -1.0], [0.4, 0.2], [-0.5, 0.0]]).double())


def test_density_is_the_mean_of_the_components(gaussians):
    z = torch.tensor([[0.3, -0.2], [1.5, 0.7]], dtype=torch.float64)
    densities = [
        Normal(m, (v / 2).exp()).log_prob(z).sum(1).exp()
        for m, v in zip(gaussians.mean, gaussians.log_var, strict=True)
    ]
    torch.testing.assert_close(Mixture(gaussians).log_prob(z), (sum(densities) / 3).log())


def test_draws_have_the_mean_and_spread_of_the_mixture(gaussians, generator, assert_mean):
    z = Mixture(gaussians).sample(20_000, generator)
    assert_mean(z, gaussians.mean.mean(0))
    assert_mean(z.square(), (gaussians.mean.square() + gaussians.log_var.exp()).mean(0))


def test_one_component_is_that_distribution(gaussians, generator):
    one = Mixture(gaussians[:1])
    assert (len(one), len(Mixture(gaussians))) == (1, 3)
    z = one.sample(5, torch.Generator().manual_seed(2))
    expected = gaussians[0].repeated(5).sample(torch.Generator().manual_seed(2))
    assert z.equal(expected)
    assert one.log_prob(z).equal(gaussians[0].log_prob(z))
    assert math.isfinite(one.log_prob(z).sum())
