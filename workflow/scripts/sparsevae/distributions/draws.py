"""Draws of z for an objective, and the estimates of E_q[loss(z)] that they give.

`AntitheticDraw` is DisARM, an unbiased gradient for hard spikes from two antithetic draws (Dong,
Mnih & Tucker 2020, "DisARM: an antithetic gradient estimator for binary latent variables", eq. 7;
the same as U2G of Yin, Ho, Yan, Qian & Zhou 2020). Both gate patterns come from one uniform u per
latent: b opens if u < g, b' if 1 - u < g. With a the logit of g and f the loss,

    d E[f] / d a_j = E[ (f(b) - f(b')) / 2 * (b_j - b'_j) * sigmoid(|a_j|) ].
"""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions import relaxations


@dataclass(frozen=True)
class Draw:
    """One z per sample, (batch, latent), or several, (draws, batch, latent)."""

    latents: Float[Tensor, "*draws batch latent"]

    @property
    def first(self) -> Float[Tensor, "batch latent"]:
        """The first z of each sample."""
        return self.latents if self.latents.dim() == 2 else self.latents[0]

    def expectation(self, losses: Float[Tensor, "*draws batch"]) -> Float[Tensor, "batch"]:
        """Return the mean over draws of the losses at `latents`; its gradient is their own."""
        return losses if losses.dim() == 1 else losses.mean(0)


@dataclass(frozen=True)
class AntitheticDraw(Draw):
    """Two z per sample from antithetic hard gates, which share the slab's noise."""

    gates: Float[Tensor, "2 batch latent"]
    log_spike: Float[Tensor, "batch latent"]
    log_no_spike: Float[Tensor, "batch latent"]

    def expectation(self, losses: Float[Tensor, "2 batch"]) -> Float[Tensor, "batch"]:
        """Return the mean of both losses, with the DisARM gradient in the spikes' logits."""
        spikes = surrogate(losses, self.gates, self.log_spike, self.log_no_spike)
        return losses.mean(0) + spikes


def antithetic_gates(
    log_spike: Float[Tensor, "*batch latent"], uniform: Float[Tensor, "*batch latent"]
) -> Float[Tensor, "2 *batch latent"]:
    """Return the hard patterns b and b', each open with probability g, as unlike as they can be."""
    return torch.stack([relaxations.hard(log_spike, u) for u in (uniform, 1 - uniform)])


def surrogate(
    losses: Float[Tensor, "2 batch"],
    gates: Float[Tensor, "2 batch latent"],
    log_spike: Float[Tensor, "batch latent"],
    log_no_spike: Float[Tensor, "batch latent"],
) -> Float[Tensor, "batch"]:
    """Return exactly 0, with the DisARM gradient of E[loss] in the logits log g - log(1 - g).

    Added to the mean of the two losses, whose own gradient does not see the spikes: hard gates have
    none. Any gradient that the losses have in other parameters is left alone.
    """
    logits = log_spike - log_no_spike
    likelier = torch.maximum(log_spike, log_no_spike).detach().exp()  # sigmoid(|logit|)
    half_difference = 0.5 * (losses[0] - losses[1]).detach()
    coefficients = half_difference.unsqueeze(-1) * (gates[0] - gates[1]) * likelier
    return (coefficients * (logits - logits.detach())).sum(-1)
