"""Reading idx files, the format MNIST is published in (http://yann.lecun.com/exdb/mnist/).

Two zero bytes, the type of the values, the number of dimensions; each dimension as a big-endian
32-bit number; then the values, the last dimension running fastest. Files may be gzipped.

A file is taken for damaged until its header and its size agree, and nothing is allocated on the
header's word alone: such files come from mirrors and from users' folders.
"""

import gzip
import io
import math
import struct
import zlib
from pathlib import Path

import numpy as np

from sparsevae.jobs.errors import DamagedFile

_GZIP_START = b"\x1f\x8b"
_UNSIGNED_BYTE = 0x08
_MOST_DIMENSIONS = 4
_LARGEST_GZIP_RATIO = 1032  # deflate codes 258 equal bytes in no less than 2 bits
_BLOCK = 1 << 20


def read_idx(path: str | Path) -> np.ndarray:
    """The values of an idx file, raw or gzipped: uint8, of the header's shape, read-only.

    Raises DamagedFile.
    """
    return parse_idx(read_raw(path), path)


def read_raw(path: str | Path) -> bytes:
    """The bytes of an idx file, unzipped: header and values, as many as the header says.

    Whether a file is gzipped is told by its first bytes, not by its name. Raises DamagedFile.
    """
    path = Path(path)
    size = path.stat().st_size
    with path.open("rb") as file:
        zipped = file.read(len(_GZIP_START)) == _GZIP_START
        file.seek(0)
        if not zipped:
            return _read_checked(file, path, largest_size=size)
        try:
            with gzip.GzipFile(fileobj=file) as unzipped:
                return _read_checked(unzipped, path, largest_size=size * _LARGEST_GZIP_RATIO)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise _damaged(path, f"not a whole gzip file ({error})") from None


def parse_idx(raw: bytes, path: str | Path) -> np.ndarray:
    """The values in `raw`, which `read_raw` has read from `path`; no copy is made."""
    shape, header_size = _shape(raw, path)
    return np.frombuffer(raw, dtype=np.uint8, offset=header_size).reshape(shape)


def _read_checked(file: io.BufferedIOBase, path: Path, largest_size: int) -> bytes:
    """All of `file`, which cannot have more bytes than `largest_size`."""
    raw = bytearray(file.read(4))
    if len(raw) == 4:
        raw += file.read(4 * raw[3])
    shape, header_size = _shape(raw, path)
    size = header_size + math.prod(shape)
    if size > largest_size:
        raise _wrong_size(path, shape, size, f"no more than {largest_size:,}")
    while len(raw) < size and (block := file.read(min(_BLOCK, size - len(raw)))):
        raw += block
    if len(raw) < size:
        raise _wrong_size(path, shape, size, f"{len(raw):,}")
    # Asking for one more byte shows whether there is any, and has a gzip's checksum verified.
    if file.read(1):
        raise _wrong_size(path, shape, size, "more")
    return bytes(raw)


def _shape(raw: bytes | bytearray, path: str | Path) -> tuple[tuple[int, ...], int]:
    """The shape in a header, and the header's size in bytes."""
    if len(raw) < 4 or raw[:2] != b"\0\0" or not 1 <= raw[3] <= _MOST_DIMENSIONS:
        raise _damaged(path, f"not an idx file (it starts with 0x{bytes(raw[:4]).hex()})")
    if raw[2] != _UNSIGNED_BYTE:
        raise _damaged(path, f"idx values of type 0x{raw[2]:02x}, not unsigned bytes (0x08)")
    size = 4 + 4 * raw[3]
    if len(raw) < size:
        raise _damaged(path, f"ends within its header ({len(raw)} of {size} bytes)")
    shape = struct.unpack(f">{raw[3]}I", raw[4:size])
    if 0 in shape:
        raise _damaged(path, "its header says that it holds no values")
    return shape, size


def _wrong_size(path: Path, shape: tuple[int, ...], size: int, found: str) -> DamagedFile:
    sizes = "x".join(map(str, shape))
    return _damaged(path, f"its header says {sizes} values, {size:,} bytes, but it has {found}")


def _damaged(path: str | Path, reason: str) -> DamagedFile:
    return DamagedFile(f"{path}: {reason}; delete it and fetch it again")
