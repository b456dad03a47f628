"""What is measured of a trained model on the test set alone, with hard spikes."""

import math
from typing import Any

import numpy as np
import torch

from sparsevae.distributions.noise import torch_generator
from sparsevae.distributions.posterior import SparsePoint
from sparsevae.evaluation import factors
from sparsevae.evaluation.bounds import (
    ElboTerms,
    ImportanceWeighted,
    elbo_terms,
    iwae,
    means_over_draws,
    summarise,
    summarise_iwae,
)
from sparsevae.evaluation.encoded import Encoded
from sparsevae.evaluation.image_blocks import PerImage
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
    "elbo_iwae_images",
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
    "elbo_of_mean",
    "worse_than_mean",
]
# Of a validation set, by which settings and models are chosen (with factors.OF_VALIDATION).
OF_VALIDATION = ("elbo", "iwae", "reconstruction", "active_fraction")
ACTIVATION_COLUMNS = ["label", "latent", "mean_latent", "mean_spike_prob"]


@torch.no_grad()
def evaluate(
    model: Model, test: Encoded, settings: Evaluation, seed: int, elbo_of_mean: float
) -> tuple[dict[str, Any], PerImage]:
    """Return MEASURES of the test set, in nats per sample, and the bounds of each image.

    Measures that are not defined are None; an autoencoder has no bounds. `elbo_iwae_images` is the
    ELBO of the images that `iwae` is of, so that the two can be compared. seed: of the draws of z;
    elbo_of_mean: what a model would have that predicts the mean of the training set
    (mean_reference.py), below which a run is `worse_than_mean`.
    """
    model.eval()
    metrics: dict[str, Any] = dict.fromkeys(MEASURES, math.nan)
    metrics["used_latents"] = count_used(test.posterior.mean)
    per_image: PerImage = {}
    if isinstance(model, GenerativeModel):
        of_bounds, per_image = _bounds(model, test, settings, seed)
        metrics |= of_bounds | _selection(model, test)
        metrics["collapsed"] = int(has_collapsed(metrics["used_latents"], metrics["kl"]))
        bound = metrics["elbo"]
    else:
        metrics |= _reconstruction(model, test)
        bound = -metrics["reconstruction"]
    # Written so that a bound of NaN is worse too.
    worse = int(not bound >= elbo_of_mean)
    metrics |= {"elbo_of_mean": elbo_of_mean, "worse_than_mean": worse}
    defined = {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in metrics.items()
    }
    return defined, per_image


def evaluate_validation(
    model: Model, validation: Encoded | None, settings: Evaluation, seed: int
) -> dict[str, Any]:
    """Return `validation_<measure>` of OF_VALIDATION and of known factors, as on the test set.

    None for what is not defined; all are without validation samples. seed: as of `evaluate`.
    """
    names = (*OF_VALIDATION, *factors.OF_VALIDATION)
    found: dict[str, Any] = {}
    if validation is not None:
        found = evaluate(model, validation, settings, seed, -math.inf)[0]
        found |= factors.relate_validation(validation, seed)
    return {f"validation_{name}": found.get(name) for name in names}


def warning_of(metrics: dict[str, Any], run: str) -> str | None:
    """Return the line that the log has of a run that is worse than the mean; None for others."""
    if not metrics["worse_than_mean"]:
        return None
    return (
        f"WARNING: {run}: worse than a model that ignores its latents and predicts the mean of the "
        f"training set, which has {metrics['elbo_of_mean']:.2f} nats per sample; lower "
        "training.learning_rate, or train longer"
    )


def _reconstruction(model: Model, test: Encoded) -> dict[str, float]:
    """Return what is defined of an autoencoder."""
    total = sum(
        -model.decode(posterior.mean).log_prob(inputs).double().sum().item()
        for inputs, posterior in test.batches()
    )
    sparseness = hoyer(test.posterior.mean).double().mean().item()
    code = test.posterior
    active = code.active.double().mean().item() if isinstance(code, SparsePoint) else 1.0
    return {"reconstruction": total / len(test), "active_fraction": active, "hoyer": sparseness}


def _bounds(
    model: GenerativeModel, test: Encoded, settings: Evaluation, seed: int
) -> tuple[dict[str, float], PerImage]:
    """Return the bounds, their terms and the sparsity of draws of z; and the bounds by image."""
    terms = _elbo_terms(model, test, settings, seed)
    metrics, per_image = summarise(terms), means_over_draws(terms)
    weighted = _iwae(model, test, settings, seed)
    if weighted:
        log_prob = torch.cat([batch.log_prob for batch in weighted]).cpu().numpy()
        same = per_image["elbo"][: len(log_prob)].mean().item()
        metrics |= summarise_iwae(weighted) | {"elbo_iwae_images": same}
        per_image["iwae"] = log_prob
    return metrics, per_image


def _elbo_terms(
    model: GenerativeModel, test: Encoded, settings: Evaluation, seed: int
) -> list[ElboTerms]:
    noise = torch_generator(seed, "evaluation", device=test.inputs.device.type)
    return [elbo_terms(model, *batch, settings.samples, noise) for batch in test.batches()]


def _iwae(
    model: GenerativeModel, test: Encoded, settings: Evaluation, seed: int
) -> list[ImportanceWeighted]:
    """Return the importance-weighted bound of the first `iwae_images`; nothing if not asked for."""
    if settings.iwae_samples is None:
        return []
    noise = torch_generator(seed, "iwae", device=test.inputs.device.type)
    # As many rows at a time as elsewhere in the evaluation: few images leave room for more draws.
    return [
        iwae(model, x, q, settings.iwae_samples, noise, settings.batch_size // len(x))
        for x, q in test.first(settings.iwae_images).batches()
    ]


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
