"""Read and write tables of a study, and collect one row per run into them. No torch."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sparsevae.jobs import storage
from sparsevae.jobs.columns import FLAGS, KEYS, SWEEP, SWEPT, TEXT
from sparsevae.jobs.errors import DamagedFile


def read_table(path: str | Path, text: Sequence[str] = ()) -> pd.DataFrame:
    """Return a table that `write_table` wrote: TEXT columns as text, an empty cell as missing.

    text: further columns to keep as text. No other cell counts as missing: pandas alone would drop
    a model called "null", and read one called "1" as a number. Raises DamagedFile.
    """
    try:
        return pd.read_csv(
            path,
            dtype=dict.fromkeys((*TEXT, *text), str),
            keep_default_na=False,
            na_values=[""],
            encoding="utf-8",
        )
    except ValueError as error:  # pandas' own errors and UnicodeDecodeError among them
        reason = str(error).splitlines()[0]
        raise DamagedFile(
            f"{path}: not a readable table ({reason}); move it away and run again"
        ) from None


def collect_metrics(
    files: Sequence[str | Path], varied: Mapping[str, Mapping[str, Any]] | None = None
) -> pd.DataFrame:
    """One row a run, in the order given, all measures as columns. Raises DamagedFile.

    varied: the columns SWEPT and those that start with SWEEP of each model, in a study with sweeps.
    """
    table = pd.DataFrame([storage.read_json(file) for file in files])
    of_models = [(varied or {}).get(model, {}) for model in table["model"]]
    columns = dict.fromkeys(name for values in of_models for name in values)
    for place, name in enumerate(columns, start=len(KEYS) + 1):
        table.insert(place, name, [values.get(name) for values in of_models])
    return table


def collect_rows(
    files: Sequence[str | Path], runs: Sequence[tuple[str, str, int, int]]
) -> pd.DataFrame:
    """Return the rows of one table of all runs, each after its run.

    runs: (dataset, model, latent_dim, seed) of each file.
    """
    tables = []
    for file, run in zip(files, runs, strict=True):
        table = read_table(file)
        for position, (key, value) in enumerate(zip((*KEYS, "seed"), run, strict=True)):
            table.insert(position, key, value)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def summarise_metrics(metrics: pd.DataFrame) -> pd.DataFrame:
    """Mean and standard deviation (n - 1) over seeds of each measure, and the number of seeds.

    The standard deviation is empty for a single seed. `collapsed_runs` and `worse_than_mean_runs`
    are how many of the runs collapsed or are worse than the mean of the training set; empty if that
    is not defined. The means hold these runs too.
    """
    settings = [name for name in metrics.columns if name == SWEPT or name.startswith(SWEEP)]
    aside = (*KEYS, "seed", *FLAGS, *settings)
    measures = [name for name in metrics.columns if name not in aside]
    groups = metrics.groupby(KEYS, sort=False)
    summary = groups.size().rename("seeds").to_frame()
    for name in settings:
        summary[name] = groups[name].first()
    for flag in FLAGS:
        if flag in metrics:
            flagged = metrics[flag].astype(float).groupby([metrics[key] for key in KEYS])
            summary[f"{flag}_runs"] = flagged.sum(min_count=1).astype("Int64")
    columns: dict[str, pd.Series] = {}
    for name in measures:
        values = metrics[name].astype(float).groupby([metrics[key] for key in KEYS], sort=False)
        columns |= {f"{name}_mean": values.mean(), f"{name}_std": values.std(ddof=1)}
    return pd.concat([summary, pd.DataFrame(columns, index=summary.index)], axis=1).reset_index()


def write_table(path: str | Path, table: pd.DataFrame) -> None:
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    storage.write_csv(path, rows, list(table.columns))
