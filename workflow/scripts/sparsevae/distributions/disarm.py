"""DisARM: an unbiased gradient for hard spikes from two antithetic draws.

Dong, Mnih & Tucker 2020, "DisARM: an antithetic gradient estimator for binary latent variables",
eq. 7; the same as U2G (Yin, Ho, Yan, Qian & Zhou 2020). Both gate patterns come from one uniform u
per latent: b opens where u < g, b' where 1 - u < g. With a the logit of g and f the loss,

    d E[f] / d a_j = E[ (f(b) - f(b')) / 2 * (b_j - b'_j) * sigmoid(|a_j|) ].
"""

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions import relaxations


def antithetic_gates(
    log_spike: Float[Tensor, "*batch latent"], uniform: Float[Tensor, "*batch latent"]
) -> Float[Tensor, "2 *batch latent"]:
    """The hard patterns b and b', each open with probability g, as unlike as they can be."""
    return torch.stack([relaxations.hard(log_spike, u) for u in (uniform, 1 - uniform)])


def surrogate(
    losses: Float[Tensor, "2 batch"],
    gates: Float[Tensor, "2 batch latent"],
    log_spike: Float[Tensor, "batch latent"],
    log_no_spike: Float[Tensor, "batch latent"],
) -> Float[Tensor, "batch"]:
    """Exactly 0, with the DisARM gradient of E[loss] in the logits log g - log(1 - g).

    Added to the mean of the two losses, whose own gradient does not see the spikes: hard gates have
    none. Any gradient that the losses have in other parameters is left alone.
    """
    logits = log_spike - log_no_spike
    likelier = torch.maximum(log_spike, log_no_spike).detach().exp()  # sigmoid(|logit|)
    half_difference = 0.5 * (losses[0] - losses[1]).detach()
    coefficients = half_difference.unsqueeze(-1) * (gates[0] - gates[1]) * likelier
    return (coefficients * (logits - logits.detach())).sum(-1)
