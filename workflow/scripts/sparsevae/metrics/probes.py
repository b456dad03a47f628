"""How much a linear classifier reads from the codes."""

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler


def linear_probe_accuracy(
    train_codes: np.ndarray,
    train_labels: np.ndarray,
    test_codes: np.ndarray,
    test_labels: np.ndarray,
) -> float:
    """Test accuracy, 0 to 1, of a logistic regression on standardised codes (samples, latent).

    Fitted on all samples given, with L2 penalty 1 (scikit-learn's default); no randomness.
    """
    probe = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000, tol=1e-3))
    probe.fit(train_codes, train_labels)
    return float(probe.score(test_codes, test_labels))
