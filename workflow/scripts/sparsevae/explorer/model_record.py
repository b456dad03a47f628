"""What the page knows of one trained model: its decoder, codes of the images, and its prior."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.noise import torch_generator
from sparsevae.distributions.spike_slab import SpikeSlab
from sparsevae.explorer.layer_records import FINEST
from sparsevae.explorer.layers import decoder_layers
from sparsevae.explorer.packing import pack
from sparsevae.explorer.priors import prior_record
from sparsevae.explorer.rounding import round_layers
from sparsevae.models.base import GenerativeModel, Model
from sparsevae.pictures.active import Posterior, active_latents, sparse_code

N_PRIOR_SAMPLES = 200  # that the rounding is measured on, beside the codes of the images
SPIKE_CHARACTERS = 2


@torch.no_grad()
def model_record(model: Model, inputs: Float[Tensor, "images features"]) -> dict[str, Any]:
    """Of the images as this model sees them.

    `layers`; `error`, the largest that their rounding makes in a pixel; `peak`, the value of a
    pixel that is white; `means` (images, latent), of the slab where there are spikes; `spike_probs`
    (images, latent) or null; `active`, for each image a 0 or 1 a latent (`latents/active.py`);
    `prior`.
    """
    model.eval()
    posterior = _posterior(model, inputs)
    peak = inputs.max().item()
    records, error = round_layers(decoder_layers(model), _latents(model, posterior), peak)
    spikes = isinstance(posterior, SpikeSlab)
    means = posterior.slab.mean if spikes else posterior.mean
    return {
        "peak": peak,
        "layers": records,
        "error": float(f"{error:.2g}"),
        "means": pack(means.cpu().numpy(), FINEST),
        "spike_probs": pack(posterior.spike_prob.cpu().numpy(), SPIKE_CHARACTERS)
        if spikes
        else None,
        "active": ["".join("01"[on] for on in row) for row in active_latents(posterior).tolist()],
        "prior": prior_record(model),
    }


def _posterior(model: Model, inputs: Float[Tensor, "images features"]) -> Posterior:
    """q(z|x); of an autoencoder a Gaussian around its code, of which only the mean is used."""
    if isinstance(model, GenerativeModel):
        return model.encode(inputs)
    codes = model.codes(inputs)
    return DiagonalGaussian(codes, torch.zeros_like(codes))


def _latents(model: Model, posterior: Posterior) -> Float[Tensor, "_ latent"]:
    """Codes that a reader will see decoded."""
    codes = sparse_code(posterior)
    if not isinstance(model, GenerativeModel):
        return codes
    noise = torch_generator(model.config.seed, "explorer", device=codes.device.type)
    return torch.cat([codes, model.sample_prior(N_PRIOR_SAMPLES, noise)])
