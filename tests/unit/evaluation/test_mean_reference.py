"""The bound of a model that predicts the training set's mean, by scipy's densities."""

import math

import numpy as np
import pytest
import torch
from scipy import integrate, optimize, stats
from sparsevae.data.split import Split
from sparsevae.distributions.likelihoods import likelihood_of_moments
from sparsevae.evaluation.encoded import encode_split
from sparsevae.evaluation.evaluate import evaluate
from sparsevae.evaluation.mean_reference import elbo_of_mean
from sparsevae.study.settings import Evaluation, Likelihood

GENERATOR = np.random.default_rng(5)
TRAIN = Split(GENERATOR.integers(0, 200, (23, 1, 2, 3), dtype=np.uint8), np.zeros(23, np.uint8))
TEST = Split(GENERATOR.integers(0, 256, (9, 1, 2, 3), dtype=np.uint8), np.zeros(9, np.uint8))
TRAIN.inputs[:, 0, 0, 0] = 0  # a pixel that is off in all training images, and on in the test set


def moments(limit: int | None = None) -> tuple[np.ndarray, np.ndarray]:
    """Mean and mean square of each pixel, with half a black and half a white image."""
    x = TRAIN.inputs[:limit].reshape(-1, 6) / 255
    return (x.sum(0) + 0.5) / (len(x) + 1), ((x**2).sum(0) + 0.5) / (len(x) + 1)


@pytest.fixture
def measured(tiny_model):
    def make(likelihood: Likelihood, limit: int | None = None) -> float:
        model = tiny_model("vae", (1, 2, 3)).float()
        encoded = encode_split(model, TEST, likelihood.inputs, 4)
        return elbo_of_mean(TRAIN, encoded, likelihood, limit)

    return make


@pytest.mark.parametrize("limit", [None, 7])
def test_bernoulli_is_the_cross_entropy_of_the_mean(limit, measured):
    p, x = moments(limit)[0], TEST.inputs.reshape(9, 6) / 255
    expected = (x * np.log(p) + (1 - x) * np.log(1 - p)).sum(1).mean()
    assert measured(Likelihood(), limit) == pytest.approx(expected, rel=1e-6)


def test_gaussian_has_the_mean_and_the_best_variance_of_each_feature(measured):
    mean, square = moments()
    x = TEST.inputs.reshape(9, 6) / 255
    expected = stats.norm(mean, np.sqrt(square - mean**2)).logpdf(x).sum(1).mean()
    assert measured(Likelihood(family="gaussian")) == pytest.approx(expected, rel=1e-5)


def test_a_gaussian_predicts_no_mean_that_its_sigmoid_cannot():
    """Of values around -0.5 the best mean is 0, with a variance around that; then the floor."""
    mean, square = torch.tensor([-0.5, 0.3]).double(), torch.tensor([0.29, 0.09]).double()
    gaussian = likelihood_of_moments(
        Likelihood(family="gaussian", variance_floor=0.01), mean, square
    )
    torch.testing.assert_close(gaussian.mean, torch.tensor([0.0, 0.3]).double())
    torch.testing.assert_close(gaussian.variance, torch.tensor([0.29, 0.01]).double())


@pytest.mark.parametrize("mean", [1e-5, 0.2, 0.5, 0.9])
def test_continuous_bernoulli_has_the_mean_that_is_asked_for(mean):
    """Its mean by quadrature of exp(a x), and scipy's root of it."""
    found = likelihood_of_moments(
        Likelihood(family="continuous_bernoulli"), *torch.full((2, 1), mean).double()
    )

    def mean_of(a: float) -> float:
        shift = max(a, 0.0)
        points = [0.0, 1 / max(abs(a), 1), 1.0] if a < 0 else [0.0, 1 - 1 / max(abs(a), 1), 1.0]
        parts = [
            integrate.quad(lambda x, k=k: x**k * math.exp(a * x - shift), 0, 1, points=points)[0]
            for k in (0, 1)
        ]
        return parts[1] / parts[0]

    if mean < 1e-3:  # exp(a x) is over long before 1: the mean is -1 / a
        assert found.logits.item() == pytest.approx(-1 / mean, rel=1e-3)
    else:
        root = optimize.brentq(lambda a: mean_of(a) - mean, -30, 30)
        assert found.logits.item() == pytest.approx(root, abs=1e-5)


@torch.no_grad()
def test_a_decoder_that_ignores_its_latents_is_at_the_reference(tiny_model):
    """And one step worse than that is flagged: the bound has no other part."""
    model = tiny_model("vae", (1, 2, 3)).float()
    for parameter in model.parameters():
        parameter.zero_()  # q(z|x) is the prior, and no latent reaches the decoder
    mean = torch.from_numpy(moments()[0]).float()
    encoded = encode_split(model, TEST, "unit_interval", 4)
    reference = elbo_of_mean(TRAIN, encoded, Likelihood())
    flags = []
    for shift in (0.0, 3.0):
        model.decoder.heads[0].bias.copy_(torch.logit(mean) + shift)
        encoded = encode_split(model, TEST, "unit_interval", 4)
        metrics, _ = evaluate(model, encoded, Evaluation(iwae_samples=None), 1, reference - 1e-4)
        flags.append(metrics["worse_than_mean"])
        if shift == 0:
            assert metrics["elbo"] == pytest.approx(reference, rel=1e-5)
    assert flags == [0, 1]
