"""What the page knows of one trained model: its decoder, codes of the images, and its prior."""

from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.distributions.noise import torch_generator
from sparsevae.distributions.posterior import Posterior
from sparsevae.explorer.layer_records import FINEST
from sparsevae.explorer.layers import decoder_layers
from sparsevae.explorer.packing import pack
from sparsevae.explorer.priors import prior_record
from sparsevae.explorer.rounding import round_layers
from sparsevae.models.base import GenerativeModel, Model

N_PRIOR_SAMPLES = 200  # that the rounding is measured on, beside the codes of the images
SPIKE_CHARACTERS = 2


@torch.no_grad()
def model_record(
    model: Model, inputs: Float[Tensor, "images features"], seed: int, run: str
) -> dict[str, Any]:
    """Return what is known of the images as this model sees them.

    seed: of draws from the prior that the rounding is measured on; run: its name in messages.
    `layers`; `error`, the largest that their rounding makes in a pixel; `peak`, the value of a
    pixel that is white; `means` (images, latent), of the slab if there are spikes; `spike_probs`
    (images, latent) or null; `active`, for each image a 0 or 1 a latent
    (`distributions/posterior.py`); `prior`.
    """
    model.eval()
    posterior = model.encode(inputs)
    peak = inputs.max().item()
    latents = _latents(model, posterior, seed)
    records, error = round_layers(decoder_layers(model, run), latents, peak)
    spikes = posterior.spike_prob
    return {
        "peak": peak,
        "layers": records,
        "error": float(f"{error:.2g}"),
        "means": pack(posterior.slab_mean.cpu().numpy(), FINEST),
        "spike_probs": None if spikes is None else pack(spikes.cpu().numpy(), SPIKE_CHARACTERS),
        "active": ["".join("01"[on] for on in row) for row in posterior.active.tolist()],
        "prior": prior_record(model),
    }


def _latents(model: Model, posterior: Posterior, seed: int) -> Float[Tensor, "_ latent"]:
    """Return codes that a reader will see decoded."""
    codes = posterior.sparse_code
    if not isinstance(model, GenerativeModel):
        return codes
    noise = torch_generator(seed, "explorer", device=codes.device.type)
    return torch.cat([codes, model.sample_prior(N_PRIOR_SAMPLES, noise)])
