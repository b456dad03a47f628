"""Describe a trained encoder to the page, which encodes images that readers bring with it."""

from typing import Any

import numpy as np
import torch

from sparsevae.explorer.layers import encoder_layers, head_layers
from sparsevae.explorer.packing import layer_record
from sparsevae.models.autoencoder import Autoencoder
from sparsevae.models.base import Model
from sparsevae.models.sparse.topk import TopK
from sparsevae.models.vae import VAE
from sparsevae.models.vsc import VSC
from sparsevae.study import choices

# Where the output v of a spike's head gives g > 0.5: g = sigmoid(v), or g = exp(-relu(-v)).
SPIKE_BOUNDS = choices.implementing(
    choices.SPIKE_HEADS, {"sigmoid": 0.0, "clipped": -float(np.log(2))}
)


@torch.no_grad()
def encoder_record(model: Model, run: str) -> dict[str, Any] | None:
    """Return what the page needs to encode: `layers`, the head `mean`, and `spike` or null.

    None for a model whose code does not follow from these: the page then says so.

    `spike_head` is that of the settings, by which g follows from the head's output; a latent is on
    from `spike_bound` on, as in `sparse_code`. `kept`: how many of the largest positive outputs of
    `mean` are the code; null for all. `scale`: `likelihood.inputs`. run: its name in
    messages. Raises UnknownDecoder.
    """
    if not isinstance(model, Autoencoder | VAE | VSC):
        return None
    heads = head_layers(model)
    spike = model.spike if isinstance(model, VSC) else None
    return {
        "scale": model.likelihood.inputs,
        "layers": [layer_record(layer) for layer in encoder_layers(model, run)],
        "mean": layer_record(heads["mean"]),
        "spike": None if spike is None else layer_record(heads["spike"]),
        "spike_head": None if spike is None else spike.head,
        "spike_bound": None if spike is None else SPIKE_BOUNDS[spike.head],
        "kept": model.kept if isinstance(model, TopK) else None,
    }
