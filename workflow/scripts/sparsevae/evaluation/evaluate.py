"""What is measured of a trained run on the test set alone, with hard spikes."""

import math
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.data.inputs import rows
from sparsevae.data.split import Split
from sparsevae.distributions.noise import torch_generator
from sparsevae.distributions.spike_slab import SpikeSlab
from sparsevae.evaluation.bounds import elbo_terms, iwae, summarise, summarise_iwae
from sparsevae.evaluation.sparsity import effective_number, hoyer
from sparsevae.models.activity import count_used, has_collapsed
from sparsevae.models.base import GenerativeModel, Model
from sparsevae.models.priors import PseudoInputPrior

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
def evaluate(model: Model, test: Split) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The run's row of tables/metrics.csv, and its rows of class_activations.csv."""
    model.eval()
    config, settings = model.config, model.config.evaluation
    device = str(next(model.parameters()).device)
    inputs = rows(test, config.likelihood.inputs, device, settings.max_images)
    labels = test.labels[: len(inputs)]
    batches = inputs.values.split(settings.batch_size)
    codes = torch.cat([model.codes(batch) for batch in batches])
    metrics = {
        "dataset": config.dataset,
        "model": config.model,
        "latent_dim": config.latent_dim,
        "seed": config.seed,
        **dict.fromkeys(MEASURES, math.nan),
        **_bounds(model, batches, codes),
        "used_latents": count_used(codes),
    }
    if isinstance(model, GenerativeModel):
        metrics |= _iwae(model, inputs.values) | _selection(model, inputs.values)
        metrics["collapsed"] = int(has_collapsed(metrics["used_latents"], metrics["kl"]))
    return _without_nan(metrics), class_activations(model, batches, codes, labels)


def _bounds(model: Model, batches: tuple[Tensor, ...], codes: Tensor) -> dict[str, float]:
    """Bounds and sparsity from draws of z; of an autoencoder's codes, what is defined of them."""
    if isinstance(model, GenerativeModel):
        noise = torch_generator(model.config.seed, "evaluation", device=codes.device.type)
        draws = model.config.evaluation.samples
        return summarise([elbo_terms(model, batch, draws, noise) for batch in batches])
    total = sum(-model.decode(model.codes(b)).log_prob(b).double().sum().item() for b in batches)
    sparseness = hoyer(codes).double().mean().item()
    return {"reconstruction": total / len(codes), "active_fraction": 1.0, "hoyer": sparseness}


def _iwae(model: GenerativeModel, inputs: Float[Tensor, "_ features"]) -> dict[str, float]:
    """The importance-weighted bound of the first `iwae_images`; empty if it is not asked for."""
    settings = model.config.evaluation
    if settings.iwae_samples is None:
        return {}
    noise = torch_generator(model.config.seed, "iwae", device=inputs.device.type)
    # As many rows at a time as elsewhere in the evaluation: few images leave room for more draws.
    return summarise_iwae(
        [
            iwae(model, batch, settings.iwae_samples, noise, settings.batch_size // len(batch))
            for batch in inputs[: settings.iwae_images].split(settings.batch_size)
        ]
    )


def _selection(model: GenerativeModel, inputs: Float[Tensor, "_ features"]) -> dict[str, float]:
    """Pseudo-inputs in use; without any, a sparsity penalty that is not defined, instead of 0."""
    prior = getattr(model, "prior", None)
    if isinstance(prior, PseudoInputPrior):
        return {"pseudo_inputs_in_use": effective_number(model.pseudo_input_weights(inputs))}
    return {"sparsity": math.nan}


def class_activations(
    model: Model,
    batches: tuple[Float[Tensor, "_ features"], ...],
    codes: Float[Tensor, "samples latent"],
    labels: np.ndarray,
) -> list[dict[str, Any]]:
    """Mean over each class of E[z|x] and, with spikes, of the spike probability (UAI fig. 5)."""
    spike_probs = None
    if isinstance(model, GenerativeModel):
        posteriors = [model.encode(batch) for batch in batches]
        if isinstance(posteriors[0], SpikeSlab):
            spike_probs = torch.cat([posterior.spike_prob for posterior in posteriors])
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


def _without_nan(metrics: dict[str, Any]) -> dict[str, Any]:
    return {
        name: None if isinstance(value, float) and math.isnan(value) else value
        for name, value in metrics.items()
    }
