"""How sparse codes are, and how many latents carry anything."""

import math

import torch
from jaxtyping import Float
from torch import Tensor

# Activity of a latent is the variance over samples of its mean E[z|x]; the threshold is that of
# Burda, Grosse & Salakhutdinov 2016, section 5.
USED_VARIANCE = 0.01


def activity(codes: Float[Tensor, "samples latent"]) -> Float[Tensor, "latent"]:
    """Variance over samples of E[z|x], latent by latent."""
    return codes.var(dim=0, correction=0)


def count_used(codes: Float[Tensor, "samples latent"]) -> int:
    """Number of latents whose activity exceeds USED_VARIANCE: Burda's active units."""
    return int((activity(codes) > USED_VARIANCE).sum())


def active_fraction(latents: Float[Tensor, "samples latent"]) -> float:
    """Fraction of latents that are not exactly zero in draws with hard spikes."""
    return float((latents != 0).double().mean())


def hoyer(latents: Float[Tensor, "*sample latent"]) -> Float[Tensor, "*sample"]:
    """(sqrt(J) - |z|_1 / |z|_2) / (sqrt(J) - 1): 0 where all are alike, 1 with one active latent.

    Hurley & Rickard 2009, table I. NaN with J = 1 latent, where it is 0 / 0. A z that is all zero,
    0 / 0 too, counts as 1: no code has fewer active latents, and left out, the mean over samples
    would be one over the least sparse of them. (So a collapsed VSC has 1: read `collapsed` first.)
    """
    root = math.sqrt(latents.shape[-1])
    if root == 1:
        return torch.full_like(latents[..., 0], math.nan)
    # Divided by the largest, which changes nothing, so that no square underflows.
    scaled = latents / latents.abs().amax(-1, keepdim=True)
    ratio = scaled.abs().sum(-1) / scaled.square().sum(-1).sqrt()
    return torch.where((latents == 0).all(-1), 1.0, (root - ratio) / (root - 1))


def effective_number(weights: Float[Tensor, "samples items"]) -> float:
    """exp of the entropy of the mean weights: how many items are in use, from 1 to all of them.

    Weights of a sample sum to one. n items in equal use count as n, whatever the number of the
    others, and no threshold decides whether a rarely used one counts.
    """
    mean = weights.double().mean(0)
    return math.exp(-torch.special.xlogy(mean, mean).sum().item())
