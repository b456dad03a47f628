"""Spike and slab: prod_j [ g_j N(z_j; m_j, s_j^2) + (1 - g_j) delta_0(z_j) ] (paper, eq. 3).

Densities are with respect to the mixed measure, Lebesgue plus a point mass at 0: an active latent
has log g + log N, an exact zero has log(1 - g). A Gaussian draw is never exactly 0.
"""

from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from sparsevae.distributions import relaxations
from sparsevae.distributions.draws import AntitheticDraw, Draw, antithetic_gates
from sparsevae.distributions.noise import uniform_like
from sparsevae.distributions.posterior import Posterior, Slab
from sparsevae.study import choices
from sparsevae.study.choices import SMALLEST_PROBABILITY

LOG_SPIKES = choices.implementing(
    choices.SPIKE_HEADS,
    {
        "sigmoid": torch.nn.functional.logsigmoid,
        "clipped": lambda values: -torch.relu(-values),
    },
)


@dataclass(frozen=True)
class SpikeSlab(Posterior):
    """Spike probabilities g as log g and log(1 - g), and the slab."""

    log_spike: Float[Tensor, "*batch latent"]
    log_no_spike: Float[Tensor, "*batch latent"]
    slab: Slab

    @property
    def spike_prob(self) -> Float[Tensor, "*batch latent"]:  # type: ignore[override]
        """g."""
        return self.log_spike.exp()

    @property
    def mean(self) -> Float[Tensor, "*batch latent"]:  # type: ignore[override]
        """E[z] = g m."""
        return self.spike_prob * self.slab.mean

    @property
    def slab_mean(self) -> Float[Tensor, "*batch latent"]:
        """m."""
        return self.slab.mean

    @property
    def slab_std(self) -> Float[Tensor, "*batch latent"] | None:
        """s."""
        return self.slab.slab_std

    @property
    def active(self) -> Bool[Tensor, "*batch latent"]:
        """Which latents are active: those with g > 0.5, as in the paper's fig. 6."""
        return self.spike_prob > 0.5

    @property
    def sparse_code(self) -> Float[Tensor, "*batch latent"]:
        """z with the likelier state of each spike and the mean of each slab: zeros are exact."""
        return torch.where(self.active, self.slab.mean, 0.0)

    def sample(self, noise: torch.Generator) -> Float[Tensor, "*batch latent"]:
        """Draw with hard spikes: latents that are off are exactly 0."""
        gates = relaxations.hard(self.log_spike, uniform_like(self.log_spike, noise))
        return gates * self.slab.sample(noise)

    def draw(
        self, noise: torch.Generator, draws: int, relaxation: str | None, sharpness: float
    ) -> Draw:
        """Draw z for an objective: by a relaxation or DisARM, or with hard spikes if it is None."""
        if relaxation == choices.DISARM:
            return self.sample_antithetic(noise)
        repeated = self if draws == 1 else self.repeated(draws)
        if relaxation is None:
            return Draw(repeated.sample(noise))
        return Draw(repeated.rsample(noise, relaxation, sharpness))

    def rsample(
        self, noise: torch.Generator, relaxation: str, sharpness: float
    ) -> Float[Tensor, "*batch latent"]:
        """Draw with relaxed spikes, differentiable in all parameters: for gradients only."""
        relax = relaxations.RELAXATIONS[relaxation]
        gates = relax(
            self.log_spike, self.log_no_spike, uniform_like(self.log_spike, noise), sharpness
        )
        return gates * self.slab.sample(noise)

    def sample_antithetic(self, noise: torch.Generator) -> AntitheticDraw:
        """Draw z for two antithetic hard gate patterns, which share the slab's noise (DisARM)."""
        gates = antithetic_gates(self.log_spike, uniform_like(self.log_spike, noise))
        latents = gates * self.slab.sample(noise)
        return AntitheticDraw(latents, gates, self.log_spike, self.log_no_spike)

    def log_prob(self, latents: Float[Tensor, "*#batch latent"]) -> Float[Tensor, "*#batch"]:
        """Return the log-density with respect to the mixed measure, in nats, summed over latents.

        `latents` and self broadcast.
        """
        active = self.log_spike + self.slab.log_prob_per_latent(latents)
        return torch.where(latents == 0, self.log_no_spike, active).sum(-1)

    def kl_per_latent(
        self, other: "SpikeSlab"
    ) -> tuple[Float[Tensor, "*batch latent"], Float[Tensor, "*batch latent"]]:
        """Return KL(self || other) as (slab part, spike part), in nats, latent by latent (eq. 6).

        g KL_Gauss and g log(g / g_o) + (1 - g) log((1 - g) / (1 - g_o)).
        """
        slab = self.spike_prob * self.slab.kl_per_latent(other.slab)
        return slab, bernoulli_kl(self, other)

    def warmed(self, slab_warmup: float) -> "SpikeSlab":
        """Return the same spikes with the slab of eq. 7."""
        return SpikeSlab(self.log_spike, self.log_no_spike, self.slab.warmed(slab_warmup))


def bernoulli_kl(one: SpikeSlab, other: SpikeSlab) -> Float[Tensor, "*batch latent"]:
    """Return the KL of the spikes alone, Bern(g) || Bern(g_o), in nats, latent by latent."""
    g = one.spike_prob
    return g * (one.log_spike - other.log_spike) + (1 - g) * (one.log_no_spike - other.log_no_spike)


def log_spike_pair(
    values: Float[Tensor, "*batch latent"], head: str
) -> tuple[Float[Tensor, "*batch latent"], Float[Tensor, "*batch latent"]]:
    """Return log g and log(1 - g) from the spike head's output.

    `clipped`: log g = -relu(-v), the paper's, which has no gradient where v >= 0 (g is 1 there).
    `sigmoid`: g = sigmoid(v), which has one up to the bounds on g (|v| < 13.8).

    Raise ValueError for another head.
    """
    if head not in LOG_SPIKES:
        raise ValueError(f"spike.head: {head}")
    spike_prob = (
        LOG_SPIKES[head](values).exp().clamp(SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY)
    )
    return spike_prob.log(), torch.log1p(-spike_prob)


def from_probability(spike_prob: Float[Tensor, "*batch latent"], slab: Slab) -> SpikeSlab:
    """Return a spike and slab whose probabilities are kept within SMALLEST_PROBABILITY."""
    spike_prob = spike_prob.clamp(SMALLEST_PROBABILITY, 1 - SMALLEST_PROBABILITY)
    return SpikeSlab(spike_prob.log(), torch.log1p(-spike_prob), slab)
