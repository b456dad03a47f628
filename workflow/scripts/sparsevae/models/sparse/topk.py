"""k-sparse autoencoder (Makhzani & Frey 2013, with the ReLU of Gao et al. 2024)."""

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.posterior import SparsePoint
from sparsevae.jobs.errors import ConfigError
from sparsevae.models.autoencoder import Autoencoder
from sparsevae.study.settings import Likelihood, Network, Support


class TopK(Autoencoder):
    """z = the `support.kept` largest of relu(linear(encoder(x))), and exactly 0 elsewhere.

    Deterministic as the autoencoder: it has no prior and no bound of log p(x). Raises ConfigError
    if more latents are to be kept than there are.
    """

    def __init__(
        self,
        shape: tuple[int, ...],
        latent_dim: int,
        *,
        network: Network | None = None,
        likelihood: Likelihood | None = None,
        support: Support | None = None,
    ):
        super().__init__(shape, latent_dim, network=network, likelihood=likelihood)
        self.kept = (support or Support()).kept
        if self.kept > latent_dim:
            raise ConfigError(
                f"support.kept: {self.kept} is more than the {latent_dim} latents of the run; "
                "lower it, or raise latent_dims"
            )

    def encode(self, inputs: Float[Tensor, "batch features"]) -> SparsePoint:
        """Return z, with at most `support.kept` latents that are not zero."""
        positive = self.posterior_parameters(inputs)["mean"].relu()
        largest = positive.topk(self.kept, dim=-1)
        return SparsePoint(torch.zeros_like(positive).scatter(-1, largest.indices, largest.values))
