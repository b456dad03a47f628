"""A model's prior as what the page can draw from."""

from typing import Any

from sparsevae.explorer.packing import pack
from sparsevae.models.base import GenerativeModel, Model
from sparsevae.models.priors import FixedPrior, PseudoInputPrior
from sparsevae.models.vae import VAE
from sparsevae.models.vsc import VSC

CHARACTERS = 2


def prior_record(model: Model) -> dict[str, Any]:
    """`kind` and its parameters.

    normal: N(0, 1) in every latent; spike_and_slab: that with `spike_prob`; mixture: of as many
    spikes and slabs as `means`, `log_vars` and `spike_probs` (components, latent) have rows, each
    as likely; none: nothing to draw from, with the `reason`.
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
        return {"kind": "spike_and_slab", "spike_prob": model.prior.spike_prob}
    if isinstance(model.prior, PseudoInputPrior):
        parts = model.prior_components()
        arrays = {
            "means": parts.slab.mean,
            "log_vars": parts.slab.log_var,
            "spike_probs": parts.spike_prob,
        }
        packed = {name: pack(value.cpu().numpy(), CHARACTERS) for name, value in arrays.items()}
        return {"kind": "mixture"} | packed
    return {"kind": "none", "reason": "This page does not know the prior of this model."}
