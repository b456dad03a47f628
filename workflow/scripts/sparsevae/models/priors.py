"""Priors of the VSC: a fixed spike and slab, or encodings of learned pseudo-inputs.

Each has `penalties(inputs, posterior, encode)`, `log_prob(latents, encode)` and
`sample(n, generator, encode)`; `encode` is the model's recognition function, which the
pseudo-inputs share (as in a VampPrior, Tomczak & Welling 2018).
"""

import math
from collections.abc import Callable

import torch
from jaxtyping import Float
from torch import Tensor, nn

from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.selection import SELECTIONS
from sparsevae.distributions.spike_slab import SpikeSlab, bernoulli_kl, from_probability
from sparsevae.models.model import Penalties
from sparsevae.run_config import RunConfig

Encode = Callable[[Float[Tensor, "batch features"]], SpikeSlab]


class FixedPrior(nn.Module):
    """Slab N(0, 1) and spike probability alpha in every latent (ICLR 2019 version)."""

    def __init__(self, config: RunConfig, shape: tuple[int, ...]):
        super().__init__()
        self.settings = config.prior
        self.register_buffer("latents", torch.zeros(config.latent_dim), persistent=False)

    def distribution(self) -> SpikeSlab:
        """p(z) of one sample: tensors of shape (latent,)."""
        spike_prob = torch.full_like(self.latents, self.settings.spike_prob)
        return from_probability(spike_prob, DiagonalGaussian.standard(self.latents))

    def penalties(
        self, inputs: Float[Tensor, "batch features"], posterior: SpikeSlab, encode: Encode
    ) -> Penalties:
        """KL(q(z|x) || p(z)) in closed form, nats per sample; no sparsity term."""
        slab, spike = posterior.kl_per_latent(self.distribution())
        kl_slab, kl_spike = slab.sum(-1), spike.sum(-1)
        return Penalties(kl_slab, kl_spike, sparsity=torch.zeros_like(kl_slab))

    def log_prob(
        self, latents: Float[Tensor, "*sample latent"], encode: Encode
    ) -> Float[Tensor, "*sample"]:
        """log p(z) in nats."""
        return self.distribution().log_prob(latents)

    def sample(
        self, n: int, generator: torch.Generator, encode: Encode
    ) -> Float[Tensor, "n latent"]:
        """n draws z ~ p(z) with hard spikes."""
        prior = self.distribution()
        rows = [tensor.expand(n, -1) for tensor in (prior.log_spike, prior.log_no_spike)]
        slab = DiagonalGaussian.standard(rows[0])
        return SpikeSlab(*rows, slab).sample(generator)


class PseudoInputPrior(nn.Module):
    """p_s(z) = q(z | x_u*), u* = C_omega(x), with free pseudo-inputs x_u (UAI paper, eq. 4).

    The objective pays the KL to the pseudo-inputs that x selects, weighted by the selection. As a
    generative model the prior is the uniform mixture over all pseudo-inputs, which `log_prob` and
    `sample` use.
    """

    def __init__(self, config: RunConfig, shape: tuple[int, ...]):
        super().__init__()
        self.settings = config.prior
        features = math.prod(shape)
        self.inputs = nn.Parameter(torch.zeros(config.prior.pseudo_inputs, features))
        self.selector = nn.Linear(features, config.prior.pseudo_inputs)

    def weights(self, inputs: Float[Tensor, "batch features"]) -> Float[Tensor, "batch pseudo"]:
        """C_omega(x): weights over the pseudo-inputs, each row sums to one."""
        return SELECTIONS[self.settings.selection](self.selector(inputs))

    def components(self, encode: Encode) -> SpikeSlab:
        """q(z | x_u), (pseudo, latent); sharpened to sigmoid(nu (g - 0.5)) where nu is set.

        Sharpening is in the authors' code (nu = 10), not in the paper; it bounds the cost of a
        latent that a pseudo-input leaves off.
        """
        encoded = encode(self.inputs)
        if self.settings.sharpening is None:
            return encoded
        sharpened = torch.sigmoid(self.settings.sharpening * (encoded.spike_prob - 0.5))
        return from_probability(sharpened, encoded.slab)

    def penalties(
        self, inputs: Float[Tensor, "batch features"], posterior: SpikeSlab, encode: Encode
    ) -> Penalties:
        """Mean of KL(q(z|x) || q(z|x_u)) under the selection, and the sparsity term (eq. 4)."""
        weights = self.weights(inputs)
        components = self.components(encode)
        slab, spike = _unsqueezed(posterior).kl_per_latent(components)
        return Penalties(
            kl_slab=(weights * slab.sum(-1)).sum(-1),
            kl_spike=(weights * spike.sum(-1)).sum(-1),
            sparsity=self.sparsity(weights, components),
        )

    def log_prob(
        self, latents: Float[Tensor, "*sample latent"], encode: Encode
    ) -> Float[Tensor, "*sample"]:
        """log (1/U) sum_u q(z|x_u) in nats: the prior whose bound is valid."""
        components = self.components(encode)
        log_probs = components.log_prob(latents.unsqueeze(-2))
        return torch.logsumexp(log_probs, -1) - math.log(self.settings.pseudo_inputs)

    def sample(
        self, n: int, generator: torch.Generator, encode: Encode
    ) -> Float[Tensor, "n latent"]:
        """n draws from the mixture: a pseudo-input at random, then hard spikes and slabs."""
        components = self.components(encode)
        device = components.log_spike.device
        chosen = torch.randint(
            self.settings.pseudo_inputs, (n,), generator=generator, device=device
        )
        slab = DiagonalGaussian(components.slab.mean[chosen], components.slab.log_var[chosen])
        rows = SpikeSlab(components.log_spike[chosen], components.log_no_spike[chosen], slab)
        return rows.sample(generator)

    def sparsity(
        self, weights: Float[Tensor, "batch pseudo"], components: SpikeSlab
    ) -> Float[Tensor, "batch"]:
        """J KL(Bern(mean spike probability of the selected pseudo-input) || Bern(alpha)).

        In nats per sample, J the number of latents; times `sparsity_weight`.
        """
        mean = (weights @ components.spike_prob).mean(-1, keepdim=True)
        slab = DiagonalGaussian.standard(mean)
        alpha = from_probability(torch.full_like(mean, self.settings.spike_prob), slab)
        penalty = bernoulli_kl(from_probability(mean, slab), alpha).squeeze(-1)
        latents = components.spike_prob.shape[-1]
        return self.settings.sparsity_weight * latents * penalty


def _unsqueezed(posterior: SpikeSlab) -> SpikeSlab:
    """(batch, latent) -> (batch, 1, latent), to stand against (pseudo, latent)."""
    slab = DiagonalGaussian(posterior.slab.mean.unsqueeze(-2), posterior.slab.log_var.unsqueeze(-2))
    return SpikeSlab(posterior.log_spike.unsqueeze(-2), posterior.log_no_spike.unsqueeze(-2), slab)
