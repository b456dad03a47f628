"""Read the tables of a study, and numbers from them with the place where each stands.

No page holds a number that was typed: `Tables.cite` looks it up, and a page writes where it is from
beside it (`<data data-table data-where data-column data-of value>`), where a test finds it.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from sparsevae.jobs.errors import SiteError
from sparsevae.jobs.tables import read_table

MINUS = "\N{MINUS SIGN}"

# How a number is written: nats have two decimals, counts none unless they are means.
FORMATS = {
    "nats": "{:.2f}",
    "percent": "{:.1%}",
    "ratio": "{:.3f}",
    "count": "{:.3g}",
    "short": "{:.4g}",
}


@dataclass(frozen=True)
class Number:
    """A number of a table, and how to find it there again; its text is what a reader sees."""

    value: float
    table: str
    column: str
    of: str
    where: dict[str, Any]
    style: str

    def __str__(self) -> str:
        return FORMATS[self.style].format(self.value).replace("-", MINUS)

    @property
    def place(self) -> str:
        """The values of the columns that tell its row, as JSON."""
        return json.dumps(self.where)


class Tables:
    """The tables of a study, by name."""

    def __init__(self, files: dict[str, Path]):
        self.frames = {name: read_table(file) for name, file in files.items()}

    def __contains__(self, name: str) -> bool:
        return name in self.frames

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self.frames:
            raise SiteError(f"{name}.csv: the pages name a table that the study does not have")
        return self.frames[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.frames)

    def rows(self, table: str, **where: Any) -> pd.DataFrame:
        """Return the rows whose columns have the given values; 1 is 1.0 in a column of numbers."""
        frame = self[table]
        for column, wanted in where.items():
            numeric = pd.api.types.is_numeric_dtype(frame[column])
            frame = frame[frame[column] == (float(wanted) if numeric else str(wanted))]
        return frame

    def count(self, table: str, column: str, **where: Any) -> Number:
        """Return how many rows of a table have the given values; `column` is what they are of."""
        rows = self.rows(table, **where)
        return Number(float(len(rows)), table, column, "rows", where, "count")

    def cite(
        self, table: str, column: str, style: str, of: str = "value", **where: Any
    ) -> Number | None:
        """Return one cell (`value`) or a mean (`mean`) of a column, or None if it is empty.

        Raises SiteError if one cell was asked for and several rows have the given values.
        """
        rows = self.rows(table, **where)
        if column not in rows or rows[column].isna().all():
            return None
        if of == "value" and len(rows) != 1:
            raise SiteError(f"{table}.csv: {len(rows)} rows have {where}; one was asked for")
        value = float(rows[column].mean())
        return None if math.isnan(value) else Number(value, table, column, of, where, style)

    def largest(self, measure: str, style: str, **where: Any) -> Number | None:
        """Return the largest mean over seeds of a measure, in the table summary."""
        rows = self.rows("summary", **where)
        column = f"{measure}_mean"
        if column not in rows or rows[column].isna().all():
            return None
        row = rows.loc[rows[column].idxmax()]
        place = {key: row[key] for key in ("dataset", "model")}
        return self.cite("summary", column, style, **place, latent_dim=int(row["latent_dim"]))
