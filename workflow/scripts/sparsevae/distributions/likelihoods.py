"""log p(x|z): likelihoods of flattened inputs x in (B, D), built from the decoder's outputs.

`log_prob` sums over the D features and returns one value per sample, in nats.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.counts import NegativeBinomial, Poisson, of_moments
from sparsevae.study import choices
from sparsevae.study.settings import Likelihood


@dataclass(frozen=True)
class Bernoulli:
    """Bernoulli likelihood; on grey values in [0, 1] the cross-entropy of the reproduction."""

    logits: Float[Tensor, "*sample features"]

    @property
    def mean(self) -> Float[Tensor, "*sample features"]:
        """E[x|z]."""
        return torch.sigmoid(self.logits)

    def log_prob(self, inputs: Float[Tensor, "batch features"]) -> Float[Tensor, "*sample"]:
        """Return log p(x|z) in nats, summed over features."""
        # x log s(a) + (1 - x) log s(-a) = x a - softplus(a)
        return (inputs * self.logits - F.softplus(self.logits)).sum(-1)


@dataclass(frozen=True)
class ContinuousBernoulli:
    """Continuous Bernoulli on [0, 1] (Loaiza-Ganem & Cunningham 2019, eq. 3 and 4)."""

    logits: Float[Tensor, "*sample features"]

    @property
    def mean(self) -> Float[Tensor, "*sample features"]:
        """E[x|z], which is not sigmoid(logits) here."""
        # p / (2p - 1) + 1 / (2 atanh(1 - 2p)) with p = sigmoid(a); 1/2 + a/12 near a = 0.
        near = self.logits.abs() < 1e-2
        a = torch.where(near, torch.ones_like(self.logits), self.logits)
        exact = torch.sigmoid(a) / torch.tanh(a / 2) - 1 / a
        return torch.where(near, 0.5 + self.logits / 12, exact)

    def log_prob(self, inputs: Float[Tensor, "batch features"]) -> Float[Tensor, "*sample"]:
        """Return log p(x|z) in nats, summed over features."""
        bernoulli = inputs * self.logits - F.softplus(self.logits)
        return (bernoulli + self._log_normaliser()).sum(-1)

    def _log_normaliser(self) -> Float[Tensor, "*sample features"]:
        # log C = log(a / tanh(a / 2)), which is even and tends to log 2 + a^2 / 12 at a = 0.
        near = self.logits.abs() < 1e-2
        a = torch.where(near, torch.ones_like(self.logits), self.logits.abs())
        return torch.where(
            near, math.log(2) + self.logits.square() / 12, torch.log(a / torch.tanh(a / 2))
        )


@dataclass(frozen=True)
class Gaussian:
    """Gaussian with learned mean and variance per feature (supplement D).

    The mean is a sigmoid of the decoder's output, or with `likelihood.mean: linear` the output
    itself, for inputs that are not in [0, 1]. `variance_floor` is added to the variance, as the
    authors' code does with 1e-6.
    """

    mean: Float[Tensor, "*sample features"]
    variance: Float[Tensor, "*sample features"]

    def log_prob(self, inputs: Float[Tensor, "batch features"]) -> Float[Tensor, "*sample"]:
        """Return log p(x|z) in nats, summed over features."""
        squared = (inputs - self.mean).square() / self.variance
        return -0.5 * (squared + self.variance.log() + math.log(2 * math.pi)).sum(-1)


Distribution = Bernoulli | ContinuousBernoulli | Gaussian | Poisson | NegativeBinomial

DECODER_HEADS = choices.implementing(
    choices.LIKELIHOODS,
    {
        "bernoulli": 1,
        "continuous_bernoulli": 1,
        "gaussian": 2,
        "poisson": 1,
        "negative_binomial": 1,
    },
)

_ONE_HEAD: dict[str, type[Bernoulli] | type[ContinuousBernoulli] | type[Poisson]] = {
    "bernoulli": Bernoulli,
    "continuous_bernoulli": ContinuousBernoulli,
    "poisson": Poisson,
}


def likelihood(
    settings: Likelihood,
    heads: list[Float[Tensor, "*sample features"]],
    log_theta: Float[Tensor, "features"] | None = None,
) -> Distribution:
    """Return the likelihood of some settings from as many decoder outputs as DECODER_HEADS says.

    log_theta: of a negative binomial (distributions/counts.py).
    """
    if settings.family == "gaussian":
        mean = heads[0] if settings.mean == "linear" else torch.sigmoid(heads[0])
        return Gaussian(mean=mean, variance=heads[1].exp() + settings.variance_floor)
    if settings.family == "negative_binomial":
        assert log_theta is not None, "a negative binomial has a dispersion"
        return NegativeBinomial(heads[0], log_theta)
    return _ONE_HEAD[settings.family](heads[0])


def encoder_inputs(
    family: str, inputs: Float[Tensor, "batch features"]
) -> Float[Tensor, "batch features"]:
    """Return what the encoder reads of x: of counts log(1 + x), of all else x itself."""
    return inputs.log1p() if family in choices.OF_COUNTS else inputs


def likelihood_of_moments(
    settings: Likelihood,
    mean: Float[Tensor, "features"],
    mean_square: Float[Tensor, "features"],
) -> Distribution:
    """Return the member of a family that fits samples of these moments best, feature by feature.

    What a decoder without latents can learn: E[x] is the mean, for a Gaussian within [0, 1] if its
    mean is a sigmoid, and with the best variance above the floor; for counts the shares of the mean
    and, of a negative binomial, the dispersion by moments. mean: of values in (0, 1) for the
    families on [0, 1], above 0 for counts.
    """
    if settings.family == "gaussian":
        reachable = mean if settings.mean == "linear" else mean.clamp(0, 1)
        variance = mean_square - 2 * reachable * mean + reachable.square()
        return Gaussian(reachable, variance.clamp_min(settings.variance_floor))
    if settings.family == "bernoulli":
        return Bernoulli(torch.logit(mean))
    if settings.family == "continuous_bernoulli":
        return ContinuousBernoulli(_logits_of_mean(mean))
    if settings.family == "poisson":
        return Poisson(mean.log())
    return NegativeBinomial(mean.log(), of_moments(mean, mean_square))


def _logits_of_mean(mean: Float[Tensor, "features"]) -> Float[Tensor, "features"]:
    """Return the continuous Bernoulli's logits by bisection: its mean rises with them."""
    low, high = torch.full_like(mean, -1e9), torch.full_like(mean, 1e9)
    for _ in range(100):
        middle = (low + high) / 2
        below = ContinuousBernoulli(middle).mean < mean
        low, high = torch.where(below, middle, low), torch.where(below, high, middle)
    return (low + high) / 2
