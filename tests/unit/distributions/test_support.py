"""Values that a likelihood gives no density are refused in one line; counts: test_counts.py."""

import pytest
import torch
from sparsevae.distributions.support import check_support
from sparsevae.jobs.errors import ConfigError
from sparsevae.study.settings import Likelihood

RUN = "uci_har/vae/latent-2/seed-1"


@pytest.mark.parametrize("values", [[-0.25, 0.5], [0.5, 1.5], [0.5, float("nan")]])
@pytest.mark.parametrize(
    ("likelihood", "key"),
    [
        (Likelihood(family="bernoulli"), "family: bernoulli"),
        (Likelihood(family="continuous_bernoulli"), "family: continuous_bernoulli"),
        (Likelihood(family="gaussian"), "mean: sigmoid"),
        (Likelihood(family="gaussian", mean="sigmoid"), "mean: sigmoid"),
    ],
)
def test_a_likelihood_on_the_unit_interval_refuses_other_values(likelihood, key, values):
    with pytest.raises(ConfigError) as error:
        check_support(torch.tensor([values]), likelihood, RUN)
    low, high = ("nan", "nan") if values[1] != values[1] else values
    assert str(error.value) == (
        f"{RUN}: likelihood.{key} needs inputs in [0, 1] and these are from {low} to {high}; "
        "allowed: {family: gaussian, mean: linear}"
    )


@pytest.mark.parametrize(
    ("values", "likelihood"),
    [
        ([0.0, 1.0], Likelihood(family="bernoulli")),
        ([0.0, 1.0], Likelihood(family="gaussian")),
        ([-1.0, 2.0], Likelihood(family="gaussian", mean="linear")),
    ],
)
def test_values_that_a_likelihood_has_a_density_for_pass(values, likelihood):
    check_support(torch.tensor([values]), likelihood, "a run")
