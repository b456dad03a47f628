"""AnnData's .h5ad: a matrix of counts or other values, dense or sparse, and columns that describe
its rows.

Read with h5py: the format is written down (anndata's documentation, "On-disk format"), and the
package itself asks for an older pandas.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from sparsevae.data.own.declared import Declared
from sparsevae.data.own.found import BadData, Found, check_size, chosen, readable


def read_h5ad(file: Path, entry: Declared) -> Found:
    """Return X, or the layer that `inputs` names, and the column of obs that `labels` names.

    Raise BadData, also without h5py.
    """
    if find_spec("h5py") is None:
        raise BadData(f"{file}: .h5ad needs a package; pip install h5py")
    import h5py

    with readable(file, ".h5ad", "write it again"), h5py.File(file, "r") as opened:
        return _found(opened, file, entry)


def _found(opened: Any, file: Path, entry: Declared) -> Found:
    layers = {"X": opened["X"], **opened.get("layers", {})}
    name = chosen(layers, entry.inputs, "X", file)
    assert name is not None
    columns = [key for key in opened["obs"] if not key.startswith("_")]
    label = chosen(dict.fromkeys(columns), entry.labels, "labels", file)
    values = _matrix(layers[name], file, entry)
    genes = opened["var"].attrs.get("_index", "_index")
    names = tuple(str(n) for n in opened["var"][genes].asstr()[:])
    return Found(values, None if label is None else _column(opened["obs"][label]), names)


def _matrix(stored: Any, file: Path, entry: Declared) -> np.ndarray:
    """A dense matrix (N, F); a sparse one is a group of data, indices and indptr."""
    from scipy import sparse

    if not hasattr(stored, "keys"):
        check_size(4.0 * np.prod(stored.shape), entry.max_mb, file)
        return np.asarray(stored[:])
    shape = tuple(int(n) for n in stored.attrs["shape"])
    check_size(4.0 * np.prod(shape), entry.max_mb, file)
    parts = tuple(stored[key][:] for key in ("data", "indices", "indptr"))
    kinds = {"csr_matrix": sparse.csr_matrix, "csc_matrix": sparse.csc_matrix}
    return np.asarray(kinds[stored.attrs["encoding-type"]](parts, shape=shape).toarray())


def _column(stored: Any) -> np.ndarray:
    """A column of obs: numbers, text, or codes of categories, of which -1 stands for none."""
    if not hasattr(stored, "keys"):
        return np.asarray(stored.asstr()[:] if stored.dtype.kind == "O" else stored[:])
    names = _column(stored["categories"])
    codes = stored["codes"][:]
    if (codes < 0).any():
        raise ValueError(f"{stored.name} is empty in row {int(np.flatnonzero(codes < 0)[0]) + 1}")
    return np.asarray(names[codes])
