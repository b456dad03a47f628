"""Files of other programs: idx pairs, MATLAB's .mat of version 5."""

from pathlib import Path

import numpy as np

from sparsevae.data.idx import read_idx
from sparsevae.data.own.declared import Declared
from sparsevae.data.own.found import BadData, Found, check_size, chosen, readable


def read_idx_pair(images: Path, labels: str | None, entry: Declared) -> Found:
    """Return the values of one idx file, and of another one as labels. Raise DamagedFile."""
    check_size(images.stat().st_size, entry.max_mb, images)
    values = read_idx(images)
    check_size(values.nbytes, entry.max_mb, images)
    return Found(values, None if labels is None else read_idx(Path(labels)))


def read_mat(file: Path, entry: Declared) -> Found:
    """Return the variables `inputs` and `labels`, or as the entry names them. Raise BadData."""
    from scipy.io import loadmat, whosmat

    with readable(file, ".mat", "save it again"):
        try:
            sizes = {name: 8.0 * np.prod(shape) for name, shape, _ in whosmat(file)}
        except NotImplementedError:
            raise BadData(f"{file}: of version 7.3; save it with -v7, or as .npz") from None
        check_size(sum(sizes.values()), entry.max_mb, file)
        variables = loadmat(file, variable_names=list(sizes))
    arrays = {name: variables[name] for name in sizes if name in variables}
    inputs = chosen(arrays, entry.inputs, "inputs", file)
    if inputs is None:
        raise BadData(f"{file}: variables {', '.join(arrays)}; name one with inputs: NAME")
    labels = chosen(arrays, entry.labels, "labels", file)
    return Found(arrays[inputs], None if labels is None else np.ravel(arrays[labels]))
