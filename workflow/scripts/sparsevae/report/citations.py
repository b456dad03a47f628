"""Numbers on pages, each with the place in a table that it was read from.

A page never holds a number that was typed: `Tables.cite` looks it up and writes where it is from
into the page (`<data data-table data-where data-column data-of value>`), where a test finds it.
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
from sparsevae.report.markup import Markup, inert

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
    """A number of a table, and how to find it there again."""

    value: float
    table: str
    column: str
    of: str
    where: dict[str, Any]
    style: str

    def __str__(self) -> str:
        return FORMATS[self.style].format(self.value).replace("-", MINUS)

    def markup(self) -> Markup:
        where = inert(json.dumps(self.where))
        return Markup(
            f'<data value="{self.value:.9g}" data-table="{self.table}" data-where="{where}" '
            f'data-column="{self.column}" data-of="{self.of}" data-style="{self.style}" '
            f'title="{self.table}.csv, {self.column}">{self}</data>'
        )


class Tables:
    """The tables of a study, by name."""

    def __init__(self, files: dict[str, Path]):
        self.files = files
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
        """The rows whose columns have the given values; 1 is 1.0 in a column of numbers."""
        frame = self[table]
        for column, wanted in where.items():
            numeric = pd.api.types.is_numeric_dtype(frame[column])
            frame = frame[frame[column] == (float(wanted) if numeric else str(wanted))]
        return frame

    def cite(
        self, table: str, column: str, style: str, of: str = "value", **where: Any
    ) -> Number | None:
        """One cell (`value`), a mean or the number of rows; None where there is no such number."""
        rows = self.rows(table, **where)
        if of == "rows":
            return Number(float(len(rows)), table, column, of, where, style)
        if column not in rows or rows[column].isna().all():
            return None
        if of == "value" and len(rows) != 1:
            raise SiteError(f"{table}.csv: {len(rows)} rows have {where}; one was asked for")
        value = float(rows[column].mean())
        return None if math.isnan(value) else Number(value, table, column, of, where, style)
