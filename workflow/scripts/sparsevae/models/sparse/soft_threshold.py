"""VAE whose latents pass a soft threshold, in prior and posterior (after Salimans 2016)."""

from statistics import NormalDist

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.soft_threshold import SoftThreshold
from sparsevae.models.sparse.factorised import FactorisedPrior
from sparsevae.study.settings import Likelihood, Network, Prior


class SoftThresholdVAE(FactorisedPrior[SoftThreshold]):
    """z = sign(y) max(|y| - t, 0); q: y ~ N(m(x), s(x)^2), p: y ~ N(0, 1), 0 but for P = alpha.

    shape, latent_dim, network, likelihood: as of every model; prior: alpha, which sets t.
    """

    posterior_heads = ("mean", "log_var")
    zeros: Tensor

    def __init__(
        self,
        shape: tuple[int, ...],
        latent_dim: int,
        *,
        network: Network | None = None,
        likelihood: Likelihood | None = None,
        prior: Prior | None = None,
    ):
        super().__init__(shape, latent_dim, network=network, likelihood=likelihood)
        self.threshold = -NormalDist().inv_cdf((prior or Prior()).spike_prob / 2)
        self.register_buffer("zeros", torch.zeros(1, latent_dim), persistent=False)

    def encode(self, inputs: Float[Tensor, "batch features"]) -> SoftThreshold:
        """Return q(z|x)."""
        heads = self.posterior_parameters(inputs)
        threshold = torch.full_like(heads["mean"], self.threshold)
        return SoftThreshold(heads["mean"], heads["log_var"], threshold)

    def prior_row(self) -> SoftThreshold:
        """Return p(z), (1, latent)."""
        return SoftThreshold(self.zeros, self.zeros, torch.full_like(self.zeros, self.threshold))

    def kl_parts(
        self, posterior: SoftThreshold, prior: SoftThreshold
    ) -> tuple[Float[Tensor, "batch latent"], Float[Tensor, "batch latent"]]:
        """Return the KL of z, which is at most that of y."""
        return posterior.kl_per_latent(prior)
