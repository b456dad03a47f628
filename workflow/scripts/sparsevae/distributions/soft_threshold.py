"""Gaussians after a soft threshold: z = sign(y) max(|y| - t, 0), y ~ N(m, s^2).

The map is continuous and fixed, so z has exact zeros and pathwise gradients need no relaxation. It
is the two-sided form of the rectified Gaussian of Salimans 2016, "A structured variational
auto-encoder for learning deep hierarchies of sparse features". Densities are with respect to the
mixed measure: log P(|y| <= t) at 0, log N(z + t sign(z); m, s^2) elsewhere.
"""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from sparsevae.distributions.noise import normal_like
from sparsevae.distributions.posterior import Posterior

Values = Float[Tensor, "*batch latent"]


@dataclass(frozen=True)
class SoftThreshold(Posterior):
    """Mean m and log variance of y, and the threshold t, as large as the others."""

    location: Values
    log_var: Values
    threshold: Values

    @property
    def std(self) -> Values:
        """s, the standard deviation of y."""
        return torch.exp(0.5 * self.log_var)

    @property
    def spike_prob(self) -> Values:  # type: ignore[override]
        """P(z != 0) = P(y > t) + P(y < -t)."""
        return self._side(1)[0] + self._side(-1)[0]

    @property
    def mean(self) -> Values:  # type: ignore[override]
        """E[z]."""
        return self._side(1)[1] - self._side(-1)[1]

    @property
    def slab_mean(self) -> Values:
        """E[z | z != 0]."""
        return self.mean / self._positive_prob()

    @property
    def slab_std(self) -> Values:
        """The standard deviation of z where it is not 0."""
        square = (self._side(1)[2] + self._side(-1)[2]) / self._positive_prob()
        return (square - self.slab_mean.square()).clamp_min(0).sqrt()

    @property
    def active(self) -> Bool[Tensor, "*batch latent"]:
        """Which latents are on more likely than not."""
        return self.spike_prob > 0.5

    @property
    def sparse_code(self) -> Values:
        """E[z | z != 0] of the active latents, exact zeros elsewhere."""
        return torch.where(self.active, self.slab_mean, 0.0)

    def sample(self, noise: torch.Generator) -> Values:
        """Draw z, with exact zeros and differentiable in m and s."""
        y = self.location + self.std * normal_like(self.location, noise)
        return y.sign() * torch.relu(y.abs() - self.threshold)

    def log_prob(self, latents: Float[Tensor, "*#batch latent"]) -> Float[Tensor, "*#batch"]:
        """Return the log-density in nats, summed over latents; `latents` and self broadcast."""
        y = latents + self.threshold * latents.sign()
        squared = (y - self.location).square() * torch.exp(-self.log_var)
        density = -0.5 * (squared + self.log_var + math.log(2 * math.pi))
        return torch.where(latents == 0, self.log_zero_prob(), density).sum(-1)

    def log_zero_prob(self) -> Values:
        """Return log P(|y| <= t) = log(Phi(h) - Phi(l)), exact where both are near 0 or 1."""
        centre = self.location.abs()
        high, low = (self.threshold - centre) / self.std, (-self.threshold - centre) / self.std
        log_high = torch.special.log_ndtr(high)
        ratio = torch.special.log_ndtr(low) - log_high
        return log_high + torch.log1p(-ratio.exp())

    def kl_per_latent(self, other: "SoftThreshold") -> tuple[Values, Values]:
        """Return KL(self || other) as (slab part, spike part), for equal thresholds, in nats.

        other: of mean 0 and variance 1. With a = (m - t) / s, P = Phi(a) and e = P - a phi(a), what
        is above 0 adds -P log s - e / 2 + (s^2 e + 2 m s phi(a) + m^2 P) / 2; what is below adds
        the same with -m. The spike part is the KL of z != 0 alone.
        """
        log_zero, other_zero = self.log_zero_prob(), other.log_zero_prob()
        g, tiny = self.spike_prob, torch.finfo(self.location.dtype).tiny
        zero = log_zero.exp() * (log_zero - other_zero)
        whole = zero + self._above(1) + self._above(-1)
        on = g.clamp_min(tiny).log() - other.spike_prob.log()
        spike = zero + g * on
        return whole - spike, spike

    def _above(self, sign: int) -> Values:
        prob, density, a = self._tail(sign)
        mean, left = sign * self.location, prob - a * density
        squares = left * self.log_var.exp() + 2 * mean * self.std * density + mean.square() * prob
        return 0.5 * (squares - prob * self.log_var - left)

    def _tail(self, sign: int) -> tuple[Values, Values, Values]:
        """Return Phi(a), phi(a) and a = (sign m - t) / s."""
        a = (sign * self.location - self.threshold) / self.std
        density = torch.exp(-0.5 * a.square()) / math.sqrt(2 * math.pi)
        return torch.special.ndtr(a), density, a

    def _side(self, sign: int) -> tuple[Values, Values, Values]:
        """Return P(sign z > 0), and E[|z|] and E[z^2] of that side alone."""
        prob, density, a = self._tail(sign)
        one = self.std * (a * prob + density)
        return prob, one, self.log_var.exp() * ((1 + a.square()) * prob + a * density)

    def _positive_prob(self) -> Values:
        return self.spike_prob.clamp_min(torch.finfo(self.location.dtype).tiny)
