"""Measures of metrics.csv as comparisons use them: derived ones, and the best model by one."""

import pandas as pd

# Differences of two columns. Own less other: a latent that means nothing has little of both.
_DERIVED = {"correlation_contrast": ("correlation_own", "correlation_other")}


def measured_as(column: str) -> tuple[str, ...]:
    """Return the columns of metrics.csv that a measure is made of."""
    return _DERIVED.get(column, (column,))


def with_derived_measures(metrics: pd.DataFrame) -> pd.DataFrame:
    """Return the table with the measures that are differences of two others.

    Measures of the validation set (`validation_<measure>`) have theirs too.
    """
    made = {}
    for prefix in ("", "validation_"):
        for name, parts in _DERIVED.items():
            first, second = (f"{prefix}{part}" for part in parts)
            if {first, second} <= {*metrics.columns}:
                made[f"{prefix}{name}"] = metrics[first].astype(float) - metrics[second]
    return metrics.assign(**made)


def best_model(runs: pd.DataFrame, column: str) -> str:
    """Return the name of the model with the largest mean of a measure.

    By `validation_<measure>` if the study has it, so that the choice does not see the test images;
    else by the measure itself, which favours the chosen model.
    """
    by = f"validation_{column}"
    if by not in runs or runs[by].isna().all():
        by = column
    return str(runs[by].astype(float).groupby(runs["model"], sort=False).mean().idxmax())
