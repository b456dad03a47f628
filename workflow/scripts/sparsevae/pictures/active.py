"""The code of one object, and which latents are active in it."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor

from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.spike_slab import SpikeSlab

Posterior = DiagonalGaussian | SpikeSlab

# Of a code without spikes: the share of its squared length that its active latents have.
SHARE = 0.9


def sparse_code(posterior: Posterior) -> Float[Tensor, "batch latent"]:
    """z with the likelier state of each spike and the mean of each slab: zeros are exact.

    A latent is on where g > 0.5. Without spikes it is E[z|x], which has no zeros.
    """
    if isinstance(posterior, SpikeSlab):
        return torch.where(posterior.spike_prob > 0.5, posterior.slab.mean, 0.0)
    return posterior.mean


def active_latents(posterior: Posterior) -> Bool[Tensor, "batch latent"]:
    """Which latents are active for each object: those with g > 0.5, as in the paper's fig. 6.

    Without spikes, the fewest of largest |E[z|x]| that have 90 % of its squared length.
    """
    if isinstance(posterior, SpikeSlab):
        return posterior.spike_prob > 0.5
    squares, order = posterior.mean.square().sort(dim=-1, descending=True, stable=True)
    before = squares.cumsum(-1) - squares
    needed = before < SHARE * squares.sum(-1, keepdim=True)
    return torch.zeros_like(needed).scatter(-1, order, needed)


def active_code(posterior: Posterior) -> Float[Tensor, "batch latent"]:
    """`sparse_code` with every latent that is not active at 0."""
    return torch.where(active_latents(posterior), sparse_code(posterior), 0.0)
