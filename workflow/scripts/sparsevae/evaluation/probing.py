"""What classifiers read from a run's codes: the probe measures, and the rows of probes.csv."""

import math
from typing import Any

import numpy as np
import torch
from jaxtyping import Float

from sparsevae.data.inputs import rows
from sparsevae.data.split import Split
from sparsevae.distributions.spike_slab import SpikeSlab
from sparsevae.evaluation.probes import probe_accuracy
from sparsevae.jobs.seeding import derive_seed, numpy_generator
from sparsevae.models.base import GenerativeModel, Model

MEASURES = ["probe_accuracy", "probe_accuracy_ungated"]
PROBE_COLUMNS = ["codes", "classifier", "n_labels", "accuracy"]
KINDS = ("gated", "ungated")

Codes = dict[str, Float[np.ndarray, "samples latent"]]


def probe(model: Model, train: Split, test: Split) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """MEASURES for metrics.json, and the rows of probes.csv (PROBE_COLUMNS).

    Classifiers see the first n of one permutation of the training set, drawn by the run's seed, so
    that each set of labels holds the smaller ones; no more than there are. Accuracies are of the
    test set, 0 to 1, and None where all labels are of one class. Without spikes the codes of both
    KINDS are the same, and are probed once.
    """
    settings, seed = model.config.evaluation, model.config.seed
    headline = min(settings.probe_labels, len(train))
    sizes = sorted({headline, *(min(n, len(train)) for n in settings.probe_curve)})
    chosen = numpy_generator(seed, "probe").permutation(len(train))[: sizes[-1]]
    seen = Split(train.inputs[chosen], train.labels[chosen])
    unseen = Split(test.inputs[: settings.max_images], test.labels[: settings.max_images])
    seen_codes, unseen_codes = encode(model, seen), encode(model, unseen)
    accuracy = {
        (kind, classifier, n): probe_accuracy(
            classifier,
            (seen_codes[kind][:n], seen.labels[:n]),
            (unseen_codes[kind], unseen.labels),
            derive_seed(seed, "probe", classifier),
        )
        for kind in seen_codes
        for classifier in dict.fromkeys(("linear", *settings.probe_classifiers))
        for n in sizes
    }
    return tabulate(accuracy, headline)


@torch.no_grad()
def encode(model: Model, split: Split) -> Codes:
    """Gated codes, E[z|x] = g m, and of a model with spikes also ungated ones, the slab means m.

    The published reproduction classifies the ungated ones.
    """
    model.eval()
    device = str(next(model.parameters()).device)
    batches: list[dict[str, np.ndarray]] = []
    for start in range(0, len(split), model.config.evaluation.batch_size):
        part = slice(start, start + model.config.evaluation.batch_size)
        batch = Split(split.inputs[part], split.labels[part])
        inputs = rows(batch, model.config.likelihood.inputs, device).values
        posterior = model.encode(inputs) if isinstance(model, GenerativeModel) else None
        codes = {"gated": model.codes(inputs) if posterior is None else posterior.mean}
        if isinstance(posterior, SpikeSlab):
            codes["ungated"] = posterior.slab.mean
        batches.append({kind: values.cpu().numpy() for kind, values in codes.items()})
    return {kind: np.concatenate([batch[kind] for batch in batches]) for kind in batches[0]}


def tabulate(
    accuracy: dict[tuple[str, str, int], float], headline: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """What `probe` returns, from accuracies by kind of codes, classifier and number of labels.

    Rows are of both kinds of codes, also where these are the same; the measures are of the linear
    probe at `headline` labels.
    """
    found = {key: None if math.isnan(value) else value for key, value in accuracy.items()}
    spikes = any(kind == "ungated" for kind, _, _ in found)
    table, measures = [], {}
    for name, kind in zip(MEASURES, KINDS, strict=True):
        probed = kind if spikes else "gated"
        measures[name] = found[probed, "linear", headline]
        table += [
            dict(zip(PROBE_COLUMNS, (kind, classifier, n, value), strict=True))
            for (of, classifier, n), value in found.items()
            if of == probed
        ]
    return measures, table
