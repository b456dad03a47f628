"""What latents carry of a factor's value, among the images that show its attribute.

Apart from `disentanglement`, since figures read that and have no scikit-learn.
"""

import math

import numpy as np
from jaxtyping import Bool, Float, UInt8

from sparsevae.evaluation.disentanglement import shows

MEASURES = ("r2_given_presence_best", "r2_given_presence_all")


def regress_given_presence(
    factors: Float[np.ndarray, "samples factors"],
    presence: UInt8[np.ndarray, "samples attributes"],
    latents: Float[np.ndarray, "samples latents"],
) -> dict[str, float]:
    """Return MEASURES: means over factors of held-out R^2, in the images that show them.

    From the best latent alone, and from all latents, by linear regressions that are fitted on the
    first half of the images that show a factor's attribute and scored on the second: among these
    presence is constant, so that what is left is the value.
    The best latent is chosen where it is fitted. A score below 0 counts as 0: no better than the
    mean. An image of 32 x 32 pixels does not show all factors, so that the best possible R^2 is
    less than 1. Factors that show in fewer than four images are left out; NaN if all are.
    """
    masks = shows(presence).astype(bool)
    scores = [
        scores_of_factor(factors[mask, k].astype(np.float64), latents[mask])
        for k, mask in enumerate(masks.T)
        if mask.sum() >= 4
    ]
    means = np.mean(scores, axis=0).tolist() if scores else [math.nan] * len(MEASURES)
    return dict(zip(MEASURES, means, strict=True))


def scores_of_factor(
    values: Float[np.ndarray, "samples"], latents: Float[np.ndarray, "samples latents"]
) -> tuple[float, float]:
    """Return held-out R^2, at least 0, from the best latent and from all latents."""
    from sklearn.linear_model import LinearRegression

    half = len(values) // 2
    first = np.arange(len(values)) < half
    best = _most_correlated(values, latents, first)
    scores = []
    for inputs in (latents[:, [best]], latents):
        fit = LinearRegression().fit(inputs[first], values[first])
        scores.append(max(float(fit.score(inputs[~first], values[~first])), 0.0))
    return scores[0], scores[1]


def _most_correlated(
    values: Float[np.ndarray, "samples"],
    latents: Float[np.ndarray, "samples latents"],
    among: Bool[np.ndarray, "samples"],
) -> int:
    centred = latents[among].astype(np.float64)
    centred -= centred.mean(0)
    spread = np.linalg.norm(centred, axis=0)
    projected = np.abs((values[among] - values[among].mean()) @ centred)
    return int(np.argmax(projected / np.where(spread > 0, spread, 1.0)))
