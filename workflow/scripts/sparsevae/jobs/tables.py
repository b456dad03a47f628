"""From one metrics.json per run to the tables of a study, in one pass."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sparsevae.jobs import storage

KEYS = ["dataset", "model", "latent_dim"]


def collect_metrics(files: list[str | Path]) -> pd.DataFrame:
    """One row a run, in the order given, all measures as columns. Raises DamagedFile."""
    return pd.DataFrame([storage.read_json(file) for file in files])


def collect_probes(
    files: Sequence[str | Path], runs: Sequence[tuple[str, str, int, int]]
) -> pd.DataFrame:
    """The rows of all runs' probes.csv, each with its run: (dataset, model, latent_dim, seed)."""
    tables = []
    for file, run in zip(files, runs, strict=True):
        table = pd.read_csv(file)
        for position, (key, value) in enumerate(zip((*KEYS, "seed"), run, strict=True)):
            table.insert(position, key, value)
        tables.append(table)
    return pd.concat(tables, ignore_index=True)


def summarise_metrics(metrics: pd.DataFrame) -> pd.DataFrame:
    """Mean and standard deviation (n - 1) over seeds of each measure, and the number of seeds.

    The standard deviation is empty for a single seed. `collapsed_runs` is how many of the runs
    collapsed, empty where that is not defined.
    """
    measures = [name for name in metrics.columns if name not in (*KEYS, "seed", "collapsed")]
    groups = metrics.groupby(KEYS, sort=False)
    summary = groups.size().rename("seeds").to_frame()
    if "collapsed" in metrics:
        collapsed = metrics["collapsed"].astype(float).groupby([metrics[key] for key in KEYS])
        summary["collapsed_runs"] = collapsed.sum(min_count=1).astype("Int64")
    for name in measures:
        values = metrics[name].astype(float).groupby([metrics[key] for key in KEYS], sort=False)
        summary[f"{name}_mean"] = values.mean()
        summary[f"{name}_std"] = values.std(ddof=1)
    return summary.reset_index()


def write_table(path: str | Path, table: pd.DataFrame) -> None:
    rows = table.astype(object).where(table.notna(), None).to_dict("records")
    storage.write_csv(path, rows, list(table.columns))


def read_metrics(path: str | Path) -> pd.DataFrame:
    """tables/metrics.csv; names stay text, also where a study calls a model "1" or "null"."""
    names = {"dataset": str, "model": str}
    return pd.read_csv(path, dtype=names, keep_default_na=False, na_values=[""])
