"""How sparse codes are, and how many latents carry anything."""

from jaxtyping import Float
from torch import Tensor

# Activity of a latent is the variance over samples of its mean E[z|x]; the threshold is that of
# Burda, Grosse & Salakhutdinov 2016, section 5.
USED_VARIANCE = 0.01


def activity(codes: Float[Tensor, "samples latent"]) -> Float[Tensor, "latent"]:
    """Variance over samples of E[z|x], latent by latent."""
    return codes.var(dim=0, correction=0)


def count_used(codes: Float[Tensor, "samples latent"]) -> int:
    """Number of latents whose activity exceeds USED_VARIANCE."""
    return int((activity(codes) > USED_VARIANCE).sum())


def active_fraction(latents: Float[Tensor, "samples latent"]) -> float:
    """Fraction of latents that are not exactly zero in draws with hard spikes."""
    return float((latents != 0).double().mean())
