"""Uniform mixtures: the priors of generative models, from one component to many."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.spike_slab import SpikeSlab


@dataclass(frozen=True)
class Mixture:
    """p(z) = 1/U sum_u p_u(z), whose components are Gaussians, or spikes and slabs.

    components: parameters of shape (U, latent). One component is that distribution itself.
    """

    components: DiagonalGaussian | SpikeSlab

    def __len__(self) -> int:
        """Return U."""
        return len(self.components.mean)

    @property
    def slab(self) -> DiagonalGaussian:
        """The components without their spikes, (U, latent)."""
        parts = self.components
        slab = parts if isinstance(parts, DiagonalGaussian) else parts.slab
        if not isinstance(slab, DiagonalGaussian):
            raise NotImplementedError(f"{type(slab).__name__} as the slab of a mixture")
        return slab

    def log_prob(self, latents: Float[Tensor, "*sample latent"]) -> Float[Tensor, "*sample"]:
        """Return log p(z) in nats, with respect to the components' own measure."""
        log_probs = self.components.log_prob(latents.unsqueeze(-2))
        return torch.logsumexp(log_probs, -1) - math.log(len(self))

    def sample(self, n: int, noise: torch.Generator) -> Float[Tensor, "n latent"]:
        """Draw n values: for each a component at random, then z with hard spikes."""
        if len(self) == 1:
            return self.components[0].repeated(n).sample(noise)
        device = self.components.mean.device
        chosen = torch.randint(len(self), (n,), generator=noise, device=device)
        return self.components[chosen].sample(noise)
