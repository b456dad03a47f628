"""Variational autoencoder (Kingma & Welling 2014), with the beta of Higgins et al. 2017."""

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.spike_slab import SpikeSlab
from sparsevae.models.model import GenerativeModel, Penalties, Terms
from sparsevae.schedules import Schedule


class VAE(GenerativeModel):
    """q(z|x) = N(mean, var), p(z) = N(0, 1); loss = reconstruction + beta KL.

    At beta = 1 the loss is minus the ELBO.
    """

    posterior_heads = ("mean", "log_var")

    def encode(self, inputs: Float[Tensor, "batch features"]) -> DiagonalGaussian | SpikeSlab:
        """q(z|x)."""
        return DiagonalGaussian(**self.posterior_parameters(inputs))

    def penalties(
        self, inputs: Float[Tensor, "batch features"], posterior: DiagonalGaussian | SpikeSlab
    ) -> Penalties:
        """KL(q(z|x) || N(0, 1)) in closed form, nats per sample."""
        slab = posterior.kl_per_latent(DiagonalGaussian.standard(posterior.mean)).sum(-1)
        return Penalties(
            kl_slab=slab, kl_spike=torch.zeros_like(slab), sparsity=torch.zeros_like(slab)
        )

    def log_prior(self, latents: Float[Tensor, "*sample latent"]) -> Float[Tensor, "*sample"]:
        return DiagonalGaussian.standard(latents).log_prob(latents)

    def sample_prior(self, n: int, generator: torch.Generator) -> Float[Tensor, "n latent"]:
        like = next(self.parameters()).new_zeros(n, self.config.latent_dim)
        return DiagonalGaussian.standard(like).sample(generator)

    def draw(
        self,
        posterior: DiagonalGaussian | SpikeSlab,
        schedule: Schedule,
        generator: torch.Generator,
    ) -> Float[Tensor, "batch latent"]:
        """One differentiable draw of z for the objective."""
        return posterior.sample(generator)

    def scheduled(
        self, posterior: DiagonalGaussian | SpikeSlab, schedule: Schedule
    ) -> DiagonalGaussian | SpikeSlab:
        """The posterior whose KL the objective pays at this step: here, itself."""
        return posterior

    def objective(
        self,
        inputs: Float[Tensor, "batch features"],
        schedule: Schedule,
        generator: torch.Generator,
    ) -> Terms:
        """-log p(x|z) at one draw + beta KL (+ sparsity): nats, one value per sample."""
        posterior = self.encode(inputs)
        latents = self.draw(posterior, schedule, generator)
        reconstruction = -self.decode(latents).log_prob(inputs)
        penalties = self.penalties(inputs, self.scheduled(posterior, schedule))
        return penalties.add_to(reconstruction, self.config.beta)
