"""The plain autoencoder: no noise, no prior, only reconstruction."""

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.posterior import Point
from sparsevae.models.base import Model, Terms
from sparsevae.models.schedules import Schedule


class Autoencoder(Model):
    """z = linear(encoder(x)); the objective is -log p(x|z)."""

    posterior_heads = ("mean",)

    def encode(self, inputs: Float[Tensor, "batch features"]) -> Point:
        """Return z, the encoder's only output."""
        return Point(**self.posterior_parameters(inputs))

    def objective(
        self,
        inputs: Float[Tensor, "batch features"],
        schedule: Schedule,
        noise: torch.Generator,
        draws: int = 1,
    ) -> Terms:
        """Return -log p(x|z) in nats, one value per sample; only the inputs are used."""
        reconstruction = -self.decode(self.encode(inputs).mean).log_prob(inputs)
        zero = torch.zeros_like(reconstruction)
        return Terms(reconstruction, reconstruction, zero, zero, zero)
