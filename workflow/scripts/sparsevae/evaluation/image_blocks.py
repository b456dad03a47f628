"""Means over blocks of test images: what tells how much another test set would change a result.

All runs of a dataset are measured on the same images in the same order. A difference of two runs
therefore varies less over images than each run does, and standard errors of single runs cannot
say by how much. Block means can: a difference of runs has one value a block, and their spread over
blocks is its sampling error (the method of batch means).
"""

import math

import numpy as np
from jaxtyping import Float

BLOCKS = 20


def block_means(values: Float[np.ndarray, "samples"]) -> Float[np.ndarray, "blocks"]:
    """Return the mean of each of BLOCKS blocks; image i is in block i mod BLOCKS.

    Fewer images than blocks leave blocks empty; these are NaN.
    """
    padded = np.full(math.ceil(len(values) / BLOCKS) * BLOCKS, np.nan)
    padded[: len(values)] = values
    rows = padded.reshape(-1, BLOCKS)
    counts = (~np.isnan(rows)).sum(0)
    sums = np.nansum(rows, axis=0)
    return np.divide(sums, counts, out=np.full(BLOCKS, np.nan), where=counts > 0)


def standard_error_over_images(values: Float[np.ndarray, "samples"]) -> float:
    """Return the standard error of the mean over test images; NaN for a single image.

    Of right or wrong predictions, as 0 and 1, it is sqrt(p (1 - p) / (n - 1)).
    """
    if len(values) < 2:
        return math.nan
    return float(np.std(values, ddof=1)) / math.sqrt(len(values))
