"""Choose what a page shows of each table of a study: columns, filters, order of the rows."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from sparsevae.report.markup import words
from sparsevae.report.tables import MINUS, Tables

LARGEST = 600  # rows on a page; the CSV has all
LONG, WIDE = 60, 24  # characters of text from which a cell folds, and has a width of its own
START = 48  # characters of a folded text that are shown


@dataclass(frozen=True)
class TableLook:
    """Which columns a page shows, which of them a reader can filter by, and which fold."""

    columns: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    long: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Column:
    """A column: its name in the CSV, its heading, whether it has numbers and is filtered by."""

    name: str
    label: str
    number: bool
    filtered: bool


@dataclass(frozen=True)
class Cell:
    """What a cell shows; `kind` is empty, number (with its `value`), verdict, long, wide or text.

    `start` is what a long text shows while it is folded.
    """

    kind: str
    text: str = ""
    value: str = ""
    start: str = ""


@dataclass(frozen=True)
class TableShown:
    """A table as a page shows it: at most LARGEST of its `total` rows."""

    name: str
    title: str
    columns: list[Column]
    rows: list[list[Cell]]
    total: int


VERDICTS = (
    *("better", "within", "worse", "holds", "fails"),
    *("undecided", "not comparable", "missing", "not run"),
)
LOOKS = {
    "headline": TableLook(
        columns=(
            "dataset",
            "model",
            "latent_dim",
            "seeds",
            "elbo_mean",
            "elbo_std",
            "iwae_mean",
            "elbo_iwae_images_mean",
            "kl_mean",
            "active_fraction_mean",
            "used_latents_mean",
            "probe_accuracy_mean",
            "collapsed_runs",
            "worse_than_mean_runs",
        ),
        filters=("dataset", "model", "latent_dim"),
        labels={
            "latent_dim": "latents",
            "elbo_mean": "ELBO",
            "elbo_std": "± sd",
            "iwae_mean": "IWAE bound",
            "elbo_iwae_images_mean": "ELBO of its images",
            "kl_mean": "KL",
            "active_fraction_mean": "active share",
            "used_latents_mean": "used latents",
            "probe_accuracy_mean": "probe accuracy",
            "collapsed_runs": "collapsed",
            "worse_than_mean_runs": "worse than the mean",
        },
    ),
    "summary": TableLook(filters=("dataset", "model", "latent_dim")),
    "metrics": TableLook(filters=("dataset", "model", "latent_dim", "seed")),
    "probes": TableLook(filters=("dataset", "model", "latent_dim", "codes", "classifier")),
    "class_cosines": TableLook(filters=("dataset", "model", "latent_dim", "seed")),
    "selection": TableLook(filters=("dataset", "model")),
    "references": TableLook(
        filters=("reference", "kind", "dataset", "verdict"), long=("what", "source")
    ),
    "scorecard": TableLook(
        columns=(
            "verdict",
            "dataset",
            "model",
            "latent_dim",
            "measure",
            "published",
            "ours",
            "ours_sd",
            "n_seeds",
            "difference",
            "difference_standard_error",
            "source",
            "setting",
            "note",
        ),
        filters=("verdict", "dataset", "measure", "source"),
        long=("note", "setting"),
        labels={
            "latent_dim": "latents",
            "ours_sd": "sd of ours",
            "n_seeds": "seeds",
            "difference_standard_error": "standard error of the difference",
        },
    ),
    "claims": TableLook(
        columns=(
            "verdict",
            "claim",
            "dataset",
            "compared",
            "measure",
            "latent_dims",
            "effect",
            "interval",
            "level",
            "n",
            "standard_error",
            "test_standard_error",
            "source",
            "note",
        ),
        filters=("verdict", "dataset", "source"),
        long=("note",),
        labels={
            "latent_dims": "latents",
            "n": "seeds",
            "standard_error": "standard error over seeds",
            "test_standard_error": "over test images",
        },
    ),
}


def shown(tables: Tables, look: str, name: str) -> TableShown:
    """Return a table as LOOKS has it; if it has verdicts, those that were reached come first."""
    frame, looks = tables[name], LOOKS.get(look, TableLook())
    if "verdict" in frame:
        order = {verdict: place for place, verdict in enumerate(VERDICTS)}
        places = frame["verdict"].map(order).fillna(len(order))
        frame = frame.assign(place=places).sort_values("place", kind="stable").drop(columns="place")
    names = [c for c in looks.columns or frame.columns if c in frame and frame[c].notna().any()]
    columns = [
        Column(
            name=column,
            label=looks.labels.get(column, words(column)),
            number=pd.api.types.is_numeric_dtype(frame[column]),
            filtered=column in looks.filters,
        )
        for column in names
    ]
    rows = [
        [_cell(row[column], column, looks) for column in names]
        for row in frame.head(LARGEST).to_dict("records")
    ]
    return TableShown(name, words(name), columns, rows, len(frame))


def _cell(value: Any, column: str, look: TableLook) -> Cell:
    if pd.isna(value):
        return Cell("empty")
    if isinstance(value, int | float):
        return Cell("number", f"{value:.5g}".replace("-", MINUS), f"{value:.9g}")
    if column == "verdict":
        return Cell("verdict", value)
    if column in look.long and len(value) > LONG:
        return Cell("long", value, start=f"{value[:START]}\N{HORIZONTAL ELLIPSIS}")
    return Cell("wide" if len(value) > WIDE else "text", value)
