"""Poisson counts over the latents, with exact zeros (Vafaii, Galor & Yates 2024, "Poisson VAE").

Probabilities are with respect to the counting measure.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from sparsevae.distributions.posterior import Posterior


@dataclass(frozen=True)
class Poisson(Posterior):
    """Independent counts of rates exp(log_rate)."""

    log_rate: Float[Tensor, "*batch latent"]

    @property
    def mean(self) -> Float[Tensor, "*batch latent"]:  # type: ignore[override]
        """The rate."""
        return self.log_rate.exp()

    @property
    def spike_prob(self) -> Float[Tensor, "*batch latent"]:  # type: ignore[override]
        """P(z > 0) = 1 - exp(-rate)."""
        return -torch.expm1(-self.mean)

    @property
    def slab_mean(self) -> Float[Tensor, "*batch latent"]:
        """E[z | z > 0], which tends to 1 with the rate to 0."""
        return self.mean / self.spike_prob.clamp_min(torch.finfo(self.log_rate.dtype).tiny)

    @property
    def slab_std(self) -> Float[Tensor, "*batch latent"]:
        """The standard deviation of z where z > 0."""
        variance = self.slab_mean * (1 + self.mean - self.slab_mean)
        return variance.clamp_min(0).sqrt()

    @property
    def active(self) -> Bool[Tensor, "*batch latent"]:
        """Which latents are more likely above zero than zero."""
        return self.spike_prob > 0.5

    @property
    def sparse_code(self) -> Float[Tensor, "*batch latent"]:
        """E[z | z > 0] of the active latents, exact zeros elsewhere."""
        return torch.where(self.active, self.slab_mean, 0.0)

    def sample(self, noise: torch.Generator) -> Float[Tensor, "*batch latent"]:
        """Draw counts, as whole numbers of the type of the rates."""
        return torch.poisson(self.mean, generator=noise)

    def rsample(self, noise: torch.Generator, temperature: float) -> Float[Tensor, "*batch latent"]:
        """Draw relaxed counts, differentiable in the rates: for gradients only.

        Events come after exponential waiting times of mean 1 / rate, and the count is that of those
        before time 1: sum_n 1[t_n < 1], here sum_n sigmoid((1 - t_n) / temperature). Events
        beyond six standard deviations of the largest count are left out.
        """
        rate = self.mean
        largest = rate.detach().max().item()
        events = int(largest + 6 * largest**0.5) + 8
        waits = torch.empty(events, *rate.shape, dtype=rate.dtype, device=rate.device)
        times = waits.exponential_(generator=noise).cumsum(0) / rate
        return torch.sigmoid((1 - times) / temperature).sum(0)

    def log_prob(self, latents: Float[Tensor, "*#batch latent"]) -> Float[Tensor, "*#batch"]:
        """Return z log rate - rate - log z! in nats, summed over latents; shapes broadcast."""
        log_prob = latents * self.log_rate - self.mean - torch.lgamma(latents + 1)
        return log_prob.sum(-1)

    def kl_per_latent(
        self, other: "Poisson"
    ) -> tuple[Float[Tensor, "*batch latent"], Float[Tensor, "*batch latent"]]:
        """Return KL(self || other) as (that of counts above zero, that of z > 0), in nats.

        Their sum is r_o - r + r log(r / r_o) (the paper's r (1 - d + d log d), d = r / r_o); the
        second part is the KL of 1[z > 0], and the first what is left.
        """
        ratio = self.log_rate - other.log_rate
        whole = other.mean - self.mean + self.mean * ratio
        g, tiny = self.spike_prob, torch.finfo(self.log_rate.dtype).tiny
        logs = torch.log(g.clamp_min(tiny)) - torch.log(other.spike_prob.clamp_min(tiny))
        spike = g * logs + (1 - g) * (other.mean - self.mean)
        return whole - spike, spike
