"""Likelihoods of counts, such as molecules of each gene in a cell, given how many there are in all.

The decoder says which share of a sample's counts each feature has; the sample's own total, its
library size l = sum_d x_d, scales the shares to rates: E[x_d | z, l] = l rho_d, as scVI does with
observed library sizes (Lopez et al. 2018, Nature Methods 15; scvi-tools, `use_observed_lib_size`).
So log p(x | z) here is of x given its total, and is comparable between models of the same data.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor


@dataclass(frozen=True)
class Poisson:
    """x_d ~ Poisson(l rho_d), rho = softmax(logits)."""

    logits: Float[Tensor, "*sample features"]

    @property
    def mean(self) -> Float[Tensor, "*sample features"]:
        """rho: E[x|z] for a library size of 1."""
        return torch.softmax(self.logits, -1)

    def log_prob(self, inputs: Float[Tensor, "batch features"]) -> Float[Tensor, "*sample"]:
        """Return log p(x | z, l) in nats, summed over features; every x has a count above 0."""
        log_rate = log_rates(self.logits, inputs)
        return (inputs * log_rate - log_rate.exp() - torch.lgamma(inputs + 1)).sum(-1)


@dataclass(frozen=True)
class NegativeBinomial:
    """x_d with mean mu_d = l rho_d and variance mu_d + mu_d^2 / theta_d.

    log_theta: of the inverse dispersion, one for each feature, whatever z is (scvi-tools'
    `dispersion="gene"`).
    """

    logits: Float[Tensor, "*sample features"]
    log_theta: Float[Tensor, "features"]

    @property
    def mean(self) -> Float[Tensor, "*sample features"]:
        """rho: E[x|z] for a library size of 1."""
        return torch.softmax(self.logits, -1)

    def log_prob(self, inputs: Float[Tensor, "batch features"]) -> Float[Tensor, "*sample"]:
        """Return log p(x | z, l) in nats, summed over features; every x has a count above 0."""
        log_mu, theta = log_rates(self.logits, inputs), self.log_theta.exp()
        log_both = torch.logaddexp(self.log_theta.expand_as(log_mu), log_mu)
        choices = torch.lgamma(inputs + theta) - torch.lgamma(theta) - torch.lgamma(inputs + 1)
        failures = theta * (self.log_theta - log_both)
        return (choices + failures + inputs * (log_mu - log_both)).sum(-1)


def log_rates(
    logits: Float[Tensor, "*sample features"], inputs: Float[Tensor, "batch features"]
) -> Float[Tensor, "*sample features"]:
    """Return log(l rho), l the library sizes of the inputs."""
    library = inputs.sum(-1, keepdim=True)
    return torch.log_softmax(logits, -1) + library.log()


def of_moments(
    mean: Float[Tensor, "features"], mean_square: Float[Tensor, "features"]
) -> Float[Tensor, "features"]:
    """Return log theta by the method of moments: variance = mean + mean^2 / theta.

    Between 1e-3 and 1e6, as for features that vary less than a Poisson would.
    """
    excess = (mean_square - mean.square() - mean).clamp_min(1e-12)
    return (mean.square() / excess).clamp(1e-3, 1e6).log()
