"""Priors of the VSC: a fixed spike and slab, or encodings of learned pseudo-inputs.

Each has `components`, a spike and slab per row of which p(z) is the uniform mixture, `penalties` of
a posterior to these components, and `selection`, the weights that the objective gives to them. The
model encodes the pseudo-inputs (`inputs`), which share its encoder as in a VampPrior (Tomczak &
Welling 2018).
"""

import math

import torch
from jaxtyping import Float
from torch import Tensor, nn

from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.selection import SELECTIONS
from sparsevae.distributions.spike_slab import SpikeSlab, bernoulli_kl, from_probability
from sparsevae.models import schedules
from sparsevae.models.base import Penalties
from sparsevae.study.settings import Prior


class FixedPrior(nn.Module):
    """Slab N(0, 1) and spike probability alpha in every latent (ICLR 2019 version)."""

    inputs = None
    latents: Tensor

    def __init__(self, settings: Prior, shape: tuple[int, ...], latent_dim: int):
        super().__init__()
        self.spike_prob = settings.spike_prob
        self.register_buffer("latents", torch.zeros(1, latent_dim), persistent=False)

    def components(self) -> SpikeSlab:
        """Return p(z), (1, latent)."""
        spike_prob = torch.full_like(self.latents, self.spike_prob)
        return from_probability(spike_prob, DiagonalGaussian.standard(self.latents))

    def start_from(
        self, samples: Float[Tensor, "samples features"], generator: torch.Generator
    ) -> None:
        """Take nothing from the training samples."""

    def selection(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: SpikeSlab,
        components: SpikeSlab,
    ) -> Float[Tensor, "batch 1"]:
        """Return all weight on the only component."""
        return torch.ones_like(posterior.log_spike[:, :1])

    def penalties(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: SpikeSlab,
        components: SpikeSlab,
    ) -> Penalties:
        """Return KL(q(z|x) || p(z)) in closed form, nats per sample; no sparsity term."""
        slab, spike = posterior.kl_per_latent(components)
        kl_slab, kl_spike = slab.sum(-1), spike.sum(-1)
        return Penalties(kl_slab, kl_spike, sparsity=torch.zeros_like(kl_slab))


def start_pseudo_inputs(
    inputs: nn.Parameter,
    settings: Prior,
    samples: Float[Tensor, "samples features"],
    generator: torch.Generator,
) -> None:
    """With `pseudo_inputs_start: samples`, make pseudo-inputs (pseudo, features) training samples.

    Drawn at random; all different if there are enough of them.
    """
    if settings.pseudo_inputs_start != "samples":
        return
    n = len(inputs)
    order = torch.randperm(len(samples), generator=generator)
    chosen = order.repeat(-(-n // len(samples)))[:n]
    with torch.no_grad():
        inputs.copy_(samples[chosen.to(samples.device)])


class PseudoInputPrior(nn.Module):
    """p_s(z) = q(z | x_u*), u* = C_omega(x), with free pseudo-inputs x_u (UAI paper, eq. 4).

    The objective pays the KL to the pseudo-inputs that x selects, weighted by the selection. As a
    generative model the prior is the uniform mixture over all pseudo-inputs.

    With `selection: mixture` no classifier picks: a pseudo-input weighs as much as it explains,
    w_u = softmax(-KL_u), and the choice is paid for too, KL(w || uniform). The sum is
    -log (1/U) sum_u exp(-KL_u), which bounds the KL to that mixture from above (Hershey & Olsen
    2007, section 7): the objective is then minus a lower bound on log p(x).
    """

    def __init__(self, settings: Prior, shape: tuple[int, ...], latent_dim: int):
        super().__init__()
        self.settings = settings
        self.last_sharpening = schedules.sharpening(settings, 1.0)
        features = math.prod(shape)
        self.inputs = nn.Parameter(torch.zeros(settings.pseudo_inputs, features))
        if settings.selection != "mixture":
            self.selector = nn.Linear(features, settings.pseudo_inputs)

    def start_from(
        self, samples: Float[Tensor, "samples features"], generator: torch.Generator
    ) -> None:
        """With `pseudo_inputs_start: samples`, make the pseudo-inputs training samples."""
        start_pseudo_inputs(self.inputs, self.settings, samples, generator)

    def components(self, encoded: SpikeSlab, sharpening: float | None) -> SpikeSlab:
        """Return q(z | x_u), (pseudo, latent), sharpened to sigmoid(nu (g - 0.5)) if nu is given.

        encoded: the pseudo-inputs as the model encodes them. Sharpening is in the authors' code
        (nu = 10), not in the paper; it bounds the cost of a latent that a pseudo-input leaves off,
        and so lets a latent that was closed open again.
        """
        if sharpening is None:
            return encoded
        sharpened = torch.sigmoid(sharpening * (encoded.spike_prob - 0.5))
        return from_probability(sharpened, encoded.slab)

    def kl(
        self, posterior: SpikeSlab, components: SpikeSlab
    ) -> tuple[Float[Tensor, "batch pseudo"], Float[Tensor, "batch pseudo"]]:
        """Return KL(q(z|x) || q(z|x_u)) to each pseudo-input, slab and spike part (eq. 6)."""
        slab, spike = posterior[:, None].kl_per_latent(components)
        return slab.sum(-1), spike.sum(-1)

    def selection(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: SpikeSlab,
        components: SpikeSlab,
    ) -> Float[Tensor, "batch pseudo"]:
        """Return the weights of the pseudo-inputs for each x; each row sums to one."""
        slab, spike = self.kl(posterior, components)
        return self.select(inputs, slab + spike)

    def select(
        self, inputs: Float[Tensor, "batch features"], kl: Float[Tensor, "batch pseudo"]
    ) -> Float[Tensor, "batch pseudo"]:
        """Return C_omega(x), or softmax(-KL_u) for the mixture: each row sums to one."""
        if self.settings.selection == "mixture":
            return torch.softmax(-kl, -1)
        return SELECTIONS[self.settings.selection](self.selector(inputs))

    def penalties(
        self,
        inputs: Float[Tensor, "batch features"],
        posterior: SpikeSlab,
        components: SpikeSlab,
    ) -> Penalties:
        """Return the mean of KL(q(z|x) || q(z|x_u)) under the selection, and sparsity (eq. 4).

        With the mixture, `kl_spike` holds what its choice costs too: it is the KL of all that is
        discrete.
        """
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
        """Return KL(w || uniform) of the mixture's weights, at most log U nats; 0 for C_omega."""
        if self.settings.selection != "mixture":
            return torch.zeros_like(kl[:, 0])
        log_weights = torch.log_softmax(-kl, -1)
        return (weights * log_weights).sum(-1) + math.log(self.settings.pseudo_inputs)

    def sparsity(
        self, weights: Float[Tensor, "batch pseudo"], components: SpikeSlab
    ) -> Float[Tensor, "batch"]:
        """Return J KL(Bern(mean spike probability of the selected pseudo-input) || Bern(alpha)).

        In nats per sample, J the number of latents; times `sparsity_weight`.
        """
        mean = (weights @ components.spike_prob).mean(-1, keepdim=True)
        slab = DiagonalGaussian.standard(mean)
        alpha = from_probability(torch.full_like(mean, self.settings.spike_prob), slab)
        penalty = bernoulli_kl(from_probability(mean, slab), alpha).squeeze(-1)
        latents = components.spike_prob.shape[-1]
        return self.settings.sparsity_weight * latents * penalty
