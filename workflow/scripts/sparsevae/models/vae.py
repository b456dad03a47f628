"""Variational autoencoder (Kingma & Welling 2014), with the beta of Higgins et al. 2017."""

from dataclasses import replace

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.spike_slab import SpikeSlab
from sparsevae.models.base import GenerativeModel, Penalties, Terms
from sparsevae.models.schedules import Schedule


class VAE(GenerativeModel):
    """q(z|x) = N(mean, var), p(z) = N(0, 1); loss = reconstruction + beta KL.

    At beta = 1 the loss is minus the ELBO.
    """

    posterior_heads = ("mean", "log_var")

    def encode(self, inputs: Float[Tensor, "batch features"]) -> DiagonalGaussian | SpikeSlab:
        """q(z|x)."""
        return DiagonalGaussian(**self.posterior_parameters(inputs))

    def penalties(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: DiagonalGaussian | SpikeSlab,
        schedule: Schedule | None = None,
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
        noise: torch.Generator,
    ) -> Float[Tensor, "*draws batch latent"]:
        """A differentiable draw of z for the objective."""
        return posterior.sample(noise)

    def reconstruction(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: DiagonalGaussian | SpikeSlab,
        schedule: Schedule,
        noise: torch.Generator,
    ) -> tuple[Float[Tensor, "batch"], Float[Tensor, "batch latent"]]:
        """An estimate of -E_q[log p(x|z)], with its gradient, and the first z that it decoded.

        In training the mean over `training.draws` of z, of one encoding and decoded together.
        """
        draws = self.config.training.draws if self.training else 1
        repeated = posterior if draws == 1 else posterior.repeated(draws)
        latents = self.draw(repeated, schedule, noise)
        losses = -self.decode(latents).log_prob(inputs)
        return (losses, latents) if draws == 1 else (losses.mean(0), latents[0])

    def regulariser(
        self,
        posterior: DiagonalGaussian | SpikeSlab,
        latents: Float[Tensor, "batch latent"],
        schedule: Schedule,
    ) -> Float[Tensor, "batch"]:
        """What a variant adds to the loss beside the ELBO, nats per sample; here nothing."""
        return torch.zeros_like(latents[:, 0])

    def kl_weight(self, schedule: Schedule) -> float:
        """Weight of the KL in the loss."""
        return schedule.beta

    def objective(
        self,
        inputs: Float[Tensor, "batch features"],
        schedule: Schedule,
        noise: torch.Generator,
    ) -> Terms:
        """-log p(x|z) at one draw + beta KL (+ sparsity): nats, one value per sample."""
        posterior = self.encode(inputs)
        reconstruction, latents = self.reconstruction(inputs, posterior, schedule, noise)
        penalties = self.penalties(inputs, posterior, schedule)
        terms = penalties.add_to(reconstruction, self.kl_weight(schedule))
        return replace(terms, loss=terms.loss + self.regulariser(posterior, latents, schedule))
