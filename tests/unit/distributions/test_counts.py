"""Likelihoods of counts: log p against SciPy, with rates of the sample's own total."""

import numpy as np
import pytest
import torch
from scipy import stats
from sparsevae.distributions.counts import NegativeBinomial, Poisson
from sparsevae.distributions.likelihoods import encoder_inputs, likelihood_of_moments
from sparsevae.distributions.support import check_support
from sparsevae.jobs.errors import ConfigError
from sparsevae.study.settings import Likelihood

LOGITS = torch.tensor([[0.3, -1.2, 2.0, 0.0], [-0.5, 0.5, 0.1, -3.0]], dtype=torch.float64)
COUNTS = torch.tensor([[3.0, 0.0, 40.0, 1.0], [0.0, 7.0, 2.0, 0.0]], dtype=torch.float64)
RATES = COUNTS.sum(1, keepdim=True).numpy() * np.exp(LOGITS.numpy())
RATES /= np.exp(LOGITS.numpy()).sum(1, keepdims=True)


def test_poisson_is_scipys_at_the_rates_of_the_library():
    expected = stats.poisson.logpmf(COUNTS.numpy(), RATES).sum(1)
    np.testing.assert_allclose(Poisson(LOGITS).log_prob(COUNTS), expected, rtol=1e-12)
    np.testing.assert_allclose(
        Poisson(LOGITS).mean * COUNTS.sum(1, keepdim=True), RATES, rtol=1e-12
    )


def test_negative_binomial_is_scipys_at_the_rates_of_the_library():
    theta = np.array([0.2, 3.0, 50.0, 1e4])
    found = NegativeBinomial(LOGITS, torch.from_numpy(theta).log()).log_prob(COUNTS)
    expected = stats.nbinom.logpmf(COUNTS.numpy(), theta, theta / (theta + RATES)).sum(1)
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_a_large_theta_is_a_poisson():
    found = NegativeBinomial(LOGITS, torch.full((4,), 18.0, dtype=torch.float64))
    expected = Poisson(LOGITS).log_prob(COUNTS)
    torch.testing.assert_close(found.log_prob(COUNTS), expected, rtol=1e-6, atol=1e-5)


@pytest.mark.parametrize("family", ["poisson", "negative_binomial"])
def test_many_decodings_of_one_sample_have_the_shape_of_draws(family, tiny_model):
    model = tiny_model("vsc", (4,), likelihood={"family": family})
    z = torch.randn(5, 2, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    decoded = model.decode(z)
    assert decoded.log_prob(COUNTS).shape == (5, 2)
    torch.testing.assert_close(decoded.log_prob(COUNTS)[3], model.decode(z[3]).log_prob(COUNTS))


def test_the_encoder_reads_logarithms_and_the_dispersion_learns(tiny_model, generator):
    from sparsevae.models.schedules import Schedule

    model = tiny_model("vae", (4,), likelihood={"family": "negative_binomial"})
    seen = []
    model.encoder.register_forward_pre_hook(lambda module, given: seen.append(given[0]))
    schedule = Schedule(slab_warmup=1.0, sharpness=1.0, learning_rate=1e-3, beta=1.0)
    model.objective(COUNTS, schedule, generator).loss.sum().backward()
    torch.testing.assert_close(seen[0], torch.log(1 + COUNTS))
    assert model.log_theta.grad.abs().min() > 0
    assert torch.equal(encoder_inputs("gaussian", COUNTS), COUNTS)


def test_the_constant_model_has_the_shares_and_the_dispersion_of_the_moments():
    mean = torch.tensor([1.0, 3.0], dtype=torch.float64)
    square = torch.tensor([1 + 1 + 0.5, 9 + 3 + 18.0], dtype=torch.float64)
    poisson = likelihood_of_moments(Likelihood(family="poisson"), mean, square)
    torch.testing.assert_close(poisson.mean, mean / 4)
    found = likelihood_of_moments(Likelihood(family="negative_binomial"), mean, square)
    # variance = mean + mean^2 / theta
    torch.testing.assert_close(found.log_theta.exp(), torch.tensor([2.0, 0.5]).double())


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([[1.0, 2.5]], "needs counts, and these are from 1 to 2.5 or not whole"),
        ([[1.0, -1.0]], "needs counts, and these are from -1 to 1"),
        ([[1.0, float("nan")]], "needs counts"),
        ([[1.0, 2.0], [0.0, 0.0]], "1 samples have no count above 0, the first is sample 2"),
    ],
)
def test_what_is_no_count_is_refused(values, words):
    with pytest.raises(ConfigError, match=r"^d/m: likelihood.family: poisson") as error:
        check_support(torch.tensor(values), Likelihood(family="poisson"), "d/m")
    assert words in str(error.value)
