"""Lower bounds on log p(x), evaluated with hard spikes, in nats per sample."""

import math
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.models.model import GenerativeModel


@dataclass(frozen=True)
class ElboTerms:
    """Per draw and sample: log p(x|z) and the KL terms of a bound, in nats."""

    log_likelihood: Float[Tensor, "draws samples"]
    kl: Float[Tensor, "draws samples"]
    kl_slab_selected: Float[Tensor, "samples"]
    kl_spike_selected: Float[Tensor, "samples"]
    active: Float[Tensor, "samples"]


def elbo_terms(
    model: GenerativeModel,
    inputs: Float[Tensor, "samples features"],
    draws: int,
    generator: torch.Generator,
) -> ElboTerms:
    """Terms of E_q[log p(x|z)] - KL(q(z|x) || p(z)) from `draws` hard draws.

    `kl` is KL(q || p) to the prior of the generative model: in closed form where there is one, else
    log q(z|x) - log p(z) at each draw. The selected KL is the objective's own (eq. 4), to the
    pseudo-inputs that x picks; with a fixed prior the two are the same.
    """
    posterior = model.encode(inputs)
    penalties = model.penalties(inputs, posterior)
    closed_form = penalties.kl_slab + penalties.kl_spike if model.penalties_are_kl else None
    log_likelihood, kl, active = [], [], torch.zeros(len(inputs), device=inputs.device)
    for _ in range(draws):
        latents = posterior.sample(generator)
        log_likelihood.append(model.decode(latents).log_prob(inputs))
        if closed_form is None:
            kl.append(posterior.log_prob(latents) - model.log_prior(latents))
        else:
            kl.append(closed_form)
        active += (latents != 0).float().mean(-1) / draws
    return ElboTerms(
        log_likelihood=torch.stack(log_likelihood),
        kl=torch.stack(kl),
        kl_slab_selected=penalties.kl_slab,
        kl_spike_selected=penalties.kl_spike,
        active=active,
    )


def summarise(batches: list[ElboTerms]) -> dict[str, float]:
    """Means over the samples, and the Monte-Carlo standard error of the ELBO's mean.

    The standard error is that of the draws, for this test set; NaN for a single draw.
    """
    likelihoods = torch.cat([terms.log_likelihood for terms in batches], 1).double()
    kl = torch.cat([terms.kl for terms in batches], 1).double()
    slab, spike, active = (
        torch.cat([getattr(terms, name) for terms in batches]).double().mean().item()
        for name in ("kl_slab_selected", "kl_spike_selected", "active")
    )
    reconstruction = -likelihoods.mean().item()
    return {
        "elbo": (likelihoods - kl).mean().item(),
        "elbo_standard_error": _standard_error(likelihoods - kl),
        "elbo_selected": -reconstruction - slab - spike,
        "reconstruction": reconstruction,
        "kl": kl.mean().item(),
        "kl_slab": slab,
        "kl_spike": spike,
        "active_fraction": active,
    }


def _standard_error(values: Float[Tensor, "draws samples"]) -> float:
    draws, samples = values.shape
    if draws == 1:
        return math.nan
    return math.sqrt(values.var(dim=0).mean().item() / draws / samples)
