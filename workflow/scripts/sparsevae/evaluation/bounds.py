"""Lower bounds on log p(x), evaluated with hard spikes, in nats per sample.

A standard error here is that of the draws of z, for the samples that were measured; it does not say
how much another test set would differ.
"""

import math
from dataclasses import dataclass

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.posterior import Posterior
from sparsevae.evaluation.sparsity import hoyer
from sparsevae.models.base import GenerativeModel

JACKKNIFE_GROUPS = 10


@dataclass(frozen=True)
class ElboTerms:
    """Per draw and sample: log p(x|z) and the KL terms of a bound, in nats.

    `active` and `hoyer` are means over the draws of the fraction of active latents and of Hoyer's
    sparsity.
    """

    log_likelihood: Float[Tensor, "draws samples"]
    kl: Float[Tensor, "draws samples"]
    kl_slab_selected: Float[Tensor, "samples"]
    kl_spike_selected: Float[Tensor, "samples"]
    sparsity: Float[Tensor, "samples"]
    active: Float[Tensor, "samples"]
    hoyer: Float[Tensor, "samples"]


def elbo_terms(
    model: GenerativeModel,
    inputs: Float[Tensor, "samples features"],
    posterior: Posterior,
    draws: int,
    generator: torch.Generator,
) -> ElboTerms:
    """Return the terms of E_q[log p(x|z)] - KL(q(z|x) || p(z)) from `draws` hard draws.

    `kl` is KL(q || p) to the prior of the generative model: in closed form if it has one, else
    log q(z|x) - log p(z) at each draw. The selected KL is the objective's own (eq. 4), to the
    pseudo-inputs that x picks; with a fixed prior the two are the same.
    """
    penalties = model.penalties(inputs, posterior)
    closed_form = penalties.kl if model.penalties_are_kl else None
    log_likelihood, kl = [], []
    active, hoyers = torch.zeros(2, len(inputs), device=inputs.device)
    for _ in range(draws):
        latents = posterior.sample(generator)
        log_likelihood.append(model.decode(latents).log_prob(inputs))
        if closed_form is None:
            kl.append(posterior.log_prob(latents) - model.log_prior(latents))
        else:
            kl.append(closed_form)
        active += (latents != 0).float().mean(-1) / draws
        hoyers += hoyer(latents).float() / draws
    return ElboTerms(
        log_likelihood=torch.stack(log_likelihood),
        kl=torch.stack(kl),
        kl_slab_selected=penalties.kl_slab,
        kl_spike_selected=penalties.kl_spike,
        sparsity=penalties.sparsity,
        active=active,
        hoyer=hoyers,
    )


def summarise(batches: list[ElboTerms]) -> dict[str, float]:
    """Return means over the samples, and the Monte-Carlo standard errors of both bounds' means.

    The standard errors are NaN for a single draw. That of `elbo_selected` comes from log p(x|z)
    alone, since the selected KL has a closed form.
    """
    likelihoods = torch.cat([terms.log_likelihood for terms in batches], 1).double()
    kl = torch.cat([terms.kl for terms in batches], 1).double()
    slab, spike, sparsity, active, hoyers = (
        torch.cat([getattr(terms, name) for terms in batches]).double().mean().item()
        for name in ("kl_slab_selected", "kl_spike_selected", "sparsity", "active", "hoyer")
    )
    reconstruction = -likelihoods.mean().item()
    return {
        "elbo": (likelihoods - kl).mean().item(),
        "elbo_standard_error": _standard_error(likelihoods - kl),
        "elbo_selected": -reconstruction - slab - spike,
        "elbo_selected_standard_error": _standard_error(likelihoods),
        "reconstruction": reconstruction,
        "kl": kl.mean().item(),
        "kl_slab": slab,
        "kl_spike": spike,
        "sparsity": sparsity,
        "active_fraction": active,
        "hoyer": hoyers,
    }


def means_over_draws(batches: list[ElboTerms]) -> dict[str, Float[np.ndarray, "samples"]]:
    """Return `elbo`, `elbo_selected` and `kl` of each sample in nats, means over its draws."""
    likelihood = torch.cat([terms.log_likelihood.double().mean(0) for terms in batches])
    kl = torch.cat([terms.kl.double().mean(0) for terms in batches])
    selected = torch.cat([t.kl_slab_selected.double() + t.kl_spike_selected for t in batches])
    means = {"elbo": likelihood - kl, "elbo_selected": likelihood - selected, "kl": kl}
    return {name: values.cpu().numpy() for name, values in means.items()}


def _standard_error(values: Float[Tensor, "draws samples"]) -> float:
    draws, samples = values.shape
    if draws == 1:
        return math.nan
    return math.sqrt(values.var(dim=0).mean().item() / draws / samples)


@dataclass(frozen=True)
class ImportanceWeighted:
    """Per sample: the importance-weighted estimate of log p(x) in nats, and its variance."""

    log_prob: Float[Tensor, "samples"]
    variance: Float[Tensor, "samples"]


def iwae(
    model: GenerativeModel,
    inputs: Float[Tensor, "samples features"],
    posterior: Posterior,
    draws: int,
    generator: torch.Generator,
    chunk: int = 1,
) -> ImportanceWeighted:
    """Return log (1/K) sum_k p(x|z_k) p(z_k) / q(z_k|x) with K = `draws` hard draws from q(z|x).

    Burda, Grosse & Salakhutdinov 2016, eq. 8: its expectation is the ELBO at K = 1, grows with K
    and stays below log p(x). Densities are with respect to the mixed measure, so that the weights
    of z with exact zeros are ratios of densities as well; p(z) is that of the generative model.

    Draws are weighed `chunk` at a time and only sums of weights are kept, so that memory grows with
    chunk x samples and not with K. The numbers do not depend on `chunk`.
    """
    groups = min(draws, JACKKNIFE_GROUPS)
    sums = inputs.new_full((groups, len(inputs)), -math.inf, dtype=torch.float64)
    for first in range(0, draws, chunk):
        size = min(chunk, draws - first)
        weights = _log_weights(model, inputs, posterior, size, generator)
        for draw, row in enumerate(weights.double(), first):
            sums[draw % groups] = torch.logaddexp(sums[draw % groups], row)
    log_prob = torch.logsumexp(sums, 0) - math.log(draws)
    return ImportanceWeighted(log_prob, _jackknife_variance(sums, draws))


def summarise_iwae(batches: list[ImportanceWeighted]) -> dict[str, float]:
    """Return the mean over the samples and its Monte-Carlo standard error; NaN for one draw."""
    log_prob = torch.cat([batch.log_prob for batch in batches])
    variance = torch.cat([batch.variance for batch in batches])
    return {
        "iwae": log_prob.mean().item(),
        "iwae_standard_error": math.sqrt(variance.sum().item()) / len(variance),
    }


def _log_weights(
    model: GenerativeModel,
    inputs: Float[Tensor, "samples features"],
    posterior: Posterior,
    draws: int,
    generator: torch.Generator,
) -> Float[Tensor, "draws samples"]:
    """Return log p(x|z) + log p(z) - log q(z|x), in nats, at `draws` of z ~ q(z|x)."""
    latents = torch.stack([posterior.sample(generator) for _ in range(draws)])
    log_likelihood = model.decode(latents).log_prob(inputs)
    return log_likelihood + model.log_prior(latents) - posterior.log_prob(latents)


def _jackknife_variance(
    log_sums: Float[Tensor, "groups samples"], draws: int
) -> Float[Tensor, "samples"]:
    """Return the variance of log mean weight by a jackknife over groups of draws.

    `log_sums` has the log of the sum of weights of the draws g, g + groups, ... in row g. NaN for
    one group. It errs on the large side (Efron & Stein 1981). The delta method would err on the
    small one: it never exceeds one nat per sample, which it reaches where a single weight outweighs
    all others, and there the true error is larger.
    """
    groups = len(log_sums)
    if groups == 1:
        return torch.full_like(log_sums[0], math.nan)
    left = []
    for group in range(groups):
        others = torch.cat([log_sums[:group], log_sums[group + 1 :]])
        size = len(range(group, draws, groups))
        left.append(torch.logsumexp(others, 0) - math.log(draws - size))
    return (groups - 1) * torch.stack(left).var(dim=0, correction=0)
