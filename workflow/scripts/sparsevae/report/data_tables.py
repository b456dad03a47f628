"""Tables of a study as HTML: numbers to the right, sortable, each with its CSV beside it."""

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from sparsevae.report.citations import MINUS
from sparsevae.report.markup import inert, words

LARGEST = 600  # rows on a page; the CSV has all


@dataclass(frozen=True)
class TableLook:
    """Which columns a page shows, and which of them a reader can filter by."""

    columns: tuple[str, ...] = ()
    filters: tuple[str, ...] = ()
    long: tuple[str, ...] = ()
    labels: dict[str, str] = field(default_factory=dict)


def html_table(frame: pd.DataFrame, name: str, look: TableLook) -> str:
    """A table in a box of its own; with `filters`, a page's script adds the fields for them."""
    columns = list(look.columns or frame.columns)
    columns = [name for name in columns if name in frame and frame[name].notna().any()]
    shown = frame.head(LARGEST)
    head = "".join(_head(frame, column, look) for column in columns)
    body = "".join(
        "<tr>" + "".join(_cell(row[column], column, look) for column in columns) + "</tr>\n"
        for _, row in shown.iterrows()
    )
    more = f"The first {LARGEST:,} of {len(frame):,} rows. " if len(frame) > LARGEST else ""
    return (
        f'<div class="data-table" data-name="{inert(name)}">\n'
        f'<div class="table-box" tabindex="0" role="region" aria-label="{inert(words(name))}">\n'
        f'<table class="sortable" data-table="{inert(name)}"><thead><tr>{head}</tr></thead>\n'
        f"<tbody>\n{body}</tbody></table>\n</div>\n"
        f'<p class="downloads">{more}<a href="tables/{inert(name)}.csv" download>CSV</a></p>\n'
        "</div>\n"
    )


def _head(frame: pd.DataFrame, column: str, look: TableLook) -> str:
    number = ' class="number"' if pd.api.types.is_numeric_dtype(frame[column]) else ""
    choice = ' data-filter="choice"' if column in look.filters else ""
    label = inert(look.labels.get(column, words(column)))
    return f'<th scope="col" data-column="{inert(column)}"{number}{choice}>{label}</th>'


def _cell(value: Any, column: str, look: TableLook) -> str:
    if pd.isna(value):
        return '<td class="empty"></td>'
    if isinstance(value, int | float):
        shown = f"{value:.5g}".replace("-", MINUS)
        return f'<td class="number" data-value="{value:.9g}">{shown}</td>'
    if column == "verdict":
        kind = inert(str(value).replace(" ", "-"))
        return f'<td><span class="verdict {kind}">{inert(value)}</span></td>'
    if column in look.long and len(str(value)) > 60:
        start = inert(f"{str(value)[:48]}\N{HORIZONTAL ELLIPSIS}")
        return (
            f'<td class="long"><details><summary><span>{start}</span></summary>'
            f"<p>{inert(value)}</p></details></td>"
        )
    wide = ' class="wide"' if len(str(value)) > 24 else ""
    return f"<td{wide}>{inert(value)}</td>"
