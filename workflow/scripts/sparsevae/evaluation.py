"""Everything that is measured of a trained run, on the test set, with hard spikes."""

import math
from typing import Any

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.data.dataset import Split
from sparsevae.distributions.spike_slab import SpikeSlab
from sparsevae.inputs import rows
from sparsevae.metrics import disentanglement
from sparsevae.metrics.bounds import elbo_terms, iwae, summarise, summarise_iwae
from sparsevae.metrics.collapse import has_collapsed
from sparsevae.metrics.probes import linear_probe_accuracy
from sparsevae.metrics.sparsity import count_used, effective_number, hoyer
from sparsevae.models.model import GenerativeModel, Model
from sparsevae.models.priors import PseudoInputPrior
from sparsevae.seeding import numpy_generator, torch_generator

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
    "probe_accuracy",
]
ACTIVATION_COLUMNS = ["label", "latent", "mean_latent", "mean_spike_prob"]


@torch.no_grad()
def evaluate(
    model: Model, train: Split, test: Split
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
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
        "probe_accuracy": _probe(model, train, codes.cpu().numpy(), labels),
        **_correlations(model, batches, test),
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
        return {"pseudo_inputs_in_use": effective_number(prior.weights(inputs))}
    return {"sparsity": math.nan}


def _probe(model: Model, train: Split, test_codes: np.ndarray, test_labels: np.ndarray) -> float:
    """Linear probe on `probe_labels` training images, drawn by the run's seed.

    NaN on a dataset with one class.
    """
    if np.all(train.labels == train.labels[0]):
        return math.nan
    config = model.config
    n_labels = min(config.evaluation.probe_labels, len(train))
    chosen = numpy_generator(config.seed, "probe").permutation(len(train))[:n_labels]
    labelled = Split(inputs=train.inputs[chosen], labels=train.labels[chosen])
    device = str(next(model.parameters()).device)
    values = rows(labelled, config.likelihood.inputs, device).values
    codes = torch.cat([model.codes(b) for b in values.split(config.evaluation.batch_size)])
    return linear_probe_accuracy(codes.cpu().numpy(), labelled.labels, test_codes, test_labels)


def _correlations(model: Model, batches: tuple[Tensor, ...], test: Split) -> dict[str, int | float]:
    """Correlations of one hard draw of z per image (an autoencoder: its code) with the factors."""
    if test.factors is None or test.presence is None:
        return dict.fromkeys(disentanglement.MEASURES, math.nan)
    noise = torch_generator(model.config.seed, "correlations", device=batches[0].device.type)
    draws = [
        model.encode(batch).sample(noise)
        if isinstance(model, GenerativeModel)
        else model.codes(batch)
        for batch in batches
    ]
    latents = torch.cat(draws).cpu().numpy()
    n = len(latents)
    return disentanglement.summarise(
        disentanglement.factor_correlations(test.factors[:n], test.presence[:n], latents)
    )


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
