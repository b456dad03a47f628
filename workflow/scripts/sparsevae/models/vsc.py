"""Variational Sparse Coding: a VAE with spike-and-slab posterior and prior (Tonolini et al.)."""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor, nn

from sparsevae.distributions import disarm
from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.spike_slab import SpikeSlab, log_spike_pair
from sparsevae.models.base import Penalties
from sparsevae.models.priors import FixedPrior, PseudoInputPrior
from sparsevae.models.schedules import Schedule, schedule_at
from sparsevae.models.vae import VAE
from sparsevae.study.settings import RunConfig

PRIORS = {"fixed": FixedPrior, "pseudo_inputs": PseudoInputPrior}
VARIANCE_FLOORS = {"fixed": 0.0, "pseudo_inputs": 0.1}


class VSC(VAE):
    """Spike-and-slab posterior (eq. 3); prior fixed (ICLR version) or pseudo-inputs (UAI, eq. 4).

    `slab_warmup` in the settings makes it VSC with spike warm-up (eq. 7).
    """

    posterior_heads = ("mean", "log_var", "spike")

    def __init__(self, config: RunConfig, shape: tuple[int, ...]):
        super().__init__(config, shape)
        self.prior: nn.Module = PRIORS[config.prior.kind](config, shape)

    @property
    def penalties_are_kl(self) -> bool:
        return self.config.prior.kind == "fixed"

    def start_from(
        self, samples: Float[Tensor, "samples features"], generator: torch.Generator
    ) -> None:
        """Pseudo-inputs, where they start as training samples."""
        self.prior.start_from(samples, generator)

    def initialise(self, generator: torch.Generator) -> None:
        super().initialise(generator)
        with torch.no_grad():
            self.heads["spike"].bias.fill_(self.config.spike.bias)

    def encode(self, inputs: Float[Tensor, "batch features"]) -> SpikeSlab:
        """q(z|x)."""
        heads = self.posterior_parameters(inputs)
        log_spike, log_no_spike = log_spike_pair(heads["spike"], self.config.spike.head)
        slab = DiagonalGaussian(heads["mean"], self._with_floor(heads["log_var"]))
        return SpikeSlab(log_spike, log_no_spike, slab)

    def _with_floor(self, log_var: Float[Tensor, "batch latent"]) -> Float[Tensor, "batch latent"]:
        """log(variance + floor): a unit for means whose scale no fixed prior sets.

        While lambda of eq. 7 is small, 1 - lambda hides the variance and nothing holds it; without
        a floor it is then so small at lambda = 1 that x is closer to one pseudo-input than to all
        others by thousands of nats, and they are lost.
        """
        floor = self.config.slab.variance_floor
        if floor is None:
            floor = VARIANCE_FLOORS[self.config.prior.kind]
        return log_var if floor == 0 else F.softplus(log_var - math.log(floor)) + math.log(floor)

    def penalties(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: SpikeSlab,
        schedule: Schedule | None = None,
    ) -> Penalties:
        """The prior's penalties; with `slab_warmup.in_kl` both sides have the slab of eq. 7."""
        schedule = schedule or schedule_at(self.config, 1.0)
        warmup = self.config.slab_warmup
        share = schedule.slab_warmup if warmup is not None and warmup.in_kl else 1.0
        return self.prior.penalties(
            inputs,
            posterior.warmed(share),
            lambda pseudo_inputs: self.encode(pseudo_inputs).warmed(share),
            schedule.sharpening,
        )

    def pseudo_input_weights(
        self, inputs: Float[Tensor, "batch features"]
    ) -> Float[Tensor, "batch pseudo"]:
        """How much of each pseudo-input the objective picks for x; rows sum to one."""
        return self.prior.weights(inputs, self.encode(inputs), self.encode)

    def pseudo_input_components(self) -> SpikeSlab:
        """q(z | x_u) as the trained prior has them, (pseudo, latent)."""
        return self.prior.components(self.encode, schedule_at(self.config, 1.0).sharpening)

    def log_prior(self, latents: Float[Tensor, "*sample latent"]) -> Float[Tensor, "*sample"]:
        return self.prior.log_prob(latents, self.encode)

    def sample_prior(self, n: int, generator: torch.Generator) -> Float[Tensor, "n latent"]:
        return self.prior.sample(n, generator, self.encode)

    def draw(
        self, posterior: SpikeSlab, schedule: Schedule, noise: torch.Generator
    ) -> Float[Tensor, "*draws batch latent"]:
        """A draw of z for the objective: relaxed spikes in training, hard ones elsewhere."""
        warmed = posterior.warmed(schedule.slab_warmup)
        if not self.training:
            return warmed.sample(noise)
        return warmed.rsample(noise, self.config.spike.relaxation, schedule.sharpness)

    def reconstruction(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: SpikeSlab,
        schedule: Schedule,
        noise: torch.Generator,
    ) -> tuple[Float[Tensor, "batch"], Float[Tensor, "batch latent"]]:
        """With `disarm` in training: the mean of two antithetic hard draws, both decoded."""
        if not self.training or self.config.spike.relaxation != "disarm":
            return super().reconstruction(inputs, posterior, schedule, noise)
        gates, latents = posterior.warmed(schedule.slab_warmup).sample_antithetic(noise)
        losses = -self.decode(latents).log_prob(inputs)
        spikes = disarm.surrogate(losses, gates, posterior.log_spike, posterior.log_no_spike)
        return losses.mean(0) + spikes, latents[0]
