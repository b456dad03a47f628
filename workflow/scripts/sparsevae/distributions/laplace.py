"""Laplace distributions over the latents, one per row."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.noise import uniform_like
from sparsevae.distributions.posterior import Slab


@dataclass(frozen=True)
class DiagonalLaplace(Slab):
    """Density exp(-|z - mean| / b) / 2b with b = exp(log_scale)."""

    mean: Float[Tensor, "*batch latent"]
    log_scale: Float[Tensor, "*batch latent"]

    @property
    def slab_std(self) -> Float[Tensor, "*batch latent"]:
        """The standard deviation of each latent, sqrt(2) b."""
        return math.sqrt(2) * self.log_scale.exp()

    def sample(self, noise: torch.Generator) -> Float[Tensor, "*batch latent"]:
        """Draw z, differentiable in the parameters."""
        centred = 2 * uniform_like(self.mean, noise) - 1
        return self.mean - self.log_scale.exp() * centred.sign() * torch.log1p(-centred.abs())

    def log_prob_per_latent(
        self, latents: Float[Tensor, "*#batch latent"]
    ) -> Float[Tensor, "*#batch latent"]:
        """Return the log-density in nats, latent by latent; shapes broadcast."""
        scaled = (latents - self.mean).abs() * torch.exp(-self.log_scale)
        return -scaled - self.log_scale - math.log(2)

    def kl_per_latent(self, other: "DiagonalLaplace") -> Float[Tensor, "*batch latent"]:
        """Return KL(self || other) in nats: log(b_o / b) - 1 + (b exp(-d / b) + d) / b_o.

        d is the distance of the means.
        """
        distance, scale = (self.mean - other.mean).abs(), self.log_scale.exp()
        expected = scale * torch.exp(-distance / scale) + distance
        return other.log_scale - self.log_scale - 1 + expected * torch.exp(-other.log_scale)
