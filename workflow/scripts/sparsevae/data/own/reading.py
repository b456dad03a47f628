"""One file or folder to arrays, by the end of its name."""

from pathlib import Path

from sparsevae.data.own import annotated, arrays, pictures, scientific, tables
from sparsevae.data.own.declared import Declared, is_idx
from sparsevae.data.own.found import BadData, Found

READERS = {
    ".npz": arrays.read_npz,
    ".npy": arrays.read_npy,
    ".csv": tables.read_csv,
    ".parquet": tables.read_parquet,
    ".h5ad": annotated.read_h5ad,
    ".mat": scientific.read_mat,
}
NAMES = f"a folder of images, an idx file, or a file that ends in {', '.join(READERS)}"


def read(path: str, labels: str | None, entry: Declared) -> Found:
    """Return what a path holds; labels: the file of an idx pair's. Raise BadData, DamagedFile."""
    file = Path(path)
    if not file.exists():
        raise BadData(f"{file}: not there (seen from {Path.cwd()}); datasets.{entry.name}.path")
    if entry.size is not None and not file.is_dir():
        raise BadData(f"{file}: size is for folders of images; leave it out, or use shape")
    if entry.ignore and file.suffix not in (".csv", ".parquet"):
        raise BadData(f"{file}: ignore is for columns of tables; leave it out")
    if file.is_dir():
        return pictures.read_images(file, entry)
    if is_idx(file):
        return scientific.read_idx_pair(file, labels, entry)
    if file.suffix not in READERS:
        raise BadData(f"{file}: cannot be read; give {NAMES}")
    return READERS[file.suffix](file, entry)
