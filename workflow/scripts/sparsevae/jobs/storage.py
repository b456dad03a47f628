"""Reading and writing results: atomic, byte-reproducible, and without pickle.

Every writer fills a temporary file in the folder of its target and renames it, so that a killed job
leaves nothing half-written under a final name. New files have the permissions that the user's umask
gives them, so that a group can share a folder. Numbers in text are written with a fixed format.
"""

import errno
import io
import json
import math
import os
import secrets
import shutil
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from sparsevae.jobs import file_system
from sparsevae.jobs.errors import DISK_ERRORS, DamagedFile

_LARGEST_RATIO = 1032  # deflate codes 258 equal bytes in no less than 2 bits
_SUFFIX = ".part"  # of temporary files
# What zipfile, zlib and NumPy raise for archives and arrays that are not whole.
UNREADABLE = (
    ValueError,
    TypeError,
    LookupError,
    RuntimeError,
    SyntaxError,
    EOFError,
    OSError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Yield a temporary path beside `path`; on success it is synced and renamed, else removed.

    An OSError names `path`, whatever the system named.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = _new_file(path)
        try:
            yield temporary
            with temporary.open("rb") as file:
                file_system.sync(file.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        named = error.filename is not None and not str(error.filename).endswith(_SUFFIX)
        if named or error.errno is None:
            raise
        raise OSError(error.errno, error.strerror, str(path)) from error


@contextmanager
def workspace(path: str | Path) -> Iterator[Path]:
    """A temporary folder beside `path`, in which a folder is made that is renamed to `path`."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=_prefix(path), suffix=_SUFFIX) as name:
        yield Path(name)


def remove_leftovers(paths: Iterable[str | Path]) -> None:
    """Deletes what a writer that was killed left beside each path; for the path's owner only."""
    for path in map(Path, paths):
        for temporary in path.parent.glob(f"{_prefix(path)}*{_SUFFIX}"):
            if temporary.is_dir():
                shutil.rmtree(temporary)
            else:
                temporary.unlink(missing_ok=True)


def write_bytes(path: str | Path, content: bytes) -> None:
    with replacing(path) as temporary:
        temporary.write_bytes(content)


def link(source: str | Path, target: str | Path) -> None:
    """A second name for a file; a copy where the file system has no hard links."""
    with replacing(target) as temporary:
        temporary.unlink()
        try:
            os.link(source, temporary)
        except OSError:
            shutil.copyfile(source, temporary)


def copy_folder(source: str | Path, target: str | Path, leave_out: Iterable[str] = ()) -> None:
    """Copy the files of a folder but for those of some names.

    Their contents only: shutil.copytree ends in an error where permissions cannot be set (CIFS).
    """
    for file in sorted(Path(source).rglob("*")):
        if file.is_file() and file.name not in leave_out:
            copy = Path(target) / file.relative_to(source)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)


def write_text(path: str | Path, text: str) -> None:
    write_bytes(path, text.encode())


def write_json(path: str | Path, value: Mapping[str, Any]) -> None:
    """One object, keys in the order given; NaN is refused (write null for what is not defined)."""
    write_text(path, json.dumps(value, indent=2, allow_nan=False) + "\n")


def read_json(path: str | Path) -> dict[str, Any]:
    """Raises DamagedFile."""
    try:
        value = json.loads(Path(path).read_text(encoding="utf-8"))
        if not isinstance(value, dict):
            raise ValueError("no object")
        return value
    except ValueError as error:
        raise DamagedFile(f"{path}: not JSON ({error}); move it away and run again") from None


def write_csv(path: str | Path, rows: list[Mapping[str, Any]], columns: list[str]) -> None:
    """Tidy table with a header; None and NaN are empty cells, floats have 9 significant digits."""
    lines = [",".join(columns)]
    lines += [",".join(_cell(row.get(column)) for column in columns) for row in rows]
    write_text(path, "\n".join(lines) + "\n")


def write_arrays(path: str | Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Compressed .npz with the arrays in the order given (the zip entries carry no times)."""
    buffer = io.BytesIO()
    named: dict[str, Any] = dict(arrays)
    np.savez_compressed(buffer, **named)
    write_bytes(path, buffer.getvalue())


def read_arrays(path: str | Path) -> dict[str, np.ndarray]:
    """All arrays of an .npz. Raises DamagedFile."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {
                entry.filename.removesuffix(".npy"): _array(archive, entry)
                for entry in archive.infolist()
            }
    except UNREADABLE as error:
        # The file may be whole: it is not there, or the disk could not be read just now.
        if isinstance(error, OSError) and error.errno in DISK_ERRORS | {errno.ENOENT, errno.ENOMEM}:
            raise
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DamagedFile(
            f"{path}: not a readable .npz ({reason}); move it away and run again"
        ) from None


def _array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> np.ndarray:
    """One array of an .npz; no memory is taken on the word of a header alone."""
    if entry.file_size > _LARGEST_RATIO * max(entry.compress_size, 1):
        raise ValueError(f"{entry.filename}: {entry.file_size:,} bytes cannot be packed in it")
    with archive.open(entry) as file:
        content = io.BytesIO(file.read())
    version = np.lib.format.read_magic(content)
    if version == (1, 0):
        shape, _, dtype = np.lib.format.read_array_header_1_0(content)
    else:
        shape, _, dtype = np.lib.format.read_array_header_2_0(content)
    if dtype.hasobject or math.prod(shape) * dtype.itemsize != entry.file_size - content.tell():
        raise ValueError(f"{entry.filename}: its header says {shape} of {dtype}")
    content.seek(0)
    return np.lib.format.read_array(content, allow_pickle=False)


def _cell(value: Any) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float | np.floating):
        return f"{float(value):.9g}"
    text = str(value)
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if any(c in text for c in ',"\n') else text


def _prefix(path: Path) -> str:
    return f".{path.name}."


def _new_file(path: Path) -> Path:
    """An empty file beside `path`. mkstemp's are their owner's only, and some file systems (CIFS)
    let nobody change that afterwards."""
    temporary = path.with_name(f"{_prefix(path)}{secrets.token_hex(4)}{_SUFFIX}")
    temporary.touch(exist_ok=False)
    return temporary
