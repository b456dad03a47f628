"""Mutual information gap of factors and latents (Chen et al. 2018, "Isolating sources of
disentanglement in variational autoencoders", eq. 6), from histograms as in Locatello et al. 2019.

Sources that are exactly 0 (their attribute does not show) and latents that are exactly 0 (their
spike is off) have a bin of their own; all other values go to BINS bins of equal frequency. A source
shares one bit with the others of its attribute: `mig_presence` is the gap for these bits
themselves, and of a source's gap at most log 2 over its entropy (0.38) can come from its bit.
"""

import math

import numpy as np
from jaxtyping import Float, Int, UInt8

from sparsevae.evaluation.disentanglement import sources

BINS = 10

MEASURES = ("mig", "mig_presence")


def summarise(
    factors: Float[np.ndarray, "samples factors"],
    presence: UInt8[np.ndarray, "samples attributes"],
    latents: Float[np.ndarray, "samples latents"],
) -> dict[str, float]:
    """Return MEASURES: the gap for the sources s_k v_k, and for the attributes' presence bits.

    `latents` are one draw of z per image, as Chen et al.'s I(z_j; v_k) is under q(z|x).
    """
    return {
        "mig": gap(sources(factors, presence), latents),
        "mig_presence": gap(presence.astype(np.float64), latents),
    }


def gap(
    factors: Float[np.ndarray, "samples factors"], latents: Float[np.ndarray, "samples latents"]
) -> float:
    """Return the mean over factors of (greatest - second greatest I(z_j; v_k)) / H(v_k), 0 to 1.

    The second is 0 with one latent. Factors that do not vary are left out; NaN if none does.
    """
    information, entropies = mutual_information(factors, latents)
    varies = entropies > 0
    if not varies.any():
        return math.nan
    padded = np.pad(information[varies], ((0, 0), (1, 0)))
    second, first = np.sort(padded, axis=1)[:, -2:].T
    return float(((first - second) / entropies[varies]).mean())


def mutual_information(
    factors: Float[np.ndarray, "samples factors"], latents: Float[np.ndarray, "samples latents"]
) -> tuple[Float[np.ndarray, "factors latents"], Float[np.ndarray, "factors"]]:
    """Return I(z_j; v_k) of each pair, and H(v_k), in nats, both of binned values.

    With n images it is too large by some BINS^2 / (2 n) nats: 0.0025 with 20,000. Most of that is
    not in a difference of two.
    """
    from sklearn.metrics import mutual_info_score

    binned = [binning(column) for column in factors.T]
    members = np.concatenate([_members(bins) for bins in binned], axis=1)
    information = np.empty((factors.shape[1], latents.shape[1]))
    for j, column in enumerate(latents.T):
        # One product counts the pairs of bins of all factors; float32 counts to 2^24 exactly.
        tables = (members.T @ _members(binning(column))).reshape(len(binned), BINS + 1, BINS + 1)
        information[:, j] = [mutual_info_score(None, None, contingency=table) for table in tables]
    entropies = [mutual_info_score(bins, bins) for bins in binned]  # I(v; v) = H(v)
    return information, np.array(entropies)


def binning(values: Float[np.ndarray, "samples"]) -> Int[np.ndarray, "samples"]:
    """Return 0 for exact zeros, else 1 to BINS by quantiles of the values that are not zero."""
    bins = np.zeros(len(values), dtype=np.int64)
    active = values != 0
    if active.any():
        edges = np.quantile(values[active], np.linspace(0, 1, BINS + 1)[1:-1])
        bins[active] = 1 + np.searchsorted(edges, values[active], side="right")
    return bins


def _members(bins: Int[np.ndarray, "samples"]) -> Float[np.ndarray, "samples bins"]:
    return (bins[:, None] == np.arange(BINS + 1)).astype(np.float32)
