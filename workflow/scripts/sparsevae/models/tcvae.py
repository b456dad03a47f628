"""beta-TCVAE: a VAE that pays extra for dependence between latents (Chen et al. 2018)."""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.draws import Draw
from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.models.base import Penalties
from sparsevae.models.schedules import Schedule
from sparsevae.models.vae import VAE


class TCVAE(VAE):
    """loss = -ELBO + (beta - 1) TC, TC = KL(q(z) || prod_j q(z_j)) of the aggregated posterior.

    Chen, Li, Grosse & Duvenaud 2018, eq. 4 with alpha = gamma = 1: the ELBO holds the total
    correlation once, and beta is its whole weight. The KL itself keeps weight 1.
    """

    def loss(
        self,
        reconstruction: Float[Tensor, "batch"],
        penalties: Penalties,
        posterior: DiagonalGaussian,
        draw: Draw,
        schedule: Schedule,
    ) -> Float[Tensor, "batch"]:
        """Return reconstruction + KL + (beta - 1) TC, nats per sample."""
        correlation = total_correlation(posterior, draw.first)
        return reconstruction + penalties.kl + (schedule.beta - 1) * correlation


def total_correlation(
    posterior: DiagonalGaussian, latents: Float[Tensor, "batch latent"]
) -> Float[Tensor, "batch"]:
    """Return log q(z_i) - sum_j log q(z_ij) at one draw per sample, in nats.

    q(z) is the mean of q(z|x) over the batch. Minibatch-weighted sampling (Chen et al., section
    4.1) takes 1 / (N M) for the weights, N the training images and M the batch. Here they are
    1 / M: the estimates differ by the constant (J - 1) log N, so that their gradients are equal,
    and this one is 0 if all posteriors are the same. It is biased all the same: it is at most
    (J - 1) log M.
    """
    log_probs = posterior[None].log_prob_per_latent(latents.unsqueeze(1))  # z_i in row i, q in col.
    log_batch = math.log(len(latents))
    joint = torch.logsumexp(log_probs.sum(-1), dim=1) - log_batch
    marginals = torch.logsumexp(log_probs, dim=1) - log_batch
    return joint - marginals.sum(-1)
