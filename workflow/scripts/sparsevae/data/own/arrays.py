"""NumPy's files: .npz with named arrays, .npy with one."""

import zipfile
from pathlib import Path

import numpy as np

from sparsevae.data.own.declared import Declared
from sparsevae.data.own.found import BadData, Found, check_size, chosen, readable
from sparsevae.jobs import storage

_HEADER = 1 << 20


def read_npz(file: Path, entry: Declared) -> Found:
    """Return the arrays named `inputs` and `labels`, or as the entry names them.

    Raise BadData and DamagedFile; pickled objects are never read.
    """
    with readable(file, ".npz", "write it with numpy.savez"), zipfile.ZipFile(file) as archive:
        check_size(sum(e.file_size for e in archive.infolist()), entry.max_mb, file)
    arrays = storage.read_arrays(file)
    inputs = chosen(arrays, entry.inputs, "inputs", file)
    if inputs is None:
        others = [name for name in arrays if name not in ("labels", entry.labels)]
        if len(others) != 1:
            raise BadData(
                f"{file}: arrays {', '.join(arrays) or 'none'}; name one with inputs: NAME"
            )
        inputs = others[0]
    labels = chosen(arrays, entry.labels, "labels", file)
    return Found(arrays[inputs], None if labels is None else arrays[labels])


def read_npy(file: Path, entry: Declared) -> Found:
    """Return the array of the file. Raise BadData."""
    if entry.labels is not None:
        raise BadData(f"{file}: a .npy has no labels; write an .npz with inputs and labels")
    with readable(file, ".npy", "write it with numpy.save"):
        mapped = np.load(file, mmap_mode="r", allow_pickle=False)
        check_size(mapped.nbytes, entry.max_mb, file)
        return Found(np.array(mapped))
