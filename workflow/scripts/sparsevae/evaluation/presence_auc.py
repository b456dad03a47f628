"""How well a single latent tells which attributes of Smiley an image shows: areas under the ROC.

The paper's correlations (disentanglement.py) are of sizes, |z|, so they miss a latent whose sign
tells presence, as a VAE's may. Here a latent is read in two ways, by its signed value z and by its
size |z|; spike-and-slab latents are expected to tell by their size, Gaussian ones by their sign.
"""

import math

import numpy as np
from jaxtyping import Bool, Float, UInt8
from scipy.stats import rankdata

from sparsevae.evaluation.disentanglement import GROUP_SIZES

READINGS = ("signed", "size")
MEASURES = (
    "presence_auc",
    *(f"presence_auc_{reading}" for reading in READINGS),
    *(f"presence_auc_{reading}_{name}" for reading in READINGS for name in GROUP_SIZES),
)


def summarise(
    factors: Float[np.ndarray, "samples factors"],
    presence: UInt8[np.ndarray, "samples attributes"],
    latents: Float[np.ndarray, "samples latents"],
) -> dict[str, float]:
    """Return MEASURES: held-out areas under the ROC curve, 0.5 for chance and 1 at best.

    `presence_auc_signed_mouth` is the area of the latent that best tells whether there is a mouth
    by its signed value, `presence_auc_signed` its mean over attributes; `_size` the same of |z|.
    `presence_auc` has for each attribute the better of both readings. Latents, their direction and
    the reading are chosen on the first half of the images and scored on the second. Attributes that
    do not vary in one of the halves are NaN and left out of the means. `factors` are not used.
    """
    scores = [scores_of_attribute(shown.astype(bool), latents) for shown in presence.T]
    signed, size, best = np.array(scores).T
    values = [_mean(best), _mean(signed), _mean(size), *signed.tolist(), *size.tolist()]
    return dict(zip(MEASURES, values, strict=True))


def scores_of_attribute(
    shown: Bool[np.ndarray, "samples"], latents: Float[np.ndarray, "samples latents"]
) -> tuple[float, float, float]:
    """Return the held-out areas by the signed value, by the size, and by the better of the two."""
    half = len(shown) // 2
    if any(len(np.unique(part)) < 2 for part in (shown[:half], shown[half:])):
        return math.nan, math.nan, math.nan
    chosen, held_out = [], []
    for values in (latents, np.abs(latents)):
        areas = areas_under_curves(shown[:half], values[:half])
        latent = int(np.argmax(np.abs(areas - 0.5)))
        area = float(areas_under_curves(shown[half:], values[half:, [latent]])[0])
        chosen.append(abs(areas[latent] - 0.5))
        held_out.append(area if areas[latent] >= 0.5 else 1 - area)
    signed, size = held_out
    return signed, size, held_out[int(np.argmax(chosen))]


def areas_under_curves(
    shown: Bool[np.ndarray, "samples"], values: Float[np.ndarray, "samples n"]
) -> Float[np.ndarray, "n"]:
    """Return P(a value with the attribute exceeds one without) + P(they are equal) / 2.

    From the ranks (Mann-Whitney), all columns at once; exact zeros of spikes are ties.
    """
    n_shown = int(shown.sum())
    ranks = rankdata(values, axis=0)[shown].mean(axis=0)
    return (ranks - (n_shown + 1) / 2) / (len(shown) - n_shown)


def _mean(areas: Float[np.ndarray, "attributes"]) -> float:
    known = areas[~np.isnan(areas)]
    return float(known.mean()) if len(known) else math.nan
