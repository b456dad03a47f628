"""Variational Sparse Coding: a VAE with spike-and-slab posterior and prior (Tonolini et al.)."""

import math

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.draws import Draw
from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.mixture import Mixture
from sparsevae.distributions.spike_slab import SpikeSlab, log_spike_pair
from sparsevae.models.base import GenerativeModel, Penalties
from sparsevae.models.priors import FixedPrior, PseudoInputPrior
from sparsevae.models.schedules import Schedule
from sparsevae.study import choices
from sparsevae.study.settings import Likelihood, Network, Prior, Slab, SlabWarmup, Spike

PRIORS: dict[str, type[FixedPrior] | type[PseudoInputPrior]] = choices.implementing(
    choices.PRIORS, {"fixed": FixedPrior, "pseudo_inputs": PseudoInputPrior}
)
VARIANCE_FLOORS = choices.implementing(choices.PRIORS, {"fixed": 0.0, "pseudo_inputs": 0.1})


class VSC(GenerativeModel[SpikeSlab]):
    """Spike-and-slab posterior (eq. 3); prior fixed (ICLR version) or pseudo-inputs (UAI, eq. 4).

    shape, latent_dim, network, likelihood: as of every model; spike: head of the spike probability
    and its relaxation; slab: least variance; prior: alpha, or pseudo-inputs; slab_warmup: makes it
    VSC with spike warm-up (eq. 7), and says whether lambda is in the KL too.
    """

    posterior_heads = ("mean", "log_var", "spike")

    def __init__(
        self,
        shape: tuple[int, ...],
        latent_dim: int,
        *,
        network: Network | None = None,
        likelihood: Likelihood | None = None,
        spike: Spike | None = None,
        slab: Slab | None = None,
        prior: Prior | None = None,
        slab_warmup: SlabWarmup | None = None,
    ):
        super().__init__(shape, latent_dim, network=network, likelihood=likelihood)
        prior = prior or Prior()
        self.spike = spike or Spike()
        floor = None if slab is None else slab.variance_floor
        self.variance_floor = VARIANCE_FLOORS[prior.kind] if floor is None else floor
        self.warms_kl = slab_warmup is not None and slab_warmup.in_kl
        self.prior: FixedPrior | PseudoInputPrior = PRIORS[prior.kind](prior, shape, latent_dim)

    @property
    def penalties_are_kl(self) -> bool:
        """Only the KL to a fixed prior has a closed form."""
        return self.pseudo_inputs is None

    @property
    def pseudo_inputs(self) -> Float[Tensor, "pseudo features"] | None:
        """x_u of eq. 4; None for a fixed prior."""
        return self.prior.inputs

    def initialise(self, generator: torch.Generator) -> None:
        """Draw all parameters again; the spike's bias starts at its setting."""
        super().initialise(generator)
        with torch.no_grad():
            self.get_parameter("heads.spike.bias").fill_(self.spike.bias)

    def start_from(
        self, samples: Float[Tensor, "samples features"], generator: torch.Generator
    ) -> None:
        """Set pseudo-inputs that start as training samples."""
        self.prior.start_from(samples, generator)

    def encode(self, inputs: Float[Tensor, "batch features"]) -> SpikeSlab:
        """Return q(z|x) (eq. 3)."""
        heads = self.posterior_parameters(inputs)
        log_spike, log_no_spike = log_spike_pair(heads["spike"], self.spike.head)
        slab = DiagonalGaussian(heads["mean"], self._with_floor(heads["log_var"]))
        return SpikeSlab(log_spike, log_no_spike, slab)

    def _with_floor(self, log_var: Float[Tensor, "batch latent"]) -> Float[Tensor, "batch latent"]:
        """Return log(variance + floor): a unit for means whose scale no fixed prior sets.

        While lambda of eq. 7 is small, 1 - lambda hides the variance and nothing holds it; without
        a floor it is then so small at lambda = 1 that x is closer to one pseudo-input than to all
        others by thousands of nats, and they are lost.
        """
        floor = self.variance_floor
        return log_var if floor == 0 else F.softplus(log_var - math.log(floor)) + math.log(floor)

    def draw(
        self, posterior: SpikeSlab, schedule: Schedule, noise: torch.Generator, draws: int
    ) -> Draw:
        """Draw z (eq. 7): in training with relaxed spikes or by DisARM, else with hard spikes."""
        warmed = posterior.warmed(schedule.slab_warmup)
        relaxation = self.spike.relaxation if self.training else None
        return warmed.draw(noise, draws, relaxation, schedule.sharpness)

    def penalties(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: SpikeSlab,
        schedule: Schedule | None = None,
    ) -> Penalties:
        """Return KL and sparsity (eq. 4).

        With `slab_warmup.in_kl` both sides of the KL have the slab of eq. 7. Without a schedule, as
        at the end of the training.
        """
        components = self.prior_components(schedule)
        return self.prior.penalties(inputs, self._warmed(posterior, schedule), components)

    def prior_components(self, schedule: Schedule | None = None) -> SpikeSlab:
        """Return q(z|x_u) of the pseudo-inputs, (pseudo, latent), or the fixed prior, (1, latent).

        As the objective has them at a step; without a schedule, at the end of the training.
        """
        if isinstance(self.prior, FixedPrior):
            return self.prior.components()
        nu = self.prior.last_sharpening if schedule is None else schedule.sharpening
        return self.prior.components(self._warmed(self.encode(self.prior.inputs), schedule), nu)

    def _warmed(self, posterior: SpikeSlab, schedule: Schedule | None) -> SpikeSlab:
        """Return what the KL compares: with the slab of eq. 7 if lambda is in the KL."""
        if schedule is None or not self.warms_kl:
            return posterior
        return posterior.warmed(schedule.slab_warmup)

    def prior_distribution(self) -> Mixture:
        """Return p(z): the fixed prior, or the uniform mixture of the q(z|x_u)."""
        return Mixture(self.prior_components())

    def selection(
        self, inputs: Float[Tensor, "batch features"], posterior: SpikeSlab
    ) -> Float[Tensor, "batch components"]:
        """Return how much of each component the objective picks for x; rows sum to one."""
        return self.prior.selection(inputs, posterior, self.prior_components())
