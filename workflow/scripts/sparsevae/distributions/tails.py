"""Both tails of a Gaussian beyond a threshold, moved together: a thresholded Gaussian that is on.

Noise e ~ N(0, s^2) is shrunk: z = m + sign(e) (|e| - t) if |e| > t, else exactly 0 (Fallah &
Rozell 2022). Given |e| > t, z has the density N(|z - m| + t; 0, s^2) / (2 Phi(-t / s)).
"""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.noise import uniform_like
from sparsevae.distributions.posterior import Slab

Values = Float[Tensor, "*batch latent"]


@dataclass(frozen=True)
class GaussianTails(Slab):
    """m, log s^2 and t, the last as large as the others."""

    mean: Values
    log_var: Values
    threshold: Values

    @property
    def std(self) -> Values:
        """s, the standard deviation of the noise before the threshold."""
        return torch.exp(0.5 * self.log_var)

    @property
    def log_mass(self) -> Values:
        """log P(|e| > t) = log(2 Phi(-t / s))."""
        return torch.special.log_ndtr(-self.threshold / self.std) + math.log(2)

    @property
    def slab_std(self) -> Values:
        """The standard deviation of z where it is on."""
        none, one, two = _moments(self.threshold, self.std)
        return ((two - 2 * self.threshold * one) / none + self.threshold**2).clamp_min(0).sqrt()

    def sample(self, noise: torch.Generator) -> Values:
        """Draw z given that it is on, differentiable in all parameters."""
        centred = 2 * uniform_like(self.mean, noise) - 1
        beyond = centred.abs() * torch.special.ndtr(-self.threshold / self.std)
        size = -self.std * torch.special.ndtri(beyond)
        return self.mean + centred.sign() * (size - self.threshold)

    def log_prob_per_latent(
        self, latents: Float[Tensor, "*#batch latent"]
    ) -> Float[Tensor, "*#batch latent"]:
        """Return the log-density in nats given that z is on, latent by latent; shapes broadcast."""
        size = (latents - self.mean).abs() + self.threshold
        squared = size.square() * torch.exp(-self.log_var)
        return -0.5 * (squared + self.log_var + math.log(2 * math.pi)) - self.log_mass

    def kl_per_latent(self, other: "GaussianTails") -> Values:
        """Return KL(self || other) in nats for equal thresholds, given that z is on.

        The other's noise that gives z, |z - m_o| + t, is linear in |e| on three ranges: with d the
        distance of the means, d + |e| on one side; on the other d + 2 t - |e| up to t + d and
        |e| - d beyond. So its second moment is one of truncated Gaussians.
        """
        t, s = self.threshold, self.std
        d = (self.mean - other.mean).abs()
        near, far = _moments(t, s), _moments(t + d, s)
        between = tuple(a - b for a, b in zip(near, far, strict=True))
        square = _square(near, d, 1) + _square(between, d + 2 * t, -1) + _square(far, -d, 1)
        own = near[2] / near[0] * torch.exp(-self.log_var)
        others = 0.5 * square / near[0] * torch.exp(-other.log_var)
        masses = other.log_mass - self.log_mass
        return 0.5 * (other.log_var - self.log_var + others - own) + masses


def _moments(start: Values, std: Values) -> tuple[Values, Values, Values]:
    """Return the integrals of N(e; 0, s^2), times e and times e^2, from `start` to infinity."""
    a = start / std
    density = torch.exp(-0.5 * a.square()) / math.sqrt(2 * math.pi)
    none = torch.special.ndtr(-a)
    return none, std * density, std.square() * (none + a * density)


def _square(moments: tuple[Values, ...], offset: Values, sign: int) -> Values:
    """Return the integral of (offset + sign e)^2 from the moments of e over a range."""
    none, one, two = moments
    return offset.square() * none + 2 * sign * offset * one + two
