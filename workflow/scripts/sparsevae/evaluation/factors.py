"""What relates the latents of a run to the known factors of its dataset."""

import math
from typing import Any

import numpy as np
import torch
from jaxtyping import Float

from sparsevae.data.inputs import rows
from sparsevae.data.split import Split
from sparsevae.distributions.noise import torch_generator
from sparsevae.evaluation import dci, disentanglement, mutual_information, presence_regression
from sparsevae.models.base import GenerativeModel, Model

_OTHERS = (mutual_information, dci, presence_regression)
MEASURES = disentanglement.MEASURES + tuple(name for other in _OTHERS for name in other.MEASURES)
CORRELATION_COLUMNS = ["factor", "latent", "correlation"]


def relate(model: Model, test: Split) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """MEASURES of the test set for metrics.json, and the rows of factor_correlations.csv.

    A measure that is not defined is None; without known factors all are, and there are no rows.
    Factors and latents count from 0.
    """
    if test.factors is None or test.presence is None:
        return dict.fromkeys(MEASURES), []
    latents = draw_latents(model, test)
    factors, presence = test.factors[: len(latents)], test.presence[: len(latents)]
    correlations = disentanglement.factor_correlations(factors, presence, latents)
    measures = disentanglement.summarise(correlations)
    for other in _OTHERS:
        measures |= other.summarise(factors, presence, latents)
    defined = {name: None if math.isnan(value) else value for name, value in measures.items()}
    table = [
        dict(zip(CORRELATION_COLUMNS, (factor, latent, float(value)), strict=True))
        for (factor, latent), value in np.ndenumerate(correlations)
    ]
    return defined, table


@torch.no_grad()
def draw_latents(model: Model, test: Split) -> Float[np.ndarray, "samples latents"]:
    """One hard draw of z per image (of an autoencoder, its code), by the run's seed."""
    model.eval()
    config, settings = model.config, model.config.evaluation
    device = next(model.parameters()).device
    inputs = rows(test, config.likelihood.inputs, str(device), settings.max_images).values
    noise = torch_generator(config.seed, "correlations", device=device.type)
    draws = [
        model.encode(batch).sample(noise)
        if isinstance(model, GenerativeModel)
        else model.codes(batch)
        for batch in inputs.split(settings.batch_size)
    ]
    return torch.cat(draws).cpu().numpy()
