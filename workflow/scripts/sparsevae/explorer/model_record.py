"""Describe one trained model to the page: its decoder, the codes of the images, and its prior."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.spike_slab import SpikeSlab
from sparsevae.explorer.layers import decoder_layers
from sparsevae.explorer.packing import layer_record, pack_exact, pack_rounded
from sparsevae.models.base import GenerativeModel, Model
from sparsevae.models.priors import FixedPrior, PseudoInputPrior
from sparsevae.models.vae import VAE
from sparsevae.models.vsc import VSC
from sparsevae.pictures.active import Posterior, active_latents


@torch.no_grad()
def model_record(model: Model, inputs: Float[Tensor, "images features"]) -> dict[str, Any]:
    """Return what the page knows of a model; `inputs` are the images as this model receives them.

    `peak`: the value of a white pixel; `layers`; `means` (images, latent), of the slab in a model
    with spikes; `spike_probs` (images, latent) or null; `active`, for each image a 0 or 1 per
    latent (pictures/active.py); `prior`.
    """
    model.eval()
    posterior = _posterior(model, inputs)
    sparse = posterior if isinstance(posterior, SpikeSlab) else None
    active = active_latents(posterior).tolist()
    return {
        "peak": inputs.max().item(),
        "layers": [layer_record(layer) for layer in decoder_layers(model)],
        "means": pack_exact(sparse.slab.mean if sparse else posterior.mean),
        "spike_probs": pack_exact(sparse.spike_prob) if sparse else None,
        "active": ["".join("01"[on] for on in row) for row in active],
        "prior": prior_record(model),
    }


def prior_record(model: Model) -> dict[str, Any]:
    """Return the `kind` of a prior and its parameters.

    normal: N(0, 1) in every latent; spike_and_slab: the same, on with `spike_prob`; mixture: of as
    many spike-and-slab components, all equally likely, as `means`, `log_vars` and `spike_probs`
    (components, latent) have rows; none: nothing to draw from, with the `reason`.
    """
    if not isinstance(model, GenerativeModel):
        return {"kind": "none", "reason": "An autoencoder has no prior."}
    if isinstance(model, VSC):
        return _spike_and_slab(model)
    if isinstance(model, VAE):
        return {"kind": "normal"}
    return {"kind": "none", "reason": "This page does not know the prior of this model."}


def _spike_and_slab(model: VSC) -> dict[str, Any]:
    if isinstance(model.prior, FixedPrior):
        return {"kind": "spike_and_slab", "spike_prob": model.config.prior.spike_prob}
    if isinstance(model.prior, PseudoInputPrior):
        parts = model.pseudo_input_components()
        return {
            "kind": "mixture",
            "means": pack_rounded(parts.slab.mean),
            "log_vars": pack_rounded(parts.slab.log_var),
            "spike_probs": pack_rounded(parts.spike_prob),
        }
    return {"kind": "none", "reason": "This page does not know the prior of this model."}


def _posterior(model: Model, inputs: Float[Tensor, "images features"]) -> Posterior:
    """q(z|x); for an autoencoder a Gaussian around its code, of which only the mean is used."""
    if isinstance(model, GenerativeModel):
        return model.encode(inputs)
    codes = model.codes(inputs)
    return DiagonalGaussian(codes, torch.zeros_like(codes))
