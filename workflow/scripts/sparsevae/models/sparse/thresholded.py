"""Thresholded VSC: noise that is shrunk to exact zeros (Fallah & Rozell 2022, "Variational sparse
coding with learned thresholding"), with a fixed threshold and the KL of the thresholded z."""

import math
from statistics import NormalDist

import torch
import torch.nn.functional as F
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.draws import Draw
from sparsevae.distributions.laplace import DiagonalLaplace
from sparsevae.distributions.spike_slab import SpikeSlab
from sparsevae.distributions.tails import GaussianTails
from sparsevae.models.schedules import Schedule
from sparsevae.models.sparse.factorised import FactorisedPrior
from sparsevae.study.choices import SMALLEST_PROBABILITY
from sparsevae.study.settings import Likelihood, Network, Prior, Spike

Values = Float[Tensor, "*batch latent"]


class Thresholded(FactorisedPrior[SpikeSlab]):
    """z = m + sign(e) (|e| - t) where |e| > t, else 0; e of scale s(x), in the prior m = 0, s = 1.

    That is a spike and slab whose spike probability g is P(|e| > t), a function of the scale alone;
    t makes it alpha in the prior. shape, latent_dim, network, likelihood: as of every model; spike:
    the relaxation; prior: alpha.
    """

    posterior_heads = ("mean", "log_scale")
    zeros: Tensor

    def __init__(
        self,
        shape: tuple[int, ...],
        latent_dim: int,
        *,
        network: Network | None = None,
        likelihood: Likelihood | None = None,
        spike: Spike | None = None,
        prior: Prior | None = None,
    ):
        super().__init__(shape, latent_dim, network=network, likelihood=likelihood)
        self.spike = spike or Spike()
        self.threshold = self.size_exceeded_by((prior or Prior()).spike_prob)
        self.register_buffer("zeros", torch.zeros(1, latent_dim), persistent=False)

    def size_exceeded_by(self, probability: float) -> float:
        """Return the size of the prior's noise that is exceeded with this probability."""
        raise NotImplementedError

    def thresholded(self, mean: Values, log_scale: Values) -> SpikeSlab:
        """Return the distribution of z."""
        raise NotImplementedError

    def encode(self, inputs: Float[Tensor, "batch features"]) -> SpikeSlab:
        """Return q(z|x), whose spike probabilities stay above SMALLEST_PROBABILITY."""
        heads = self.posterior_parameters(inputs)
        least = math.log(self.threshold / self.size_exceeded_by(SMALLEST_PROBABILITY))
        return self.thresholded(heads["mean"], F.softplus(heads["log_scale"] - least) + least)

    def prior_row(self) -> SpikeSlab:
        """Return p(z), (1, latent)."""
        return self.thresholded(self.zeros, self.zeros)

    def kl_parts(
        self, posterior: SpikeSlab, prior: SpikeSlab
    ) -> tuple[Float[Tensor, "batch latent"], Float[Tensor, "batch latent"]]:
        """Return g KL of the slabs and KL of the spikes."""
        return posterior.kl_per_latent(prior)

    def draw(
        self, posterior: SpikeSlab, schedule: Schedule, noise: torch.Generator, draws: int
    ) -> Draw:
        """Draw z: in training with relaxed spikes or by DisARM, else with hard spikes."""
        relaxation = self.spike.relaxation if self.training else None
        return posterior.draw(noise, draws, relaxation, schedule.sharpness)


class ThresholdedGaussian(Thresholded):
    """With Gaussian noise: g = 2 Phi(-t / s)."""

    def size_exceeded_by(self, probability: float) -> float:
        """Return t of 2 Phi(-t) = probability."""
        return -NormalDist().inv_cdf(probability / 2)

    def thresholded(self, mean: Values, log_scale: Values) -> SpikeSlab:
        """Return spikes and both tails of N(0, s^2)."""
        slab = GaussianTails(mean, 2 * log_scale, torch.full_like(mean, self.threshold))
        return SpikeSlab(slab.log_mass, log_one_minus(slab.log_mass), slab)


class ThresholdedLaplace(Thresholded):
    """With Laplace noise: g = exp(-t / b), and the slab is Laplace(m, b)."""

    def size_exceeded_by(self, probability: float) -> float:
        """Return t of exp(-t) = probability."""
        return -math.log(probability)

    def thresholded(self, mean: Values, log_scale: Values) -> SpikeSlab:
        """Return spikes and a Laplace slab, as its tails have no memory of the threshold."""
        log_spike = -self.threshold * torch.exp(-log_scale)
        return SpikeSlab(log_spike, log_one_minus(log_spike), DiagonalLaplace(mean, log_scale))


def log_one_minus(log_prob: Values) -> Values:
    """Return log(1 - p) of log p < 0, exact for p near 0 and near 1 (Maechler 2012)."""
    return torch.log(-torch.expm1(log_prob))
