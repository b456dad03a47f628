"""Whether latents carry anything: activity, used latents, and collapse, where none does."""

import math

from jaxtyping import Float
from torch import Tensor

# One bit. The mean KL is at least the mutual information of x and z (Hoffman & Johnson 2016), so
# below it z cannot even tell two halves of the data apart.
SMALLEST_KL = math.log(2)

# Activity of a latent is the variance over samples of its mean E[z|x]; the threshold is that of
# Burda, Grosse & Salakhutdinov 2016, section 5.
USED_VARIANCE = 0.01


def activity(codes: Float[Tensor, "samples latent"]) -> Float[Tensor, "latent"]:
    """Variance over samples of E[z|x], latent by latent."""
    return codes.var(dim=0, correction=0)


def count_used(codes: Float[Tensor, "samples latent"]) -> int:
    """Number of latents whose activity exceeds USED_VARIANCE: Burda's active units."""
    return int((activity(codes) > USED_VARIANCE).sum())


def has_collapsed(used_latents: int, kl: float) -> bool:
    """Whether no latent is used (count_used), or KL(q(z|x) || p(z)) is below one bit.

    `kl` is the mean over samples in nats, to the prior of the generative model; NaN if it is not
    known, and then only used latents count. A large KL alone is no sign of life: a posterior that
    is the same for every x can be far from the prior.
    """
    return used_latents == 0 or kl < SMALLEST_KL
