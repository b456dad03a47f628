"""Every published number beside ours: tables/scorecard.csv.

A row is filled if some model of the study has the settings that the number was made with, at its
latent size; else it is missing, and says what to run. What counts as better, and which difference
is too small to tell, is in the published rows (resources/published/README.md).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from sparsevae.comparison.published import Run, demanded, describe, differences, fitting

COLUMNS = [
    *("source", "dataset", "model", "setting", "latent_dim", "measure"),
    *("published", "ours", "ours_sd", "n_seeds", "difference", "verdict", "note"),
]
VERDICTS = ("better", "within", "worse", "missing")

# Published measure -> column of metrics.csv and its sign; other measures have their own names.
_COLUMN = {"loss": ("elbo", -1.0), "accuracy": ("probe_accuracy_ungated", 1.0)}

Row = dict[str, Any]
RunKey = tuple[str, str, int, int]


class Missing(Exception):
    """Why there is nothing of ours beside a number, and what to run."""


def scorecard(
    rows: pd.DataFrame,
    runs: Sequence[Run],
    metrics: pd.DataFrame,
    activations: Mapping[RunKey, pd.DataFrame],
) -> pd.DataFrame:
    """COLUMNS, one row per published number, in their order.

    rows: published.read_rows; runs: the settings of one run for each dataset and model of the
    study; metrics: tables/metrics.csv; activations: class_activations.csv of the runs that figure 5
    needs, by (dataset, model, latent_dim, seed).
    """
    table = [_scored(row, runs, metrics, activations) for row in rows.to_dict("records")]
    return pd.DataFrame(table, columns=COLUMNS)


def verdict(row: Mapping[str, Any], ours: float) -> str:
    """better, within or worse, of a value beside a published row with its tolerance."""
    gain = ours - row["published"]
    if row["better"] == "lower":
        gain = -gain
    elif row["better"] == "nearest":
        gain = abs(row["published"] - row["target"]) - abs(ours - row["target"])
    if abs(gain) <= row["tolerance"]:
        return "within"
    return "better" if gain > 0 else "worse"


def _scored(
    row: Row,
    runs: Sequence[Run],
    metrics: pd.DataFrame,
    activations: Mapping[RunKey, pd.DataFrame],
) -> Row:
    measure = row["measure"]
    if not pd.isna(row["labels"]):
        measure += f"[{row['labels'].replace(' ', ',')}]"
    scored = {name: row.get(name) for name in COLUMNS}
    scored |= {"setting": describe(demanded(row)), "measure": measure}
    try:
        run = _counterpart(row, runs, metrics)
        values = _values(row, run, metrics, activations)
    except Missing as reason:
        return scored | {"n_seeds": 0, "verdict": "missing", "note": f"{reason}; {row['note']}"}
    ours = float(np.mean(values))
    return scored | {
        "ours": ours,
        "ours_sd": float(np.std(values, ddof=1)) if len(values) > 1 else None,
        "n_seeds": len(values),
        "difference": ours - row["published"],
        "verdict": verdict(row, ours),
        "note": f"ours: {_training(run)}; {row['note']}",
    }


def _counterpart(row: Row, runs: Sequence[Run], metrics: pd.DataFrame) -> Run:
    """The model of the study that stands beside a row. Raises Missing."""
    dataset, size = row["dataset"], row["latent_dim"]
    there = [run for run in runs if run["dataset"] == dataset]
    if not there:
        raise Missing(
            f"not run: this study has no {dataset}; add it to datasets, with {size} in latent_dims "
            f"and a model with {describe(demanded(row))}"
        )
    models = fitting(row, runs)
    if not models:
        raise Missing(f"not run: no model has these settings; {_nearest(row, there)}")
    trained = metrics[(metrics["dataset"] == dataset) & (metrics["latent_dim"] == size)]
    models = [run for run in models if run["model"] in set(trained["model"])]
    if not models:
        raise Missing(f"not run: add {size} to datasets.{dataset}.latent_dims")
    return models[0] if len(models) == 1 else _chosen(row, models, trained)


def _nearest(row: Row, runs: Sequence[Run]) -> str:
    """The model that differs least, and in what."""
    nearest = min(runs, key=lambda run: len(differences(row, run)))
    differing = {name: demanded(row)[name] for name in differences(row, nearest)}
    return f"add one (the nearest, {nearest['model']}, would need {describe(differing)})"


def _chosen(row: Row, models: list[Run], trained: pd.DataFrame) -> Run:
    """Of several that fit: where beta was chosen for the best contrast, so is ours; else the first.

    The contrast is that of figures 3 and 9: correlation with the own attribute less with others.
    """
    if not row["measure"].startswith("correlation_"):
        return models[0]
    contrast = trained["correlation_own"].astype(float) - trained["correlation_other"].astype(float)
    means = contrast.groupby(trained["model"]).mean()
    return max(models, key=lambda run: means.get(run["model"], -np.inf))


def _values(
    row: Row, run: Run, metrics: pd.DataFrame, activations: Mapping[RunKey, pd.DataFrame]
) -> np.ndarray:
    """Ours, one value a seed. Raises Missing."""
    if row["measure"].startswith("spike_"):
        key = (run["dataset"], run["model"], row["latent_dim"])
        tables = [table for found, table in activations.items() if found[:3] == key]
        return np.array([_of_classes(row, table) for table in tables])
    column, sign = _COLUMN.get(row["measure"], (row["measure"], 1.0))
    if column not in metrics:
        raise Missing(f"not measured: metrics.csv has no column {column}")
    chosen = (metrics["dataset"] == run["dataset"]) & (metrics["model"] == run["model"])
    chosen &= metrics["latent_dim"] == row["latent_dim"]
    values = metrics.loc[chosen, column].astype(float).dropna().to_numpy()
    if not len(values):
        raise Missing(f"not measured: {column} of {run['model']} is empty in metrics.csv")
    return sign * values


def _of_classes(row: Row, table: pd.DataFrame) -> float:
    """Mean spike probability of a class or of all, or the cosine of two (figure 5)."""
    matrix = table.pivot(index="label", columns="latent", values="mean_spike_prob")
    if pd.isna(row["labels"]):
        return float(matrix.to_numpy().mean())
    labels = [int(label) for label in row["labels"].split()]
    for label in labels:
        if label not in matrix.index:
            raise Missing(f"not measured: no test image of class {label} was evaluated")
    vectors = matrix.loc[labels].to_numpy()
    if row["measure"] == "spike_prob":
        return float(np.mean(vectors))
    first, second = vectors
    return float(first @ second / np.linalg.norm(first) / np.linalg.norm(second))


def _training(run: Run) -> str:
    """What the reader must know of our run, in the order of importance."""
    training = run["training"]
    steps = training["iterations"]
    parts = [run["model"], f"{steps} steps" if steps else f"{training['epochs']} epochs"]
    for images, kind in ((training["max_images"], "training"), (_tested(run), "test")):
        if images is not None:
            parts.append(f"the first {images} {kind} images only")
    return ", ".join(parts)


def _tested(run: Run) -> int | None:
    return run["evaluation"]["max_images"]
