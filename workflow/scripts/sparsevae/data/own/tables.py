"""Tables: CSV and Parquet, a row a sample."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

from sparsevae.data.own.declared import Declared
from sparsevae.data.own.found import BadData, Found, check_size, readable
from sparsevae.jobs.tables import read_table


def read_csv(file: Path, entry: Declared) -> Found:
    """Return the numbers of all columns but the labels' and those to ignore. Raise BadData."""
    check_size(file.stat().st_size, entry.max_mb, file)
    with readable(file, "table", "write it as CSV in UTF-8"):
        table = read_table(file)
    return _found(table, file, entry)


def read_parquet(file: Path, entry: Declared) -> Found:
    """Return the same of a Parquet file. Raise BadData, also without pyarrow."""
    if find_spec("pyarrow") is None:
        raise BadData(f"{file}: Parquet needs a package; pip install pyarrow")
    from pyarrow import parquet

    with readable(file, "Parquet file", "write it again"):
        described = parquet.ParquetFile(file).metadata
        check_size(8.0 * described.num_rows * described.num_columns, entry.max_mb, file)
        table = pd.read_parquet(file)
    return _found(table, file, entry)


def _found(table: pd.DataFrame, file: Path, entry: Declared) -> Found:
    if table.empty:
        raise BadData(f"{file}: no row below its header; give at least three samples")
    named = [*entry.ignore, *([entry.labels] if entry.labels else [])]
    for name in named:
        if name not in table:
            raise BadData(f"{file}: no column {name}; there are {', '.join(map(str, table))}")
    label = entry.labels or next((n for n in ("label", "labels") if n in table), None)
    labels = None if label is None else table[label].to_numpy()
    if label is not None and table[label].isna().any():
        row = int(np.flatnonzero(table[label].isna())[0])
        raise BadData(f"{file}: column {label} is empty in row {row + 1}; label it or leave it out")
    columns = table.drop(columns=[*entry.ignore, *([label] if label else [])])
    for column in columns:
        if not pd.api.types.is_numeric_dtype(columns[column]):
            numbers = pd.to_numeric(columns[column], errors="coerce")
            row = int(np.flatnonzero(numbers.isna())[0]) if numbers.isna().any() else 0
            value = columns[column].iloc[row]
            raise BadData(
                f"{file}: column {column} has {value!r} in row {row + 1}, not a number; add it to "
                "ignore, or name it with labels"
            )
    return Found(columns.to_numpy(), labels, tuple(map(str, columns)))
