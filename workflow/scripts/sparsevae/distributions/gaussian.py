"""Diagonal Gaussians over the latents: N(mean, exp(log_var)), one per row."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.noise import normal_like
from sparsevae.distributions.posterior import Slab


@dataclass(frozen=True)
class DiagonalGaussian(Slab):
    """Posterior of the VAE and slab of the VSC."""

    mean: Float[Tensor, "*batch latent"]
    log_var: Float[Tensor, "*batch latent"]

    @classmethod
    def standard(cls, like: Float[Tensor, "*batch latent"]) -> "DiagonalGaussian":
        """Return N(0, 1) with the shape, type and device of `like`."""
        zeros = torch.zeros_like(like)
        return cls(zeros, zeros)

    @property
    def slab_std(self) -> Float[Tensor, "*batch latent"]:
        """The standard deviation of each latent."""
        return torch.exp(0.5 * self.log_var)

    def sample(self, noise: torch.Generator) -> Float[Tensor, "*batch latent"]:
        """Draw mean + std * e, e ~ N(0, 1): differentiable in the parameters."""
        return self.mean + torch.exp(0.5 * self.log_var) * normal_like(self.mean, noise)

    def log_prob_per_latent(
        self, latents: Float[Tensor, "*#batch latent"]
    ) -> Float[Tensor, "*#batch latent"]:
        """Return log N(z_j; mean_j, var_j) in nats, latent by latent; shapes broadcast."""
        squared = (latents - self.mean).square() * torch.exp(-self.log_var)
        return -0.5 * (squared + self.log_var + math.log(2 * math.pi))

    def kl_per_latent(self, other: "DiagonalGaussian") -> Float[Tensor, "*batch latent"]:
        """Return KL(self || other) in nats, latent by latent.

        log(s_o / s) + (s^2 + (m - m_o)^2) / (2 s_o^2) - 1/2: the Gaussian part of eq. 6, which as
        printed has s where s^2 is needed.
        """
        log_ratio = other.log_var - self.log_var
        scaled = (self.log_var.exp() + (self.mean - other.mean).square()) * torch.exp(
            -other.log_var
        )
        return 0.5 * (log_ratio + scaled - 1)

    def warmed(self, slab_warmup: float) -> "DiagonalGaussian":
        """Return eq. 7: N(lambda * mean, lambda * var + 1 - lambda); N(0, 1) at lambda = 0."""
        if slab_warmup == 1.0:
            return self
        variance = slab_warmup * self.log_var.exp() + (1 - slab_warmup)
        return DiagonalGaussian(slab_warmup * self.mean, variance.log())
