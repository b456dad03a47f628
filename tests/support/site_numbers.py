"""The numbers of a built site and of the tables beside it, each read by itself."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

MINUS = "\N{MINUS SIGN}"


@dataclass
class Stated:
    """A number as a page shows it, and where the page says that it is from."""

    page: str
    attributes: dict[str, str]
    shown: str = ""


class _Reader(HTMLParser):
    """Collects `<data>` elements, and the rows of `table.sortable`."""

    def __init__(self, page: str):
        super().__init__()
        self.page, self.stated = page, []
        self.tables: dict[str, list[list[dict[str, str]]]] = {}
        self.columns: dict[str, list[str]] = {}
        self._data = self._table = self._cell = None

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if tag == "data":
            self._data = Stated(self.page, attributes)
            self.stated.append(self._data)
        elif tag == "table" and "data-table" in attributes:
            self._table = attributes["data-table"]
            self.tables[self._table], self.columns[self._table] = [], []
        elif self._table and tag == "th":
            self.columns[self._table].append(attributes["data-column"])
        elif self._table and tag == "tr" and self.columns[self._table]:
            self.tables[self._table].append([])
        elif self._table and tag == "td":
            self._cell = {"text": "", "value": attributes.get("data-value", "")}
            self.tables[self._table][-1].append(self._cell)

    def handle_endtag(self, tag):
        if tag == "data":
            self._data = None
        elif tag == "table":
            self._table = None
        elif tag == "td":
            self._cell = None

    def handle_data(self, data):
        if self._data is not None:
            self._data.shown += data
        if self._cell is not None:
            self._cell["text"] += data


def read_site(site: Path) -> tuple[list[Stated], Iterator[tuple[str, str, dict, list]]]:
    """All stated numbers; and all tables as (page, name, columns, rows)."""
    stated, tables = [], []
    for page in sorted(site.glob("*.html")):
        reader = _Reader(page.name)
        reader.feed(page.read_text())
        stated += reader.stated
        tables += [(page.name, n, reader.columns[n], rows) for n, rows in reader.tables.items()]
    return stated, tables


def read_csv(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def value_of(stated: Stated, tables: Path) -> float:
    """The number that the table has, looked up with the csv module."""
    of = stated.attributes
    where = json.loads(of["data-where"])
    rows = read_csv(tables / f"{of['data-table']}.csv")
    rows = [row for row in rows if all(row[key] == str(value) for key, value in where.items())]
    if of["data-of"] == "rows":
        return len(rows)
    values = [float(row[of["data-column"]]) for row in rows if row[of["data-column"]]]
    assert values, stated
    assert of["data-of"] == "mean" or len(values) == 1, stated
    return sum(values) / len(values)


def shown_value(shown: str) -> tuple[float, float]:
    """What a reader takes the text for, and half of its last digit."""
    plain = shown.replace(MINUS, "-")
    percent = plain.endswith("%")
    digits = plain.rstrip("%")
    mantissa, _, exponent = digits.partition("e")
    decimals = len(mantissa.partition(".")[2]) - int(exponent or 0)
    scale = 0.01 if percent else 1.0
    return float(digits) * scale, 0.5 * 10**-decimals * scale
