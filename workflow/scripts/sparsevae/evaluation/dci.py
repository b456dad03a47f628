"""Disentanglement, completeness and informativeness of latents (Eastwood & Williams 2018, "A
framework for the quantitative evaluation of disentangled representations", section 3).

The sources s_k v_k are regressed on the latents, each by a forest of its own, on the first SAMPLES
images, and scored on as many more. As E[s v | s] = 0, a forest that sees only which attributes show
has a score of 0: these measures see the factors' values. A forest's importances are weighted by its
score, which is ours: most sources are hard to see in 32 x 32 pixels, and the importances of a
forest that predicts nothing are noise. Averages are weighted as in Locatello et al. 2019.
"""

import math

import numpy as np
from jaxtyping import Float, UInt8

from sparsevae.evaluation.disentanglement import sources

SAMPLES = 2_000
TREES, DEPTH = 5, 6  # seconds with 60 latents

MEASURES = ("dci_disentanglement", "dci_completeness", "dci_informativeness")


def summarise(
    factors: Float[np.ndarray, "samples factors"],
    presence: UInt8[np.ndarray, "samples attributes"],
    latents: Float[np.ndarray, "samples latents"],
) -> dict[str, float]:
    """Return MEASURES, each 0 to 1; NaN with too few images, and as `disentanglement` says.

    dci_informativeness is the mean over sources of the held-out R^2 (of 0 where it is less), where
    Eastwood & Williams have an error.
    """
    half = min(len(latents) // 2, SAMPLES)
    if half < 2:
        return dict.fromkeys(MEASURES, math.nan)
    fits = [_forest(latents, target, half) for target in sources(factors, presence).T]
    scores = np.array([max(score, 0.0) for _, score in fits])
    importance = np.stack([importances for importances, _ in fits], axis=1) * scores
    values = disentanglement(importance), disentanglement(importance.T), float(scores.mean())
    return dict(zip(MEASURES, values, strict=True))


def disentanglement(importance: Float[np.ndarray, "codes factors"]) -> float:
    """Return the mean over codes of 1 - H(P_i).

    P_i are the shares of a code's importance that factors have. Entropies are in units of
    log(number of factors), and codes are weighted by their importance. Of the transpose it is the
    completeness. NaN where nothing is important or there is one factor.
    """
    total = importance.sum()
    n_factors = importance.shape[1]
    if total == 0 or n_factors == 1:
        return math.nan
    weights = importance.sum(1)
    used = weights > 0
    shares = importance[used] / weights[used, None]
    logs = np.log(shares, out=np.zeros_like(shares), where=shares > 0)
    entropies = -(shares * logs).sum(1) / math.log(n_factors)
    return float((weights[used] * (1 - entropies)).sum() / total)


def _forest(
    latents: Float[np.ndarray, "samples latents"], target: Float[np.ndarray, "samples"], half: int
) -> tuple[Float[np.ndarray, "latents"], float]:
    """Return importances, of sum one (or all 0), and R^2 on the second `half` of the images."""
    from sklearn.ensemble import RandomForestRegressor

    forest = RandomForestRegressor(TREES, max_depth=DEPTH, min_samples_leaf=5, random_state=0)
    forest.fit(latents[:half], target[:half])
    held_out = slice(half, 2 * half)
    return forest.feature_importances_, forest.score(latents[held_out], target[held_out])
