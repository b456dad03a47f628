"""When a model has collapsed: its latents say nothing of its inputs."""

import math

# One bit. The mean KL is at least the mutual information of x and z (Hoffman & Johnson 2016), so
# below it z cannot even tell two halves of the data apart.
SMALLEST_KL = math.log(2)


def has_collapsed(used_latents: int, kl: float) -> bool:
    """Whether no latent is used (sparsity.count_used), or KL(q(z|x) || p(z)) is below one bit.

    `kl` is the mean over samples in nats, to the prior of the generative model; NaN if it is not
    known, and then only used latents count. A large KL alone is no sign of life: a posterior that
    is the same for every x can be far from the prior.
    """
    return used_latents == 0 or kl < SMALLEST_KL
