"""The plain autoencoder: no noise, no prior, only reconstruction."""

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.models.base import Model, Terms
from sparsevae.models.schedules import Schedule


class Autoencoder(Model):
    """z = linear(encoder(x)); the objective is -log p(x|z)."""

    posterior_heads = ("mean",)

    def codes(self, inputs: Float[Tensor, "batch features"]) -> Float[Tensor, "batch latent"]:
        """z, the encoder's only output."""
        return self.posterior_parameters(inputs)["mean"]

    def objective(
        self,
        inputs: Float[Tensor, "batch features"],
        schedule: Schedule,
        noise: torch.Generator,
    ) -> Terms:
        """-log p(x|z) in nats, one value per sample; the schedule and the noise go unused."""
        reconstruction = -self.decode(self.codes(inputs)).log_prob(inputs)
        zero = torch.zeros_like(reconstruction)
        return Terms(reconstruction, reconstruction, zero, zero, zero)
