"""What a figure's `draw` gets: the contents of the files of its rule, by argument."""

from collections.abc import Mapping, Sequence
from functools import singledispatch
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sparsevae.comparison.published import curves, read_rows
from sparsevae.comparison.selection import Kept, kept
from sparsevae.data.split import load_split
from sparsevae.figures import reads
from sparsevae.figures.reads import SELECTION, Read
from sparsevae.jobs.storage import read_arrays
from sparsevae.jobs.tables import read_table

Files = Sequence[str | Path]


def arguments(
    figure_reads: Mapping[str, Read], files: Mapping[str, Files], facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Return each argument's value from its files and its fact (`Read.files`, `Read.fact`).

    With the file SELECTION, of swept models only the selected variants, by the models' own names.
    """
    values = {
        name: content(read, files.get(name, ()), facts[name]) for name, read in figure_reads.items()
    }
    if SELECTION not in files:
        return values
    (table,) = files[SELECTION]
    chosen = kept(read_table(table), facts[SELECTION])
    return {name: of_selected(figure_reads[name], value, chosen) for name, value in values.items()}


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


@singledispatch
def of_selected(read: Read, value: Any, chosen: Kept) -> Any:
    """Return an argument without what belongs to variants that were not selected."""
    return value


@of_selected.register
def _(read: reads.RunFiles, value: dict[Any, Any], chosen: Kept) -> dict[Any, Any]:
    names = {variant: model for (_, variant), model in chosen.items()}
    if all(isinstance(key, str) for key in value):
        return {names[key]: content for key, content in value.items() if key in names}
    return {(names[k[0]], *k[1:]): content for k, content in value.items() if k[0] in names}


@of_selected.register
def _(read: reads.Table, value: pd.DataFrame, chosen: Kept) -> pd.DataFrame:
    pairs = list(zip(value["dataset"], value["model"], strict=True))
    rows = value[[pair in chosen for pair in pairs]]
    return rows.assign(model=[chosen[pair] for pair in pairs if pair in chosen])


@of_selected.register
def _(read: reads.PublishedCurve, value: pd.DataFrame, chosen: Kept) -> pd.DataFrame:
    names = {variant: model for (_, variant), model in chosen.items()}
    rows = value[value["model"].isin([*names])]
    return rows.assign(model=rows["model"].map(names))


@of_selected.register
def _(read: reads.Fact, value: Any, chosen: Kept) -> Any:
    names = {variant: model for (_, variant), model in chosen.items()}
    if read.name == "models":
        return [names[variant] for variant in value if variant in names]
    if read.name == "families":
        return {names[variant]: family for variant, family in value.items() if variant in names}
    if read.name == "settings":
        return [run | {"model": names[run["model"]]} for run in value if run["model"] in names]
    return value
