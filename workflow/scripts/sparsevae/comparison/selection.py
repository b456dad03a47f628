"""Which variant of each model a study chooses, by a measure of validation samples alone.

A model with a sweep was tried once for each variant; one without was tried once. The number of
tries is part of the result: more tries find more by chance.
"""

import pandas as pd

from sparsevae.comparison.measures import with_derived_measures
from sparsevae.jobs.columns import SWEEP, SWEPT

COLUMNS = [
    *("dataset", "model", "selected", "tries", "selected_by", "value", "value_std", "runs"),
    *("runner_up", "runner_up_value"),
]
# The model's name by (dataset, selected variant).
Kept = dict[tuple[str, str], str]
# For models without a bound, from the column of the reconstruction.
_WITHOUT_BOUND = "-validation_reconstruction"


def select(metrics: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Return a row of COLUMNS for each dataset and model of the config, and its swept settings.

    measure: a column of metrics.csv or a derived one; the variant with the largest mean over latent
    sizes and seeds is chosen. A variant with a run that has no value (a measure that is not finite)
    is not chosen. Without any value nothing is chosen: `selected` is empty, unless there is one
    variant only.
    """
    table = with_derived_measures(metrics)
    table[_WITHOUT_BOUND] = -table["validation_reconstruction"].astype(float)
    table[SWEPT] = table[SWEPT] if SWEPT in table else table["model"]
    rows = [
        {"dataset": dataset, "model": base} | _chosen(runs, measure)
        for (dataset, base), runs in table.groupby(["dataset", SWEPT], sort=False)
    ]
    swept = [name for name in table.columns if name.startswith(SWEEP)]
    return pd.DataFrame(rows, columns=[*COLUMNS, *swept])


def _chosen(runs: pd.DataFrame, measure: str) -> dict[str, object]:
    """The chosen variant of one model on one dataset, and the next best."""
    by = measure if runs["validation_elbo"].notna().any() else _WITHOUT_BOUND
    values = runs[by].astype(float).groupby(runs["model"], sort=False)
    whole = values.mean()[values.count() == values.size()]
    ranking = whole.sort_values(ascending=False, kind="stable")
    best = ranking.index[0] if len(ranking) else None
    found: dict[str, object] = {"tries": runs["model"].nunique(), "selected_by": by}
    if best is None:
        return found | {"selected": runs["model"].iloc[0] if found["tries"] == 1 else None}
    of_best = runs[runs["model"] == best]
    found |= {"selected": best, "value": ranking.iloc[0], "runs": len(of_best)}
    found["value_std"] = values.std(ddof=1)[best]
    if len(ranking) > 1:
        found |= {"runner_up": ranking.index[1], "runner_up_value": ranking.iloc[1]}
    settings = [name for name in runs.columns if name.startswith(SWEEP)]
    return found | of_best[settings].iloc[0].to_dict()


def kept(selection: pd.DataFrame, dataset: str | None = None) -> Kept:
    """Return the model's name by (dataset, selected variant): what figures of a sweep show."""
    rows = selection if dataset is None else selection[selection["dataset"] == dataset]
    chosen = rows[rows["selected"].notna()]
    names = zip(chosen["dataset"], chosen["selected"], chosen["model"], strict=True)
    return {(of, variant): model for of, variant, model in names}
