"""How alike classes are in the latents that they activate (UAI 2019, figure 5). No torch."""

from collections.abc import Mapping
from itertools import combinations_with_replacement

import numpy as np
import pandas as pd
from jaxtyping import Float

COLUMNS = [
    *("dataset", "model", "latent_dim", "seed", "label_a", "label_b"),
    *("cosine", "mean_spike_prob_a", "mean_spike_prob_b"),
]


def cosines(
    rows: Float[np.ndarray, "classes latents"],
) -> Float[np.ndarray, "classes classes"]:
    """Cosine similarity of each pair of rows; NaN with a row that is all zero or has NaN."""
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    directions = rows / np.where(norms > 0, norms, np.nan)
    return directions @ directions.T


def tabulate(runs: Mapping[tuple[str, str, int, int], pd.DataFrame]) -> pd.DataFrame:
    """COLUMNS for each pair of classes, label_a <= label_b, of each run that has spikes.

    runs: (dataset, model, latent size, seed) -> class_activations.csv. Rows of the mean spike
    probability are compared; its mean over latents is given for both classes, so that the pair of a
    class with itself has the class's own.
    """
    found = []
    for run, table in runs.items():
        if table["mean_spike_prob"].isna().any():
            continue
        wide = table.pivot(index="label", columns="latent", values="mean_spike_prob")
        similar = cosines(wide.to_numpy(dtype=float))
        means = wide.mean(axis=1).tolist()
        for a, b in combinations_with_replacement(range(len(wide)), 2):
            pair = (int(wide.index[a]), int(wide.index[b]))
            values = (float(similar[a, b]), means[a], means[b])
            found.append(dict(zip(COLUMNS, (*run, *pair, *values), strict=True)))
    return pd.DataFrame(found, columns=COLUMNS)
