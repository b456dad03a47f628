"""How sparse codes are, and how many latents carry anything."""

import math

import torch
from jaxtyping import Float
from torch import Tensor


def hoyer(latents: Float[Tensor, "*sample latent"]) -> Float[Tensor, "*sample"]:
    """Return (sqrt(J) - |z|_1 / |z|_2) / (sqrt(J) - 1) (Hurley & Rickard 2009, table I).

    0 if all latents are alike, 1 with one active latent. NaN with J = 1 latent, where it is 0 / 0.
    A z that is all zero, 0 / 0 too, counts as 1: no code has fewer active latents, and left out,
    the mean over samples would be one over the least sparse of them. (So a collapsed VSC has 1:
    read `collapsed` first.)
    """
    root = math.sqrt(latents.shape[-1])
    if root == 1:
        return torch.full_like(latents[..., 0], math.nan)
    # Divided by the largest, which changes nothing, so that no square underflows.
    scaled = latents / latents.abs().amax(-1, keepdim=True)
    ratio = scaled.abs().sum(-1) / scaled.square().sum(-1).sqrt()
    return torch.where((latents == 0).all(-1), 1.0, (root - ratio) / (root - 1))


def effective_number(weights: Float[Tensor, "samples items"]) -> float:
    """Return exp of the entropy of the mean weights: how many items are in use, 1 to all of them.

    Weights of a sample sum to one. n items in equal use count as n, whatever the number of the
    others, and no threshold decides whether a rarely used one counts.
    """
    mean = weights.double().mean(0)
    return math.exp(-torch.special.xlogy(mean, mean).sum().item())
