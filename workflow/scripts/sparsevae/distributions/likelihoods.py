"""log p(x|z): likelihoods of flattened inputs x in (B, D), built from the decoder's outputs.

`log_prob` sums over the D features and returns one value per sample, in nats.
"""

import math
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from sparsevae.study import choices


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
    """Gaussian with learned mean and variance per feature (supplement D); the mean is a sigmoid.

    `variance_floor` is added to the variance, as the authors' code does with 1e-6.
    """

    mean: Float[Tensor, "*sample features"]
    variance: Float[Tensor, "*sample features"]

    def log_prob(self, inputs: Float[Tensor, "batch features"]) -> Float[Tensor, "*sample"]:
        """Return log p(x|z) in nats, summed over features."""
        squared = (inputs - self.mean).square() / self.variance
        return -0.5 * (squared + self.variance.log() + math.log(2 * math.pi)).sum(-1)


Distribution = Bernoulli | ContinuousBernoulli | Gaussian

DECODER_HEADS = choices.implementing(
    choices.LIKELIHOODS, {"bernoulli": 1, "continuous_bernoulli": 1, "gaussian": 2}
)


def likelihood(
    family: str, heads: list[Float[Tensor, "*sample features"]], variance_floor: float = 0.0
) -> Distribution:
    """Return the likelihood of a family from as many decoder outputs as DECODER_HEADS says.

    `variance_floor` is the least variance of a Gaussian; other families have none.
    """
    if family == "gaussian":
        return Gaussian(mean=torch.sigmoid(heads[0]), variance=heads[1].exp() + variance_floor)
    return {"bernoulli": Bernoulli, "continuous_bernoulli": ContinuousBernoulli}[family](heads[0])
