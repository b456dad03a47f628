"""Every published number beside ours: tables/scorecard.csv.

A row is filled if the study has a model that it can be compared with (matching.py), at its latent
size; else it is missing, and says what to run. A difference is "within" if it is no larger than
models of equal expectation give in 95 % of cases, from the spread of single runs on both sides.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float

from sparsevae.comparison.intervals import Variance, beyond_spread, of_difference, pooled
from sparsevae.comparison.matching import (
    Run,
    demanded,
    describe,
    differences,
    fitting,
    recipe_differences,
)
from sparsevae.comparison.measures import best_model, measured_as, with_derived_measures

COLUMNS = [
    *("source", "dataset", "model", "setting", "latent_dim", "measure"),
    *("published", "ours", "ours_sd", "n_seeds", "difference", "difference_standard_error"),
    *("verdict", "note"),
]
VERDICTS = ("better", "within", "worse", "undecided", "not comparable", "missing")

# Published measure -> measure of metrics.csv and its sign; other measures have their own names.
_MEASURE = {"loss": ("elbo", -1.0), "accuracy": ("probe_accuracy_published", 1.0)}
# What is shown, and not judged, until the measure that can be compared is there.
_STAND_IN = {
    "probe_accuracy_published": (
        "probe_accuracy_ungated",
        "ours is of a better classifier, as metrics.csv has no column probe_accuracy_published",
    )
}

Row = dict[str, Any]
RunKey = tuple[str, str, int, int]
Activations = Mapping[RunKey, pd.DataFrame]


class Missing(Exception):
    """Why there is nothing of ours beside a number, and what to run."""


@dataclass(frozen=True)
class Ours:
    """Values of our model, one a seed, and the spread of one run over seeds.

    test_error: standard error over test images, 0 if all that were published about are used.
    not_comparable: why the values cannot be judged.
    """

    values: Float[np.ndarray, " seeds"]
    spread: Variance | None
    test_error: float = 0.0
    not_comparable: str | None = None


def scorecard(
    rows: pd.DataFrame,
    runs: Sequence[Run],
    metrics: pd.DataFrame,
    activations: Activations,
) -> pd.DataFrame:
    """Return COLUMNS, one row per published number, in their order.

    rows: published.read_rows; runs: the settings of one run for each dataset and model of the
    study; metrics: tables/metrics.csv; activations: class_activations.csv of the runs that figure 5
    needs, by (dataset, model, latent_dim, seed).
    """
    metrics = with_derived_measures(metrics)
    table = [_scored(row, runs, metrics, activations) for row in rows.to_dict("records")]
    return pd.DataFrame(table, columns=COLUMNS)


def variance_of_difference(row: Mapping[str, Any], ours: Ours) -> list[Variance]:
    """Return the parts of the variance of ours less published; none if no spread is known.

    The spread of a published run is that of its row (printed, or scatter about the neighbouring
    latent sizes), else ours; with a single seed ours is taken from the published one. The error of
    reading a figure is uniform within `reading_error` on either side.
    """
    theirs = None
    if not pd.isna(row["spread"]):
        theirs = Variance(float(row["spread"] ** 2), float(row["spread_freedom"]))
    parts = of_difference(ours.spread, len(ours.values), theirs, int(row["published_seeds"]))
    if not parts:
        return []
    if not pd.isna(row["reading_error"]):
        parts.append(Variance(row["reading_error"] ** 2 / 3, np.inf))
    if ours.test_error:
        parts.append(Variance(ours.test_error**2, np.inf))
    return parts


def verdict(row: Mapping[str, Any], ours: float, parts: Sequence[Variance]) -> str:
    """Return better, within or worse; undecided without a spread (`variance_of_difference`)."""
    if not parts:
        return "undecided"
    gain = ours - row["published"]
    if row["better"] == "lower":
        gain = -gain
    elif row["better"] == "nearest":
        gain = abs(row["published"] - row["target"]) - abs(ours - row["target"])
    if not beyond_spread(gain, parts):
        return "within"
    return "better" if gain > 0 else "worse"


def _scored(row: Row, runs: Sequence[Run], metrics: pd.DataFrame, activations: Activations) -> Row:
    measure = row["measure"]
    if not pd.isna(row["labels"]):
        measure += f"[{row['labels'].replace(' ', ',')}]"
    scored = {name: row.get(name) for name in COLUMNS}
    scored |= {"setting": describe(demanded(row)), "measure": measure}
    try:
        run, others = _counterpart(row, runs, metrics)
        ours = _ours(row, run, metrics, activations)
    except Missing as reason:
        return scored | {"n_seeds": 0, "verdict": "missing", "note": f"{reason}; {row['note']}"}
    return scored | _judged(row, run, ours, others)


def _judged(row: Row, run: Run, ours: Ours, others: int) -> Row:
    mean = float(np.mean(ours.values))
    found: Row = {
        "ours": mean,
        "ours_sd": float(np.std(ours.values, ddof=1)) if len(ours.values) > 1 else None,
        "n_seeds": len(ours.values),
    }
    remarks = [f"ours: {_training(run)}"]
    if others:
        remarks.append(f"the best of {others + 1} models that fit")
    recipe = recipe_differences(row, run)
    if recipe:
        published = {name: row[name] for name in recipe}
        remarks.append(f"another recipe: {describe(recipe)} (published: {describe(published)})")
    if ours.not_comparable:
        found["verdict"] = "not comparable"
        return found | {"note": "; ".join([*remarks, ours.not_comparable, row["note"]])}
    parts = variance_of_difference(row, ours)
    found["difference"] = mean - row["published"]
    found["verdict"] = verdict(row, mean, parts)
    if parts:
        found["difference_standard_error"] = float(np.sqrt(sum(part.value for part in parts)))
    else:
        remarks.append("neither side has a spread: add seeds")
    return found | {"note": "; ".join([*remarks, row["note"]])}


def _counterpart(row: Row, runs: Sequence[Run], metrics: pd.DataFrame) -> tuple[Run, int]:
    """The model beside a row, and from how many others it was chosen. Raise Missing."""
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
    return _chosen(row, models, trained)


def _nearest(row: Row, runs: Sequence[Run]) -> str:
    """The model that differs least, and in what."""
    nearest = min(runs, key=lambda run: len(differences(row, run)))
    differing = {name: demanded(row)[name] for name in differences(row, nearest)}
    return f"add one (the nearest, {nearest['model']}, would need {describe(differing)})"


def _chosen(row: Row, models: list[Run], trained: pd.DataFrame) -> tuple[Run, int]:
    """Of several that fit, that with the published recipe, or the best contrast for figures 3, 9.

    The paper chose beta for the best contrast of correlations; so is ours, on the validation set
    if the study measured it.
    """
    contrast = "correlation_contrast"
    if len(models) > 1 and row["measure"].startswith("correlation_") and contrast in trained:
        names = [run["model"] for run in models]
        best = best_model(trained[trained["model"].isin(names)], contrast)
        return models[names.index(best)], len(models) - 1
    return min(models, key=lambda run: len(recipe_differences(row, run))), 0


def _ours(row: Row, run: Run, metrics: pd.DataFrame, activations: Activations) -> Ours:
    """Our values at the row's size, with the spread of the model at all sizes. Raise Missing."""
    if row["measure"].startswith("spike_"):
        key = (run["dataset"], run["model"], row["latent_dim"])
        tables = [table for found, table in activations.items() if found[:3] == key]
        values = np.array([_of_classes(row, table) for table in tables])
        return Ours(values, pooled([values]))
    column, sign = _MEASURE.get(row["measure"], (row["measure"], 1.0))
    reason = None
    if column not in metrics and column in _STAND_IN:
        column, reason = _STAND_IN[column]
    if column not in metrics:
        raise Missing(f"not measured: metrics.csv has no column {measured_as(column)[0]}")
    chosen = (metrics["dataset"] == run["dataset"]) & (metrics["model"] == run["model"])
    by_size = {
        size: sign * values.astype(float).dropna().to_numpy()
        for size, values in metrics[chosen].groupby("latent_dim")[column]
    }
    values = by_size[row["latent_dim"]]
    if not len(values):
        raise Missing(f"not measured: {column} of {run['model']} is empty in metrics.csv")
    errors = f"{column}_test_standard_error"
    error = 0.0
    if run["evaluation"]["max_images"] is not None and errors in metrics:
        here = chosen & (metrics["latent_dim"] == row["latent_dim"])
        error = float(metrics.loc[here, errors].astype(float).mean())
    return Ours(values, pooled([*by_size.values()]), error, reason)


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
    tested = run["evaluation"]["max_images"]
    if tested is not None:
        parts.append(f"the first {tested} test images only")
    return ", ".join(parts)
