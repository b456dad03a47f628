"""Variational autoencoder (Kingma & Welling 2014), with the beta of Higgins et al. 2017."""

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.mixture import Mixture
from sparsevae.models.base import GenerativeModel, Penalties
from sparsevae.models.schedules import Schedule


class VAE(GenerativeModel):
    """q(z|x) = N(mean, var), p(z) = N(0, 1); loss = reconstruction + beta KL.

    At beta = 1 the loss is minus the ELBO.
    """

    posterior_heads = ("mean", "log_var")

    def encode(self, inputs: Float[Tensor, "batch features"]) -> DiagonalGaussian:
        """Return q(z|x)."""
        return DiagonalGaussian(**self.posterior_parameters(inputs))

    def penalties(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: DiagonalGaussian,
        schedule: Schedule | None = None,
    ) -> Penalties:
        """Return KL(q(z|x) || N(0, 1)) in closed form, nats per sample."""
        slab = posterior.kl_per_latent(DiagonalGaussian.standard(posterior.mean)).sum(-1)
        zero = torch.zeros_like(slab)
        return Penalties(kl_slab=slab, kl_spike=zero, sparsity=zero)

    def prior_distribution(self) -> Mixture:
        """Return N(0, 1) in every latent."""
        like = next(self.parameters()).new_zeros(1, self.latent_dim)
        return Mixture(DiagonalGaussian.standard(like))
