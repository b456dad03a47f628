"""Two studies beside each other, cell by cell: which of their measures agree within their spread.

A reference study is one whose tables are tracked. Another computer, version or budget may move its
numbers; what matters is whether by more than other seeds would.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from sparsevae.comparison.intervals import Variance, beyond_spread, of_difference, pooled

KEYS = ["dataset", "model", "latent_dim"]
COLUMNS = [
    *KEYS,
    *("measure", "ours", "ours_sd", "ours_seeds", "reference", "reference_sd", "reference_seeds"),
    *("difference", "difference_standard_error", "verdict"),
]
AGREES, DIFFERS, UNDECIDED = "agrees", "differs", "undecided"
ONLY_OURS, ONLY_REFERENCE = "only ours", "only reference"
VERDICTS = (AGREES, DIFFERS, UNDECIDED, ONLY_OURS, ONLY_REFERENCE)


def compare_studies(
    ours: pd.DataFrame, reference: pd.DataFrame, measures: Sequence[str] | None = None
) -> pd.DataFrame:
    """Return COLUMNS, one row per dataset, model, latent size and measure of either study.

    ours, reference: tables/metrics.csv of two studies; models are matched by name. measures: by
    default all that both tables have, but for standard errors. "agrees": the difference of the
    means over seeds is no larger than equal expectations give in 95 % of cells. The variance of a
    single run is that of a model over its seeds, all latent sizes together, or the other study's
    where a study has one seed. "undecided": neither study has two seeds, or none differs from
    another. Cells in which neither study has a value are left out.
    """
    if measures is None:
        measures = shared_measures(ours, reference)
    rows = []
    for measure in measures:
        sides = [_by_cell(ours, measure), _by_cell(reference, measure)]
        spreads = [_spreads(side) for side in sides]
        for cell in dict.fromkeys([*sides[0], *sides[1]]):
            values = [side.get(cell) for side in sides]
            spread = [of_model.get(cell[:2]) for of_model in spreads]
            row = dict(zip(KEYS, cell, strict=True)) | {"measure": measure}
            rows.append(row | _compared(values, spread))
    return pd.DataFrame(rows, columns=COLUMNS)


def shared_measures(ours: pd.DataFrame, reference: pd.DataFrame) -> list[str]:
    """Return the measures that both tables have, in the order of the first."""
    return [
        name
        for name in ours.columns
        if name in reference.columns
        and name not in (*KEYS, "seed")
        and not name.endswith("standard_error")
        and all(pd.api.types.is_numeric_dtype(table[name]) for table in (ours, reference))
    ]


def share_agreeing(table: pd.DataFrame) -> float:
    """Return the share of decided cells that agree; about 0.95 if nothing differs but the seeds."""
    decided = table["verdict"].isin([AGREES, DIFFERS])
    return float((table.loc[decided, "verdict"] == AGREES).mean())


def _by_cell(metrics: pd.DataFrame, measure: str) -> dict[tuple, np.ndarray]:
    """Values of a measure, one a seed, by dataset, model and latent size."""
    known = metrics.dropna(subset=measure)
    return {
        cell: values.to_numpy(float) for cell, values in known.groupby(KEYS, sort=False)[measure]
    }


def _spreads(cells: dict[tuple, np.ndarray]) -> dict[tuple, Variance | None]:
    """The variance of a run over seeds, by dataset and model."""
    models: dict[tuple, list[np.ndarray]] = {}
    for cell, values in cells.items():
        models.setdefault(cell[:2], []).append(values)
    return {model: pooled(values) for model, values in models.items()}


def _compared(
    values: Sequence[np.ndarray | None], spreads: Sequence[Variance | None]
) -> dict[str, object]:
    row: dict[str, object] = {}
    for name, of_side in zip(("ours", "reference"), values, strict=True):
        row[f"{name}_seeds"] = 0 if of_side is None else len(of_side)
        if of_side is not None:
            row[name] = float(np.mean(of_side))
            row[f"{name}_sd"] = float(np.std(of_side, ddof=1)) if len(of_side) > 1 else None
    first, second = values
    if first is None or second is None:
        return row | {"verdict": ONLY_REFERENCE if first is None else ONLY_OURS}
    difference = float(np.mean(first) - np.mean(second))
    parts = of_difference(spreads[0], len(first), spreads[1], len(second))
    variance = sum(part.value for part in parts)
    row["difference"] = difference
    if variance > 0:
        row["difference_standard_error"] = variance**0.5
        return row | {"verdict": DIFFERS if beyond_spread(difference, parts) else AGREES}
    return row | {"verdict": UNDECIDED if difference else AGREES}
