"""How much a classifier reads from the codes: the probe measures, and the rows of probes.csv."""

import math
import warnings
from collections.abc import Container
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
from sparsevae.evaluation import published_probe
from sparsevae.evaluation.encoded import Encoded, encode_posterior
from sparsevae.evaluation.image_blocks import PerImage
from sparsevae.jobs.seeding import derive_seed, numpy_generator
from sparsevae.models.base import Model
from sparsevae.study import choices
from sparsevae.study.settings import Evaluation

MEASURES = ["probe_accuracy", "probe_accuracy_ungated", published_probe.MEASURE]
PROBE_COLUMNS = ["codes", "classifier", "n_labels", "accuracy"]
KINDS = ("gated", "ungated")

PENALTIES = (0.01, 0.1, 1.0)  # scikit-learn's C: the variance of a normal prior on weights
_FOLDS = 5
_SEARCHED = 5000
_BATCH = 200
_STEPS = 10_000
_MOST_EPOCHS = 200

Codes = dict[str, Float[np.ndarray, "samples latent"]]
# Of each kind of codes, classifier and number of labels: 1 for each image that is predicted.
Correct = dict[tuple[str, str, int], Float[np.ndarray, "samples"]]


def probe(
    model: Model, train: Split, test: Encoded, scale: str, settings: Evaluation, seed: int
) -> tuple[dict[str, Any], list[dict[str, Any]], PerImage]:
    """Return MEASURES, the rows of probes.csv (PROBE_COLUMNS), and MEASURES of each test image.

    Classifiers see the first n of one permutation of the training set, drawn by the seed, so that
    each set of labels holds the smaller ones; no more than there are. Accuracies are of the test
    set, 0 to 1, and None if all labels are of one class. Without spikes the codes of both KINDS are
    the same, and are probed once. scale: of the inputs that the model receives.
    """
    headline = min(settings.probe_labels, len(train))
    sizes = sorted({headline, *(min(n, len(train)) for n in settings.probe_curve)})
    n_seen = max(sizes[-1], published_probe.LABELS)
    chosen = numpy_generator(seed, "probe").permutation(len(train))[:n_seen]
    seen = Split(train.inputs[chosen], train.labels[chosen])
    seen_codes = codes_of(encode_posterior(model, seen, scale, settings.batch_size))
    unseen_codes = codes_of(test.posterior)
    correct = {
        (kind, classifier, n): correct_predictions(
            classifier,
            (seen_codes[kind][:n], seen.labels[:n]),
            (unseen_codes[kind], test.split.labels),
            derive_seed(seed, "probe", classifier),
        )
        for kind in seen_codes
        for classifier in dict.fromkeys(("linear", *settings.probe_classifiers))
        for n in sizes
    }
    slab_means, n = _probed("ungated", seen_codes), published_probe.LABELS
    of_published = published_probe.correct_predictions(
        (seen_codes[slab_means][:n], seen.labels[:n]),
        (unseen_codes[slab_means], test.split.labels),
        seed,
    )
    per_image = {
        "probe_accuracy": correct["gated", "linear", headline],
        "probe_accuracy_ungated": correct[slab_means, "linear", headline],
        published_probe.MEASURE: of_published,
    }
    measures = {name: _accuracy(values) for name, values in per_image.items()}
    return measures, tabulate(correct), per_image


def codes_of(posterior: Posterior) -> Codes:
    """Return gated codes, E[z|x] = g m, and with spikes also ungated ones, the slab means m.

    The published reproduction classifies the ungated ones.
    """
    codes = {"gated": posterior.mean}
    if posterior.spike_prob is not None:
        codes["ungated"] = posterior.slab_mean
    return {kind: values.cpu().numpy() for kind, values in codes.items()}


def tabulate(correct: Correct) -> list[dict[str, Any]]:
    """Return the rows of probes.csv: of both kinds of codes, also if these are the same."""
    kinds = {kind for kind, _, _ in correct}
    return [
        dict(zip(PROBE_COLUMNS, (kind, classifier, n, _accuracy(values)), strict=True))
        for kind in KINDS
        for (of, classifier, n), values in correct.items()
        if of == _probed(kind, kinds)
    ]


def _probed(kind: str, kinds: Container[str]) -> str:
    """Return the kind of codes that stands for `kind`: gated ones if there is no other."""
    return kind if kind in kinds else "gated"


def _accuracy(correct: Float[np.ndarray, "samples"]) -> float | None:
    accuracy = float(correct.mean())
    return None if math.isnan(accuracy) else accuracy


def correct_predictions(
    classifier: str,
    train: tuple[Float[np.ndarray, "samples latent"], Integer[np.ndarray, "samples"]],
    test: tuple[Float[np.ndarray, "others latent"], Integer[np.ndarray, "others"]],
    seed: int,
) -> Float[np.ndarray, "others"]:
    """Return 1 for each test sample whose class is predicted, else 0, from standardised codes.

    classifier: of CLASSIFIERS; train, test: codes and labels; all of `train` is fitted on. `seed`
    draws the first weights and the batches of `two_layer`; `linear` has no randomness. All are NaN
    if `train` has one class alone.
    """
    codes, labels = train
    if len(np.unique(labels)) < 2:
        return np.full(len(test[1]), np.nan)
    probe = CLASSIFIERS[classifier](codes, labels, seed)
    with warnings.catch_warnings():
        # The network has a budget of steps and need not converge within it.
        warnings.filterwarnings("ignore", "Stochastic Optimizer", ConvergenceWarning)
        probe.fit(codes, labels)
    return (probe.predict(test[0]) == test[1]).astype(np.float64)


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
