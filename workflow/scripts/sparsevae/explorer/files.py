"""Files of samples and of codes, by the end of their names."""

import io
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

from sparsevae.data.own import reading
from sparsevae.data.own.declared import Declared, is_idx
from sparsevae.jobs import storage
from sparsevae.jobs.errors import DamagedFile, UserError
from sparsevae.jobs.tables import read_table

READ = (".npz", ".npy", ".csv", ".parquet")
WRITTEN = (".csv", ".npz", ".parquet")
# Names of the arrays of an .npz, the first that is there; and of the column of labels.
ARRAYS = ("inputs", "codes", "samples")
LABEL = "label"
# As in the prepared datasets (`labels`) and in tables.
LABELS = ("labels", LABEL)


class WrongFile(UserError):
    """A file that has no array to read, or that cannot be written."""


@dataclass(frozen=True)
class Samples:
    """An array whose rows are samples, and the label of each if there are any."""

    values: np.ndarray
    labels: np.ndarray | None = None


def read_samples(path: str | Path) -> Samples:
    """Return what a file holds, or a folder of images.

    Of an .npz the array of one of the names ARRAYS, or the only one; of a table all columns but the
    labels'; of other formats what an entry of a config reads by default. Raise WrongFile, BadData
    and DamagedFile.
    """
    path = Path(path)
    if path.is_dir() or is_idx(path) or path.suffix in (".h5ad", ".mat"):
        found = reading.read(str(path), None, Declared(name="data", path=str(path)))
        return Samples(found.inputs, found.labels)
    if not path.is_file():
        raise WrongFile(f"{path}: no such file; name one that ends in {', '.join(READ)}")
    match path.suffix:
        case ".npz":
            return _from_arrays(path, storage.read_arrays(path))
        case ".npy":
            return Samples(_from_npy(path))
        case ".csv":
            return _from_table(path, read_table(path))
        case ".parquet":
            _needs_pyarrow(path)
            return _from_table(path, pd.read_parquet(path))
    raise WrongFile(f"{path}: cannot be read; name a file that ends in {', '.join(READ)}")


def write_samples(path: str | Path, samples: Samples, array: str) -> None:
    """Write samples as a table, a row each and columns `<array>_<number>`, or as an .npz.

    array: the name of the array in an .npz, `codes` or `samples`; what has more axes is a row in a
    table. Raise WrongFile.
    """
    check_target(path)
    path, values = Path(path), samples.values
    if path.suffix == ".npz":
        labels = {} if samples.labels is None else {LABELS[0]: samples.labels}
        storage.write_arrays(path, {array: values} | labels)
        return
    rows = values.reshape(len(values), int(np.prod(values.shape[1:])))
    name = array.removesuffix("s")
    names = [name] if values.ndim == 1 else [f"{name}_{number}" for number in range(rows.shape[1])]
    table = pd.DataFrame(rows, columns=names)
    if samples.labels is not None:
        table.insert(0, LABEL, samples.labels)
    if path.suffix == ".parquet":
        content = io.BytesIO()
        table.to_parquet(content, index=False)
        storage.write_bytes(path, content.getvalue())
    else:
        storage.write_text(path, table.to_csv(index=False, float_format="%.9g"))


def check_target(path: str | Path) -> None:
    """Raise WrongFile if `write_samples` cannot write a file of this name."""
    path = Path(path)
    if path.suffix not in WRITTEN:
        raise WrongFile(f"{path}: cannot be written; name a file that ends in {', '.join(WRITTEN)}")
    if path.suffix == ".parquet":
        _needs_pyarrow(path)


def _from_arrays(path: Path, arrays: dict[str, np.ndarray]) -> Samples:
    labels = next((arrays[name] for name in LABELS if name in arrays), None)
    names = [name for name in ARRAYS if name in arrays]
    others = [name for name in arrays if name not in LABELS]
    if not names and len(others) != 1:
        raise WrongFile(
            f"{path}: arrays {', '.join(arrays) or 'none'}; name one of them {' or '.join(ARRAYS)}"
        )
    return Samples(arrays[(names or others)[0]], labels)


def _from_npy(path: Path) -> np.ndarray:
    try:
        return np.load(path, mmap_mode="r", allow_pickle=False)
    except (ValueError, EOFError) as error:
        reason = str(error).splitlines()[0]
        raise DamagedFile(f"{path}: not a readable .npy ({reason}); write it again") from None


def _from_table(path: Path, table: pd.DataFrame) -> Samples:
    label = next((name for name in LABELS if name in table), None)
    labels = None if label is None else _plain(table.pop(label))
    for column in table:
        if not pd.api.types.is_numeric_dtype(table[column]):
            raise WrongFile(
                f"{path}: column {column} has text; remove it, or name it {LABEL} if it is one"
            )
    return Samples(table.to_numpy(), labels)


def _plain(labels: pd.Series) -> np.ndarray:
    """Numbers, or text of a fixed width: an .npz would pickle anything else."""
    return labels.to_numpy() if pd.api.types.is_numeric_dtype(labels) else labels.to_numpy(str)


def _needs_pyarrow(path: Path) -> None:
    if find_spec("pyarrow") is None:
        raise WrongFile(f"{path}: Parquet needs a package; pip install pyarrow")
