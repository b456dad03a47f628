"""The test images that the page offers, the same for all models of a dataset."""

import base64
from typing import Any

import numpy as np
from jaxtyping import Int, UInt8

from sparsevae.data.split import Split

N_IMAGES = 24


def chosen_images(
    labels: UInt8[np.ndarray, "samples"], number: int = N_IMAGES
) -> Int[np.ndarray, "_"]:
    """Indices of the first images of each class, in turns until there are `number`; by class."""
    turn = np.empty(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        turn[members] = np.arange(len(members))
    first = np.lexsort((labels, turn))[:number]
    return first[np.argsort(labels[first], kind="stable")]


def images_record(test: Split, chosen: Int[np.ndarray, "images"]) -> dict[str, Any]:
    """`pixels`: base64 of the uint8 images, one after the other; `labels`: of each."""
    return {
        "pixels": base64.b64encode(test.inputs[chosen].tobytes()).decode("ascii"),
        "labels": test.labels[chosen].tolist(),
    }
