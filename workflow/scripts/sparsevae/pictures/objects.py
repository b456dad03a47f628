"""Which test objects figures show: chosen from the data alone, so that all models show the same."""

import numpy as np
from jaxtyping import Int, UInt8


def one_per_class(labels: UInt8[np.ndarray, "samples"], number: int) -> Int[np.ndarray, "_"]:
    """Indices of the first sample of each of the first `number` classes to appear."""
    _, first = np.unique(labels, return_index=True)
    return np.sort(first)[:number]


def alike_pair(
    inputs: UInt8[np.ndarray, "samples *shape"], labels: UInt8[np.ndarray, "samples"]
) -> Int[np.ndarray, "2"] | None:
    """Indices of the first sample of each of the two classes whose mean inputs are closest.

    Closest by Euclidean distance: the paper's pair is alike too, a T-shirt and a shirt (fig. 7).
    None where there is but one class.
    """
    classes, first = np.unique(labels, return_index=True)
    if len(classes) < 2:
        return None
    flat = inputs.reshape(len(inputs), -1)
    means = np.stack([flat[labels == label].mean(axis=0, dtype=np.float64) for label in classes])
    distances = np.linalg.norm(means[:, None] - means[None], axis=-1)
    distances[np.tril_indices(len(classes))] = np.inf
    return first[list(np.unravel_index(distances.argmin(), distances.shape))]
