"""Models whose prior is one distribution of the posterior's own kind, latent by latent."""

from typing import TypeVar

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.posterior import Posterior
from sparsevae.models.base import GenerativeModel, Penalties
from sparsevae.models.schedules import Schedule

Q = TypeVar("Q", bound=Posterior)


class FactorisedPrior(GenerativeModel[Q]):
    """A subclass states its `prior_row` (1, latent); p(z), its draws and the KL follow.

    loss = reconstruction + beta KL, which is minus the ELBO at beta = 1.
    """

    def prior_row(self) -> Q:
        """Return p(z) as one row, (1, latent)."""
        raise NotImplementedError

    def kl_parts(
        self, posterior: Q, prior: Q
    ) -> tuple[Float[Tensor, "batch latent"], Float[Tensor, "batch latent"]]:
        """Return KL(posterior || prior) as (slab part, spike part), in nats, latent by latent."""
        raise NotImplementedError

    def penalties(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: Q,
        schedule: Schedule | None = None,
    ) -> Penalties:
        """Return KL(q(z|x) || p(z)) in closed form, nats per sample; no sparsity term."""
        slab, spike = (part.sum(-1) for part in self.kl_parts(posterior, self.prior_row()))
        return Penalties(kl_slab=slab, kl_spike=spike, sparsity=torch.zeros_like(slab))

    def log_prior(self, latents: Float[Tensor, "*sample latent"]) -> Float[Tensor, "*sample"]:
        """Return log p(z) in nats, with respect to the measure of the posterior."""
        return self.prior_row().log_prob(latents)

    def sample_prior(self, n: int, generator: torch.Generator) -> Float[Tensor, "n latent"]:
        """Draw n values z ~ p(z), with exact zeros."""
        return self.prior_row()[0].repeated(n).sample(generator)
