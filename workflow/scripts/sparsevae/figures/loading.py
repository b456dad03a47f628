"""What a figure's `draw` gets: the contents of the files of its rule, by argument."""

from collections.abc import Mapping, Sequence
from functools import singledispatch
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sparsevae.comparison.published import curves, read_rows
from sparsevae.data.split import load_split
from sparsevae.figures import reads
from sparsevae.figures.reads import Read
from sparsevae.jobs.storage import read_arrays
from sparsevae.jobs.tables import read_table

Files = Sequence[str | Path]


def arguments(
    figure_reads: Mapping[str, Read], files: Mapping[str, Files], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Return each argument's value from its files and its fact (`Read.files`, `Read.fact`)."""
    return {
        name: content(read, files.get(name, ()), facts[name]) for name, read in figure_reads.items()
    }


@singledispatch
def content(read: Read, files: Files, fact: Any) -> Any:
    """Return what `read` stands for. What has no reader here is known without files."""
    return fact


@content.register
def _(read: reads.RunFiles, files: Files, fact: Any) -> dict[Any, Any]:
    reader = read_arrays if Path(read.name).suffix == ".npz" else read_table
    return {key: reader(path) for key, path in zip(fact, files, strict=True)}


@content.register
def _(read: reads.Table, files: Files, fact: Any) -> pd.DataFrame:
    (path,) = files
    table = read_table(path)
    for column, value in fact.items():
        table = table[table[column] == value]
    return table


@content.register
def _(read: reads.Inputs, files: Files, fact: Any) -> np.ndarray:
    (path,) = files
    return load_split(path).inputs


@content.register
def _(read: reads.PublishedRows, files: Files, fact: Any) -> pd.DataFrame:
    return read_rows(*files)


@content.register
def _(read: reads.PublishedCurve, files: Files, fact: Any) -> pd.DataFrame:
    return curves(read_rows(*files), fact["settings"], fact["dataset"], fact["measure"])


@content.register
def _(read: reads.PublishedCorrelations, files: Files, fact: Any) -> dict[tuple[str, int], Any]:
    return {key: np.loadtxt(path, delimiter=",") for key, path in zip(fact, files, strict=True)}


@content.register
def _(read: reads.PublishedSpikes, files: Files, fact: Any) -> np.ndarray | None:
    return np.loadtxt(files[0], delimiter=",") if files else None
