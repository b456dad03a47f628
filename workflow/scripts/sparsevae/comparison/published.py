"""Published numbers as rows, and which of a study's models each can stand beside.

The rows are in resources/published/scorecard_rows.csv, made by `published_rows.py`. A row is
matched by the settings that a model had, never by the name that a study gave it.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from sparsevae.jobs.errors import DamagedFile
from sparsevae.jobs.tables import read_table

# Columns that tell a run, with the key of a run's settings that each is compared with.
SETTINGS = {
    "family": "family",
    "prior_kind": "prior.kind",
    "alpha": "prior.spike_prob",
    "beta": "beta",
    "slab_warmup": "slab_warmup",
    "likelihood": "likelihood.family",
    "inputs": "likelihood.inputs",
    "probe_labels": "evaluation.probe_labels",
}
COLUMNS = [
    *("source", "dataset", "model"),
    *SETTINGS,
    *("latent_dim", "measure", "labels", "published", "published_sd"),
    *("better", "target", "tolerance", "note"),
]
# These settings mean something with spikes only.
_OF_SPIKES = ("prior_kind", "alpha", "slab_warmup")

Run = Mapping[str, Any]


def read_rows(path: str | Path) -> pd.DataFrame:
    """The published rows, one per number, with COLUMNS. Raises DamagedFile."""
    rows = read_table(path, text=["labels"])
    if list(rows.columns) != COLUMNS:
        raise DamagedFile(f"{path}: its columns are not {','.join(COLUMNS)}; run `make published`")
    return rows


def identity(run: Run) -> dict[str, Any]:
    """SETTINGS of a run (settings.to_mapping); None for what means nothing in its family."""
    values = {name: _at(run, key) for name, key in SETTINGS.items()}
    values["slab_warmup"] = "no" if run["slab_warmup"] is None else "yes"
    if run["family"] != "vsc":
        values |= dict.fromkeys(_OF_SPIKES)
    return values


def demanded(row: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that a row names."""
    return {name: row[name] for name in SETTINGS if not pd.isna(row[name])}


def differences(row: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """Settings in which a run is not what a row names, with the run's values; none if it fits."""
    have = identity(run)
    return {name: have[name] for name, value in demanded(row).items() if have[name] != value}


def fitting(row: Mapping[str, Any], runs: Sequence[Run]) -> list[Run]:
    """The runs on the row's dataset that have its settings, whatever their latent size."""
    return [run for run in runs if run["dataset"] == row["dataset"] and not differences(row, run)]


def apart_from(run: Run, name: str) -> str:
    """All of a model's settings but one of SETTINGS, as text: equal where only that one differs."""
    rest = {key: value for key, value in run.items() if key not in ("dataset", "model")}
    *above, last = SETTINGS[name].split(".")
    if above:
        rest[above[0]] = {key: value for key, value in rest[above[0]].items() if key != last}
    else:
        del rest[last]
    return json.dumps(rest, sort_keys=True)


def describe(settings: Mapping[str, Any]) -> str:
    """Settings as a study would write them, for example `beta=1; slab_warmup=null`."""
    words = {"slab_warmup": {"no": "null", "yes": "set"}}
    parts = []
    for name, value in settings.items():
        text = f"{value:g}" if isinstance(value, float) else str(value)
        parts.append(f"{SETTINGS[name]}={words.get(name, {}).get(text, text)}")
    return "; ".join(parts)


def curves(rows: pd.DataFrame, runs: Sequence[Run], dataset: str, measure: str) -> pd.DataFrame:
    """Published values of a measure against latent size, for models of a study that fit them.

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
    """The runs, of all those of a study, whose classes' activations are published (figure 5)."""
    about = rows[rows["measure"].str.startswith("spike_")].drop_duplicates(
        ["dataset", "latent_dim"]
    )
    return [
        run
        for row in about.to_dict("records")
        for run in fitting(row, [r for r in runs if r["latent_dim"] == row["latent_dim"]])
    ]


def _at(run: Run, key: str) -> Any:
    value: Any = run
    for part in key.split("."):
        value = value[part]
    return value
