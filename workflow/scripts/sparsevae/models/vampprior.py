"""A VAE whose prior is a mixture of encoded pseudo-inputs: VampPrior (Tomczak & Welling 2018)."""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn

from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.mixture import Mixture
from sparsevae.models.base import Penalties
from sparsevae.models.priors import start_pseudo_inputs
from sparsevae.models.schedules import Schedule
from sparsevae.models.vae import VAE
from sparsevae.study.settings import Likelihood, Network, Prior


class VampPrior(VAE):
    """q(z|x) = N(mean, var), p(z) = 1/U sum_u q(z|x_u) with learned pseudo-inputs x_u.

    Beside VSC with pseudo-inputs it tells what the learned prior does from what spikes do. The KL
    is bounded as for `prior.selection: mixture` of the VSC (Hershey & Olsen 2007, section 7), so
    that the two pay alike.
    """

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
        self.prior = prior or Prior()
        self.inputs = nn.Parameter(torch.zeros(self.prior.pseudo_inputs, math.prod(shape)))

    @property
    def penalties_are_kl(self) -> bool:
        """The KL to a mixture has no closed form."""
        return False

    @property
    def pseudo_inputs(self) -> Float[Tensor, "pseudo features"]:
        """x_u, which share the encoder."""
        return self.inputs

    def start_from(
        self, samples: Float[Tensor, "samples features"], generator: torch.Generator
    ) -> None:
        """Set pseudo-inputs that start as training samples."""
        start_pseudo_inputs(self.inputs, self.prior, samples, generator)

    def penalties(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: DiagonalGaussian,
        schedule: Schedule | None = None,
    ) -> Penalties:
        """Return -log 1/U sum_u exp(-KL(q(z|x) || q(z|x_u))), at least the KL, nats per sample."""
        kl = self._kl(posterior)
        slab = math.log(kl.shape[-1]) - torch.logsumexp(-kl, -1)
        zero = torch.zeros_like(slab)
        return Penalties(kl_slab=slab, kl_spike=zero, sparsity=zero)

    def prior_distribution(self) -> Mixture:
        """Return the uniform mixture of the q(z|x_u)."""
        return Mixture(self.encode(self.inputs))

    def selection(
        self, inputs: Float[Tensor, "batch features"], posterior: DiagonalGaussian
    ) -> Float[Tensor, "batch components"]:
        """Return softmax(-KL_u): how much each pseudo-input explains of x; rows sum to one."""
        return torch.softmax(-self._kl(posterior), -1)

    def _kl(self, posterior: DiagonalGaussian) -> Float[Tensor, "batch pseudo"]:
        components = self.encode(self.inputs)
        return posterior[:, None].kl_per_latent(components).sum(-1)
