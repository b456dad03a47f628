"""What is measured of a trained model on the test set alone, with hard spikes."""

import math
from typing import Any

import numpy as np
import torch

from sparsevae.distributions.noise import torch_generator
from sparsevae.evaluation.bounds import elbo_terms, iwae, summarise, summarise_iwae
from sparsevae.evaluation.encoded import Encoded
from sparsevae.evaluation.sparsity import effective_number, hoyer
from sparsevae.models.activity import count_used, has_collapsed
from sparsevae.models.base import GenerativeModel, Model
from sparsevae.study.settings import Evaluation

MEASURES = [
    "elbo",
    "elbo_standard_error",
    "elbo_selected",
    "elbo_selected_standard_error",
    "iwae",
    "iwae_standard_error",
    "reconstruction",
    "kl",
    "kl_slab",
    "kl_spike",
    "sparsity",
    "active_fraction",
    "hoyer",
    "used_latents",
    "pseudo_inputs_in_use",
    "collapsed",
]
ACTIVATION_COLUMNS = ["label", "latent", "mean_latent", "mean_spike_prob"]


@torch.no_grad()
def evaluate(model: Model, test: Encoded, settings: Evaluation, seed: int) -> dict[str, Any]:
    """Return MEASURES of the test set, in nats per sample; None for what is not defined.

    seed: of the draws of z.
    """
    model.eval()
    metrics = dict.fromkeys(MEASURES, math.nan)
    metrics["used_latents"] = count_used(test.posterior.mean)
    if isinstance(model, GenerativeModel):
        metrics |= _elbo(model, test, settings, seed) | _iwae(model, test, settings, seed)
        metrics |= _selection(model, test)
        metrics["collapsed"] = int(has_collapsed(metrics["used_latents"], metrics["kl"]))
    else:
        metrics |= _reconstruction(model, test)
    return {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in metrics.items()
    }


def _reconstruction(model: Model, test: Encoded) -> dict[str, float]:
    """Return what is defined of an autoencoder."""
    total = sum(
        -model.decode(posterior.mean).log_prob(inputs).double().sum().item()
        for inputs, posterior in test.batches()
    )
    sparseness = hoyer(test.posterior.mean).double().mean().item()
    return {"reconstruction": total / len(test), "active_fraction": 1.0, "hoyer": sparseness}


def _elbo(
    model: GenerativeModel, test: Encoded, settings: Evaluation, seed: int
) -> dict[str, float]:
    """Return both bounds, their terms, and the sparsity of draws of z."""
    noise = torch_generator(seed, "evaluation", device=test.inputs.device.type)
    return summarise(
        [elbo_terms(model, *batch, settings.samples, noise) for batch in test.batches()]
    )


def _iwae(
    model: GenerativeModel, test: Encoded, settings: Evaluation, seed: int
) -> dict[str, float]:
    """Return the importance-weighted bound of the first `iwae_images`; nothing if not asked for."""
    if settings.iwae_samples is None:
        return {}
    noise = torch_generator(seed, "iwae", device=test.inputs.device.type)
    # As many rows at a time as elsewhere in the evaluation: few images leave room for more draws.
    return summarise_iwae(
        [
            iwae(model, x, q, settings.iwae_samples, noise, settings.batch_size // len(x))
            for x, q in test.first(settings.iwae_images).batches()
        ]
    )


def _selection(model: GenerativeModel, test: Encoded) -> dict[str, float]:
    """Return the pseudo-inputs in use; without any, a sparsity penalty of NaN instead of 0."""
    if model.pseudo_inputs is None:
        return {"sparsity": math.nan}
    return {"pseudo_inputs_in_use": effective_number(model.selection(test.inputs, test.posterior))}


def class_activations(test: Encoded) -> list[dict[str, Any]]:
    """Return the mean over each class of E[z|x] and of the spike probability (UAI fig. 5).

    One row a class and latent, with ACTIVATION_COLUMNS; without spikes their probability is None.
    """
    codes, spike_probs = test.posterior.mean, test.posterior.spike_prob
    labels = test.split.labels
    table = []
    for label in np.unique(labels):
        members = torch.from_numpy(labels == label).to(codes.device)
        means = codes[members].double().mean(0).tolist()
        spikes = [None] * len(means)
        if spike_probs is not None:
            spikes = spike_probs[members].double().mean(0).tolist()
        for latent, (mean, spike) in enumerate(zip(means, spikes, strict=True)):
            row = (int(label), latent, mean, spike)
            table.append(dict(zip(ACTIVATION_COLUMNS, row, strict=True)))
    return table
