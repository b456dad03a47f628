"""Variational Sparse Coding: a VAE with spike-and-slab posterior and prior (Tonolini et al.)."""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from sparsevae.distributions import disarm
from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.spike_slab import SpikeSlab, log_spike_pair
from sparsevae.models.model import Penalties
from sparsevae.models.priors import FixedPrior, PseudoInputPrior
from sparsevae.models.vae import VAE
from sparsevae.run_config import RunConfig
from sparsevae.schedules import Schedule

PRIORS = {"fixed": FixedPrior, "pseudo_inputs": PseudoInputPrior}


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

    def initialise(self, generator: torch.Generator) -> None:
        super().initialise(generator)
        with torch.no_grad():
            self.heads["spike"].bias.fill_(self.config.spike.bias)

    def encode(self, inputs: Float[Tensor, "batch features"]) -> SpikeSlab:
        """q(z|x)."""
        heads = self.posterior_parameters(inputs)
        log_spike, log_no_spike = log_spike_pair(heads["spike"], self.config.spike.head)
        slab = DiagonalGaussian(heads["mean"], heads["log_var"])
        return SpikeSlab(log_spike, log_no_spike, slab)

    def penalties(self, inputs: Float[Tensor, "batch features"], posterior: SpikeSlab) -> Penalties:
        return self.prior.penalties(inputs, posterior, self.encode)

    def log_prior(self, latents: Float[Tensor, "*sample latent"]) -> Float[Tensor, "*sample"]:
        return self.prior.log_prob(latents, self.encode)

    def sample_prior(self, n: int, generator: torch.Generator) -> Float[Tensor, "n latent"]:
        return self.prior.sample(n, generator, self.encode)

    def draw(
        self, posterior: SpikeSlab, schedule: Schedule, generator: torch.Generator
    ) -> Float[Tensor, "batch latent"]:
        """One draw of z for the objective: relaxed spikes in training, hard ones elsewhere."""
        warmed = posterior.warmed(schedule.slab_warmup)
        if not self.training:
            return warmed.sample(generator)
        return warmed.rsample(generator, self.config.spike.relaxation, schedule.sharpness)

    def reconstruction(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: SpikeSlab,
        schedule: Schedule,
        generator: torch.Generator,
    ) -> tuple[Float[Tensor, "batch"], Float[Tensor, "batch latent"]]:
        """With `disarm` in training: the mean of two antithetic hard draws, both decoded."""
        if not self.training or self.config.spike.relaxation != "disarm":
            return super().reconstruction(inputs, posterior, schedule, generator)
        gates, latents = posterior.warmed(schedule.slab_warmup).sample_antithetic(generator)
        losses = -self.decode(latents).log_prob(inputs)
        spikes = disarm.surrogate(losses, gates, posterior.log_spike, posterior.log_no_spike)
        return losses.mean(0) + spikes, latents[0]

    def scheduled(self, posterior: SpikeSlab, schedule: Schedule) -> SpikeSlab:
        """The posterior whose KL is paid: with the slab of eq. 7 if `slab_warmup.in_kl`."""
        warmup = self.config.slab_warmup
        in_kl = warmup is not None and warmup.in_kl
        return posterior.warmed(schedule.slab_warmup) if in_kl else posterior
