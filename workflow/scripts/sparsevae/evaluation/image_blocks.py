"""Measures of single test images: what tells how much another test set would change a result.

All runs of a dataset are measured on the same images in the same order. A difference of two runs
therefore varies less over images than each run does, and standard errors of single runs cannot
say by how much. Block means can: a difference of runs has one value a block, and their spread over
blocks is its sampling error (the method of batch means).
"""

import math
from typing import Any

import numpy as np
from jaxtyping import Float

BLOCKS = 20
# What is measured of each image; accuracies are 1 if the class is predicted, else 0.
MEASURES = (
    *("elbo", "elbo_selected", "iwae", "kl"),
    *("probe_accuracy", "probe_accuracy_ungated", "probe_accuracy_published"),
)
COLUMNS = ["block", *MEASURES]

PerImage = dict[str, Float[np.ndarray, "_"]]


def tabulate(per_image: PerImage) -> list[dict[str, Any]]:
    """Return the rows of image_blocks.csv, with COLUMNS: the block means of each measure.

    Measures that a model does not have, blocks without images and means that are not finite are
    None. Images of `iwae` are the first of the test set only.
    """
    means = {name: block_means(values) for name, values in per_image.items()}
    return [
        {"block": block} | {name: _finite(values[block]) for name, values in means.items()}
        for block in range(BLOCKS)
    ]


def standard_errors(per_image: PerImage) -> dict[str, float | None]:
    """Return `<measure>_test_standard_error` of MEASURES; None for what is not defined."""
    nothing = np.empty(0)
    return {
        f"{name}_test_standard_error": _finite(
            standard_error_over_images(per_image.get(name, nothing))
        )
        for name in MEASURES
    }


def block_means(values: Float[np.ndarray, "samples"]) -> Float[np.ndarray, "blocks"]:
    """Return the mean of each of BLOCKS blocks; image i is in block i mod BLOCKS.

    Fewer images than blocks leave blocks empty; these are NaN.
    """
    block = np.arange(len(values)) % BLOCKS
    counts = np.bincount(block, minlength=BLOCKS)
    sums = np.bincount(block, weights=values, minlength=BLOCKS)
    return np.divide(sums, counts, out=np.full(BLOCKS, np.nan), where=counts > 0)


def standard_error_over_images(values: Float[np.ndarray, "samples"]) -> float:
    """Return the standard error of the mean over test images.

    Of right or wrong predictions, as 0 and 1, it is sqrt(p (1 - p) / (n - 1)). NaN for a single
    image, and if a value is not finite.
    """
    if len(values) < 2 or not np.isfinite(values).all():
        return math.nan
    return float(np.std(values, ddof=1)) / math.sqrt(len(values))


def _finite(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None
