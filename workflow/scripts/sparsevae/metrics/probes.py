"""How much a classifier reads from the codes."""

import math
import warnings

import numpy as np
from jaxtyping import Float, Integer
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

_BATCH = 200
_STEPS = 10_000
_MOST_EPOCHS = 200


def probe_accuracy(
    classifier: str,
    train: tuple[Float[np.ndarray, "samples latent"], Integer[np.ndarray, "samples"]],
    test: tuple[Float[np.ndarray, "others latent"], Integer[np.ndarray, "others"]],
    seed: int,
) -> float:
    """Test accuracy, 0 to 1, of a classifier of CLASSIFIERS that is fitted on standardised codes.

    train, test: codes and labels; all of `train` is fitted on. `seed` draws the first weights and
    the batches of `two_layer`; `linear` has no randomness. NaN where `train` has one class alone,
    which leaves nothing to tell apart.
    """
    codes, labels = train
    if len(np.unique(labels)) < 2:
        return math.nan
    probe = CLASSIFIERS[classifier](len(codes), seed)
    with warnings.catch_warnings():
        # The network has a budget of steps and need not converge within it.
        warnings.filterwarnings("ignore", "Stochastic Optimizer", ConvergenceWarning)
        probe.fit(codes, labels)
    return float(probe.score(*test))


def _linear(n_labels: int, seed: int) -> Pipeline:
    """Logistic regression with L2 penalty 1, scikit-learn's default."""
    return make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))


def _two_layer(n_labels: int, seed: int) -> Pipeline:
    """One hidden layer of 100 units (ReLU), L2 penalty 1, at most 10,000 steps of Adam.

    Few labels are passed over 200 times at most.
    """
    epochs = min(_MOST_EPOCHS, math.ceil(_STEPS / math.ceil(n_labels / _BATCH)))
    network = MLPClassifier(
        (100,), alpha=1.0, batch_size=min(_BATCH, n_labels), max_iter=epochs, random_state=seed
    )
    return make_pipeline(StandardScaler(), network)


CLASSIFIERS = {"linear": _linear, "two_layer": _two_layer}
