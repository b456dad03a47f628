"""Published numbers as rows: resources/published/scorecard_rows.csv (tools/published_rows.py)."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from sparsevae.comparison.matching import SETTINGS, Run, fitting
from sparsevae.jobs.errors import DamagedFile
from sparsevae.jobs.tables import read_table

COLUMNS = [
    *("source", "dataset", "model"),
    *SETTINGS,
    *("latent_dim", "measure", "labels", "published", "published_sd", "published_seeds"),
    *("spread", "spread_freedom", "reading_error", "better", "target", "note"),
]


def read_rows(path: str | Path) -> pd.DataFrame:
    """Return the published rows, one per number, with COLUMNS. Raise DamagedFile."""
    rows = read_table(path, text=["labels"])
    if list(rows.columns) != COLUMNS:
        raise DamagedFile(f"{path}: its columns are not {','.join(COLUMNS)}; run `make published`")
    return rows


def curves(rows: pd.DataFrame, runs: Sequence[Run], dataset: str, measure: str) -> pd.DataFrame:
    """Return published values of a measure against latent size, for models that fit them.

    rows: `read_rows`; runs: the settings of one run per model; measure: "loss" (nats per image,
    lower is better) or "accuracy" (a fraction), say. Returns `model` (the study's name of it),
    `latent_dim`, `published`, `source`; empty if nothing fits.
    """
    found = []
    chosen = rows[(rows["dataset"] == dataset) & (rows["measure"] == measure)]
    for row in chosen.to_dict("records"):
        names = dict.fromkeys(run["model"] for run in fitting(row, runs))
        found += [{**row, "model": name} for name in names]
    return pd.DataFrame(found, columns=["model", "latent_dim", "published", "source"])


def showing_classes(rows: pd.DataFrame, runs: Sequence[Run]) -> list[Run]:
    """Return the runs of a study whose classes' activations are published (figure 5)."""
    about = rows[rows["measure"].str.startswith("spike_")].drop_duplicates(
        ["dataset", "latent_dim"]
    )
    return [
        run
        for row in about.to_dict("records")
        for run in fitting(row, [r for r in runs if r["latent_dim"] == row["latent_dim"]])
    ]
