"""VAE with Laplace posterior and prior: a dense control, whose prior is peaked at 0."""

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.laplace import DiagonalLaplace
from sparsevae.models.sparse.factorised import FactorisedPrior
from sparsevae.study.settings import Likelihood, Network


class LaplaceVAE(FactorisedPrior[DiagonalLaplace]):
    """q(z|x) = Laplace(mean, scale), p(z) = Laplace(0, 1); no exact zeros.

    shape, latent_dim, network, likelihood: as of every model.
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
    ):
        super().__init__(shape, latent_dim, network=network, likelihood=likelihood)
        self.register_buffer("zeros", torch.zeros(1, latent_dim), persistent=False)

    def encode(self, inputs: Float[Tensor, "batch features"]) -> DiagonalLaplace:
        """Return q(z|x)."""
        return DiagonalLaplace(**self.posterior_parameters(inputs))

    def prior_row(self) -> DiagonalLaplace:
        """Return Laplace(0, 1), (1, latent)."""
        return DiagonalLaplace(self.zeros, self.zeros)

    def kl_parts(
        self, posterior: DiagonalLaplace, prior: DiagonalLaplace
    ) -> tuple[Float[Tensor, "batch latent"], Float[Tensor, "batch latent"]]:
        """Return the KL; there are no spikes."""
        slab = posterior.kl_per_latent(prior)
        return slab, torch.zeros_like(slab)
