import math
from itertools import product

import pytest
import torch
from sparsevae.distributions.likelihoods import (
    DECODER_HEADS,
    Bernoulli,
    ContinuousBernoulli,
    Gaussian,
    likelihood,
)
from sparsevae.study.settings import Likelihood

LOGITS = [-60.0, -5.0, -0.3, -0.0101, -0.0099, 0.0, 1e-6, 1e-4, 2e-3, 0.00999, 0.01001, 2.0, 40.0]
FLOATS = (torch.float64, torch.float32)
UNIT = torch.linspace(0, 1, 200_001, dtype=torch.float64)


def test_bernoulli_sums_to_one_over_binary_images():
    logits = torch.tensor([[-3.0, 0.2, 1.7]]).double()
    images = torch.tensor(list(product([0.0, 1.0], repeat=3))).double()
    assert Bernoulli(logits).log_prob(images).exp().sum().item() == pytest.approx(1)


def test_bernoulli_on_grey_is_the_cross_entropy():
    inputs = torch.linspace(0, 1, 20).reshape(4, 5).flip(1).double()
    logits = torch.linspace(-4, 4, 20).reshape(4, 5).double()
    p = torch.sigmoid(logits)
    expected = (inputs * p.log() + (1 - inputs) * (1 - p).log()).sum(1)
    torch.testing.assert_close(Bernoulli(logits).log_prob(inputs), expected)
    torch.testing.assert_close(Bernoulli(logits).mean, p)


@pytest.mark.parametrize("logit", LOGITS)
def test_continuous_bernoulli_integrates_to_one_with_its_mean(logit):
    distribution = ContinuousBernoulli(torch.full_like(UNIT[:, None], logit))
    density = distribution.log_prob(UNIT[:, None]).exp()
    assert torch.trapezoid(density, UNIT).item() == pytest.approx(1, abs=1e-6)
    mean = torch.trapezoid(density * UNIT, UNIT).item()
    assert distribution.mean[0].item() == pytest.approx(mean, abs=1e-6)


@pytest.mark.parametrize("logit", LOGITS)
def test_continuous_bernoulli_is_as_good_in_float32(logit):
    """Near p = 1/2 the closed forms of normaliser and mean are 0/0."""
    x = torch.tensor([[0.3]])
    exact, single = (ContinuousBernoulli(torch.tensor([[logit]], dtype=d)) for d in FLOATS)
    torch.testing.assert_close(
        single.log_prob(x).double(), exact.log_prob(x.double()), rtol=1e-5, atol=1e-5
    )
    torch.testing.assert_close(single.mean.double(), exact.mean, rtol=1e-4, atol=0)


def test_continuous_bernoulli_is_that_of_torch():
    logits = torch.tensor([[-7.0, -0.8, 0.5, 9.0]]).double()
    x = torch.tensor([[0.1, 0.9, 0.5, 0.99]]).double()
    expected = torch.distributions.ContinuousBernoulli(logits=logits)
    actual = ContinuousBernoulli(logits)
    torch.testing.assert_close(actual.log_prob(x), expected.log_prob(x).sum(1))
    torch.testing.assert_close(actual.mean, expected.mean)


def test_gaussian_integrates_to_one():
    grid = torch.linspace(-9, 10, 20_001, dtype=torch.float64)[:, None]
    gaussian = Gaussian(torch.full_like(grid, 0.4), torch.full_like(grid, 0.25))
    density = gaussian.log_prob(grid).exp()
    assert torch.trapezoid(density, grid[:, 0]).item() == pytest.approx(1, abs=1e-9)


def test_gaussian_is_that_of_torch():
    heads = [torch.linspace(-2, 2, 6).reshape(2, 3).double() for _ in range(2)]
    x = torch.tensor([[0.0, 0.2, 0.9], [1.0, 0.5, 0.3]]).double()
    gaussian = likelihood(Likelihood(family="gaussian", variance_floor=0.01), heads)
    sd = torch.sqrt(torch.exp(heads[1]) + 0.01)
    expected = torch.distributions.Normal(torch.sigmoid(heads[0]), sd).log_prob(x).sum(1)
    torch.testing.assert_close(gaussian.log_prob(x), expected)


def test_variance_floor_bounds_the_density():
    """The authors' 1e-6: at most log(1 / sqrt(2 pi 1e-6)) = 5.99 nats per pixel."""
    heads = [torch.zeros(1, 1), torch.full((1, 1), -1e3)]
    gaussian = likelihood(Likelihood(family="gaussian", variance_floor=1e-6), heads)
    density = gaussian.log_prob(torch.full((1, 1), 0.5)).item()
    assert density == pytest.approx(-0.5 * math.log(2 * math.pi * 1e-6), abs=1e-4)


def test_a_linear_mean_is_the_decoders_output():
    heads = [torch.linspace(-2, 2, 6).reshape(2, 3).double() for _ in range(2)]
    settings = Likelihood(family="gaussian", mean="linear", variance_floor=0.01)
    torch.testing.assert_close(likelihood(settings, heads).mean, heads[0])


@pytest.mark.parametrize("family", ["bernoulli", "continuous_bernoulli", "gaussian"])
def test_log_prob_is_a_sum_over_pixels_for_each_sample(family):
    heads = [torch.linspace(-1, 2, 12).reshape(3, 4).double() for _ in range(DECODER_HEADS[family])]
    x = torch.linspace(0.05, 0.9, 12).reshape(3, 4).double()
    together = likelihood(Likelihood(family=family), heads).log_prob(x)
    pixels = [
        likelihood(Likelihood(family=family), [head[:, [d]] for head in heads]).log_prob(x[:, [d]])
        for d in range(4)
    ]
    assert together.shape == (3,)
    torch.testing.assert_close(together, sum(pixels))


@pytest.mark.parametrize("family", ["bernoulli", "continuous_bernoulli"])
def test_gradients_are_those_of_finite_differences(family, central_difference):
    logits = torch.tensor(LOGITS).double()
    x = torch.linspace(0, 1, len(LOGITS)).double()[None]

    def total(values: torch.Tensor) -> torch.Tensor:
        return likelihood(Likelihood(family=family), [values[None]]).log_prob(x).sum()

    start = logits.clone().requires_grad_()
    total(start).backward()
    expected = central_difference(total, logits)
    torch.testing.assert_close(start.grad, expected, rtol=1e-5, atol=1e-6)
