"""beta-TCVAE: a VAE that pays extra for dependence between latents (Chen et al. 2018)."""

import math

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.models.schedules import Schedule
from sparsevae.models.vae import VAE


class TCVAE(VAE):
    """loss = -ELBO + (beta - 1) TC, TC = KL(q(z) || prod_j q(z_j)) of the aggregated posterior.

    Chen, Li, Grosse & Duvenaud 2018, eq. 4 with alpha = gamma = 1: the ELBO holds the total
    correlation once, and beta is its whole weight. The KL itself keeps weight 1.
    """

    def kl_weight(self, schedule: Schedule) -> float:
        return 1.0

    def regulariser(
        self,
        posterior: DiagonalGaussian,
        latents: Float[Tensor, "batch latent"],
        schedule: Schedule,
    ) -> Float[Tensor, "batch"]:
        """(beta - 1) TC, nats per sample."""
        return (schedule.beta - 1) * total_correlation(posterior, latents)


def total_correlation(
    posterior: DiagonalGaussian, latents: Float[Tensor, "batch latent"]
) -> Float[Tensor, "batch"]:
    """log q(z_i) - sum_j log q(z_ij) at one draw per sample, q(z) the mean over the batch, in nats.

    Minibatch-weighted sampling (Chen et al., section 4.1) takes 1 / (N M) for the weights, N the
    training images and M the batch. Here they are 1 / M: the estimates differ by the constant
    (J - 1) log N, so that their gradients are equal, and this one is 0 where all posteriors are
    the same. It is biased all the same: at most (J - 1) log M can be told from M samples.
    """
    rows = DiagonalGaussian(posterior.mean.unsqueeze(0), posterior.log_var.unsqueeze(0))
    log_probs = rows.log_prob_per_latent(latents.unsqueeze(1))  # z_i in row i, posterior in column
    log_batch = math.log(len(latents))
    joint = torch.logsumexp(log_probs.sum(-1), dim=1) - log_batch
    marginals = torch.logsumexp(log_probs, dim=1) - log_batch
    return joint - marginals.sum(-1)
