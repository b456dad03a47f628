"""What relates the latents of a run to the known factors of its dataset."""

import math
from typing import Any

import numpy as np
import torch
from jaxtyping import Float

from sparsevae.distributions.noise import torch_generator
from sparsevae.evaluation import (
    dci,
    disentanglement,
    mutual_information,
    presence_auc,
    presence_regression,
)
from sparsevae.evaluation.encoded import Encoded

MEASURES = (
    *disentanglement.MEASURES,
    *mutual_information.MEASURES,
    *dci.MEASURES,
    *presence_regression.MEASURES,
    *presence_auc.MEASURES,
)
# Of a validation set: those that are cheap, without forests.
OF_VALIDATION = (*disentanglement.MEASURES, *mutual_information.MEASURES)
CORRELATION_COLUMNS = ["factor", "latent", "correlation"]


def relate(test: Encoded, seed: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return MEASURES of the test set, and the rows of factor_correlations.csv.

    A measure that is not defined is None; without known factors all are, and there are no rows.
    Factors and latents count from 0. seed: of the draws of z.
    """
    factors, presence = test.split.factors, test.split.presence
    if factors is None or presence is None:
        return dict.fromkeys(MEASURES), []
    latents = draw_latents(test, seed)
    correlations = disentanglement.factor_correlations(factors, presence, latents)
    measures = disentanglement.summarise(correlations)
    for measure in (
        mutual_information.summarise,
        dci.summarise,
        presence_regression.regress_given_presence,
        presence_auc.summarise,
    ):
        measures |= measure(factors, presence, latents)
    table = [
        dict(zip(CORRELATION_COLUMNS, (factor, latent, float(value)), strict=True))
        for (factor, latent), value in np.ndenumerate(correlations)
    ]
    return _defined(measures), table


def relate_validation(validation: Encoded, seed: int) -> dict[str, Any]:
    """Return OF_VALIDATION of a validation set; a measure that is not defined is None."""
    factors, presence = validation.split.factors, validation.split.presence
    if factors is None or presence is None:
        return dict.fromkeys(OF_VALIDATION)
    latents = draw_latents(validation, seed)
    correlations = disentanglement.factor_correlations(factors, presence, latents)
    measures = disentanglement.summarise(correlations)
    return _defined(measures | mutual_information.summarise(factors, presence, latents))


def _defined(measures: dict[str, Any]) -> dict[str, Any]:
    return {name: None if math.isnan(value) else value for name, value in measures.items()}


def draw_latents(test: Encoded, seed: int) -> Float[np.ndarray, "samples latents"]:
    """Draw one z per image with hard spikes; of an autoencoder, return its code."""
    noise = torch_generator(seed, "correlations", device=test.inputs.device.type)
    draws = [posterior.sample(noise) for _, posterior in test.batches()]
    return torch.cat(draws).cpu().numpy()
