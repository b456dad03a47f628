"""Poisson VAE, with counts as latents (Vafaii, Galor & Yates 2024)."""

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from sparsevae.distributions.draws import Draw
from sparsevae.distributions.poisson import Poisson
from sparsevae.models.schedules import Schedule
from sparsevae.models.sparse.factorised import FactorisedPrior
from sparsevae.study.settings import Counts, Likelihood, Network

# Log rates stay in between, softly: a relaxed draw takes as many events as the largest rate, and
# waiting times at a rate of zero have no gradient.
LEAST_LOG_RATE, LARGEST_LOG_RATE = -20.0, 5.0


class PoissonVAE(FactorisedPrior[Poisson]):
    """q(z_j|x) = Poisson(r_j d_j(x)), p(z_j) = Poisson(r_j); the encoder gives log d, r is learned.

    shape, latent_dim, network, likelihood: as of every model; counts: first rates and temperature.
    """

    posterior_heads = ("log_residual",)

    def __init__(
        self,
        shape: tuple[int, ...],
        latent_dim: int,
        *,
        network: Network | None = None,
        likelihood: Likelihood | None = None,
        counts: Counts | None = None,
    ):
        super().__init__(shape, latent_dim, network=network, likelihood=likelihood)
        self.counts = counts or Counts()
        self.log_rate = nn.Parameter(torch.zeros(1, latent_dim))

    def initialise(self, generator: torch.Generator) -> None:
        """Draw all parameters again; log rates of the prior uniformly between their settings."""
        super().initialise(generator)
        low, high = sorted((self.counts.log_rate_low, self.counts.log_rate_high))
        with torch.no_grad():
            self.log_rate.uniform_(low, high, generator=generator)

    def encode(self, inputs: Float[Tensor, "batch features"]) -> Poisson:
        """Return q(z|x)."""
        residual = self.posterior_parameters(inputs)["log_residual"]
        return Poisson(_bounded(self.log_rate + residual))

    def prior_row(self) -> Poisson:
        """Return Poisson(r), (1, latent)."""
        return Poisson(_bounded(self.log_rate))

    def kl_parts(
        self, posterior: Poisson, prior: Poisson
    ) -> tuple[Float[Tensor, "batch latent"], Float[Tensor, "batch latent"]]:
        """Return r (1 - d + d log d), split into counts above zero and being above zero."""
        return posterior.kl_per_latent(prior)

    def draw(
        self, posterior: Poisson, schedule: Schedule, noise: torch.Generator, draws: int
    ) -> Draw:
        """Draw z: relaxed counts in training, whole ones elsewhere."""
        repeated = posterior if draws == 1 else posterior.repeated(draws)
        if not self.training:
            return Draw(repeated.sample(noise))
        done = min(1.0, schedule.fraction / self.counts.annealed_until)
        first, last = self.counts.temperature, self.counts.temperature_end
        return Draw(repeated.rsample(noise, first + (last - first) * done))


def _bounded(log_rates: Float[Tensor, "*batch latent"]) -> Float[Tensor, "*batch latent"]:
    """Return log rates within their bounds; those that are far from both are as they were."""
    below = LARGEST_LOG_RATE - F.softplus(LARGEST_LOG_RATE - log_rates)
    return LEAST_LOG_RATE + F.softplus(below - LEAST_LOG_RATE)
