"""Priors of the VSC: a fixed spike and slab, or encodings of learned pseudo-inputs.

Each has `penalties(inputs, posterior, encode, sharpening)`, `log_prob(latents, encode)` and
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
from sparsevae.models import schedules
from sparsevae.models.base import Penalties
from sparsevae.study.settings import RunConfig

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

    def start_from(
        self, samples: Float[Tensor, "samples features"], generator: torch.Generator
    ) -> None:
        """Takes nothing from the training samples."""

    def penalties(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: SpikeSlab,
        encode: Encode,
        sharpening: float | None,
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

    With `selection: mixture` no classifier picks: a pseudo-input weighs as much as it explains,
    w_u = softmax(-KL_u), and the choice is paid for too, KL(w || uniform). The sum is
    -log (1/U) sum_u exp(-KL_u), which bounds the KL to that mixture from above (Hershey & Olsen
    2007, section 7): the objective is then minus a lower bound on log p(x).
    """

    def __init__(self, config: RunConfig, shape: tuple[int, ...]):
        super().__init__()
        self.settings = config.prior
        features = math.prod(shape)
        self.inputs = nn.Parameter(torch.zeros(config.prior.pseudo_inputs, features))
        if self.settings.selection != "mixture":
            self.selector = nn.Linear(features, config.prior.pseudo_inputs)

    def start_from(
        self, samples: Float[Tensor, "samples features"], generator: torch.Generator
    ) -> None:
        """With `pseudo_inputs_start: samples`, pseudo-inputs are training samples at first.

        Drawn at random; all different if there are enough of them.
        """
        if self.settings.pseudo_inputs_start != "samples":
            return
        n = self.settings.pseudo_inputs
        order = torch.randperm(len(samples), generator=generator)
        chosen = order.repeat(-(-n // len(samples)))[:n]
        with torch.no_grad():
            self.inputs.copy_(samples[chosen.to(samples.device)])

    def weights(
        self, inputs: Float[Tensor, "batch features"], posterior: SpikeSlab, encode: Encode
    ) -> Float[Tensor, "batch pseudo"]:
        """The selection at the end of the training; each row sums to one."""
        components = self.components(encode, schedules.sharpening(self.settings, 1.0))
        slab, spike = self.kl(posterior, components)
        return self.select(inputs, slab + spike)

    def select(
        self, inputs: Float[Tensor, "batch features"], kl: Float[Tensor, "batch pseudo"]
    ) -> Float[Tensor, "batch pseudo"]:
        """C_omega(x), or softmax(-KL_u) for the mixture: each row sums to one."""
        if self.settings.selection == "mixture":
            return torch.softmax(-kl, -1)
        return SELECTIONS[self.settings.selection](self.selector(inputs))

    def components(self, encode: Encode, sharpening: float | None) -> SpikeSlab:
        """q(z | x_u), (pseudo, latent); sharpened to sigmoid(nu (g - 0.5)) where nu is given.

        Sharpening is in the authors' code (nu = 10), not in the paper; it bounds the cost of a
        latent that a pseudo-input leaves off, and so lets a latent that was closed open again.
        """
        encoded = encode(self.inputs)
        if sharpening is None:
            return encoded
        sharpened = torch.sigmoid(sharpening * (encoded.spike_prob - 0.5))
        return from_probability(sharpened, encoded.slab)

    def kl(
        self, posterior: SpikeSlab, components: SpikeSlab
    ) -> tuple[Float[Tensor, "batch pseudo"], Float[Tensor, "batch pseudo"]]:
        """KL(q(z|x) || q(z|x_u)) to each pseudo-input, slab and spike part (eq. 6)."""
        slab, spike = _unsqueezed(posterior).kl_per_latent(components)
        return slab.sum(-1), spike.sum(-1)

    def penalties(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: SpikeSlab,
        encode: Encode,
        sharpening: float | None,
    ) -> Penalties:
        """Mean of KL(q(z|x) || q(z|x_u)) under the selection, and the sparsity term (eq. 4).

        With the mixture, `kl_spike` holds what its choice costs too: it is the KL of all that is
        discrete.
        """
        components = self.components(encode, sharpening)
        slab, spike = self.kl(posterior, components)
        weights = self.select(inputs, slab + spike)
        return Penalties(
            kl_slab=(weights * slab).sum(-1),
            kl_spike=(weights * spike).sum(-1) + self.choice(slab + spike, weights),
            sparsity=self.sparsity(weights, components),
        )

    def choice(
        self, kl: Float[Tensor, "batch pseudo"], weights: Float[Tensor, "batch pseudo"]
    ) -> Float[Tensor, "batch"]:
        """KL(w || uniform) of the mixture's weights, at most log U nats; 0 for a classifier's."""
        if self.settings.selection != "mixture":
            return torch.zeros_like(kl[:, 0])
        log_weights = torch.log_softmax(-kl, -1)
        return (weights * log_weights).sum(-1) + math.log(self.settings.pseudo_inputs)

    def log_prob(
        self, latents: Float[Tensor, "*sample latent"], encode: Encode
    ) -> Float[Tensor, "*sample"]:
        """log (1/U) sum_u q(z|x_u) in nats: the prior whose bound is valid."""
        components = self.components(encode, schedules.sharpening(self.settings, 1.0))
        log_probs = components.log_prob(latents.unsqueeze(-2))
        return torch.logsumexp(log_probs, -1) - math.log(self.settings.pseudo_inputs)

    def sample(
        self, n: int, generator: torch.Generator, encode: Encode
    ) -> Float[Tensor, "n latent"]:
        """n draws from the mixture: a pseudo-input at random, then hard spikes and slabs."""
        components = self.components(encode, schedules.sharpening(self.settings, 1.0))
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
