"""Describe one trained model to the page: decoder, encoder, codes of the images, and prior."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.mixture import Mixture
from sparsevae.explorer.encoder_record import encoder_record
from sparsevae.explorer.layers import decoder_layers
from sparsevae.explorer.packing import layer_record, pack_exact, pack_rounded
from sparsevae.models.base import GenerativeModel, Model


@torch.no_grad()
def model_record(
    model: Model, inputs: Float[Tensor, "images features"], run: str
) -> dict[str, Any]:
    """Return what the page knows of a model; `inputs` are the images as this model receives them.

    run: its name in messages. `peak`: the value of a white pixel; `layers`; `means` (images,
    latent), of the slab in a model with spikes; `spike_probs` (images, latent) or null; `active`,
    for each image a 0 or 1 per latent (distributions/posterior.py); `prior`; `encoder`. Raises
    UnknownDecoder.
    """
    model.eval()
    posterior = model.encode(inputs)
    spikes = posterior.spike_prob
    return {
        "peak": inputs.max().item(),
        "layers": [layer_record(layer) for layer in decoder_layers(model, run)],
        "means": pack_exact(posterior.slab_mean),
        "spike_probs": None if spikes is None else pack_exact(spikes),
        "active": ["".join("01"[on] for on in row) for row in posterior.active.tolist()],
        "prior": prior_record(model),
        "encoder": encoder_record(model, run),
    }


def prior_record(model: Model) -> dict[str, Any]:
    """Return the `kind` of the prior that a model states, and its parameters.

    normal: N(0, 1) in every latent; spike_and_slab: the same, active with `spike_prob`; mixture: of
    as many spike-and-slab components, all equally likely, as `means`, `log_vars` and `spike_probs`
    (components, latent) have rows; none: nothing to draw from, with the `reason`.
    """
    if not isinstance(model, GenerativeModel):
        return {"kind": "none", "reason": "An autoencoder has no prior."}
    prior = model.prior_distribution()
    if prior is None:
        return {"kind": "none", "reason": "This page cannot draw from the prior of this model."}
    return _same_in_every_latent(prior) or _mixture(prior)


def _same_in_every_latent(prior: Mixture) -> dict[str, Any] | None:
    """Return the short form of a single component that is the same in every latent."""
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
    return {
        "kind": "mixture",
        "means": pack_rounded(slab.mean),
        "log_vars": pack_rounded(slab.log_var),
        "spike_probs": pack_rounded(spikes),
    }
