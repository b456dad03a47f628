"""A model's prior as what the page can draw from."""

from typing import Any

import torch

from sparsevae.distributions.mixture import Mixture
from sparsevae.explorer.packing import pack
from sparsevae.models.base import GenerativeModel, Model

CHARACTERS = 2


def prior_record(model: Model) -> dict[str, Any]:
    """Return `kind` and its parameters, as the model states its prior.

    normal: N(0, 1) in every latent; spike_and_slab: that with `spike_prob`; mixture: of as many
    spikes and slabs as `means`, `log_vars` and `spike_probs` (components, latent) have rows, each
    as likely; none: nothing to draw from, with the `reason`.
    """
    if not isinstance(model, GenerativeModel):
        return {"kind": "none", "reason": "An autoencoder has no prior."}
    prior = model.prior_distribution()
    if prior is None:
        return {"kind": "none", "reason": "This page cannot draw from the prior of this model."}
    return _alike(prior) or _mixture(prior)


def _alike(prior: Mixture) -> dict[str, Any] | None:
    """Return the short form of one component that is the same in every latent."""
    parts, slab = prior.components, prior.slab
    if len(prior) > 1 or slab.mean.any() or slab.log_var.any():
        return None
    if parts.spike_prob is None:
        return {"kind": "normal"}
    spike_prob = parts.spike_prob[0, 0]
    if not (parts.spike_prob == spike_prob).all():
        return None
    return {"kind": "spike_and_slab", "spike_prob": float(f"{spike_prob.item():.6g}")}


def _mixture(prior: Mixture) -> dict[str, Any]:
    parts, slab = prior.components, prior.slab
    spikes = torch.ones_like(slab.mean) if parts.spike_prob is None else parts.spike_prob
    arrays = {"means": slab.mean, "log_vars": slab.log_var, "spike_probs": spikes}
    packed = {name: pack(value.cpu().numpy(), CHARACTERS) for name, value in arrays.items()}
    return {"kind": "mixture"} | packed
