"""Datasets published as idx files, the format of MNIST (http://yann.lecun.com/exdb/mnist/).

Two zero bytes, the type of the values, the number of dimensions; each dimension as a big-endian
32-bit number; then the values, the last dimension running fastest. Files may be gzipped.

A file is taken for damaged until its header and its size agree, and nothing is allocated on the
header's word alone: such files come from mirrors and from users' folders.
"""

import gzip
import hashlib
import io
import math
import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sparsevae.data.dataset import PublishedDataset, Report, Splits
from sparsevae.data.fetching import PATIENCE, Patience, fetch_verified
from sparsevae.data.split import Split
from sparsevae.jobs.errors import DamagedFile, DataUnavailable

FILE_NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)

_GZIP_START = b"\x1f\x8b"
_UNSIGNED_BYTE = 0x08
_MOST_DIMENSIONS = 4
_LARGEST_GZIP_RATIO = 1032  # deflate codes 258 equal bytes in no less than 2 bits
_BLOCK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class IdxDataset(PublishedDataset):
    """A dataset published as the four files FILE_NAMES, in this order.

    mirrors: addresses of folders that hold the files, gzipped; md5s: of the raw (unzipped) files,
    as gzip may pack the same file differently; folders: subfolders of a user's folder to look in
    first, since the files of all such datasets have the same names; largest: bytes of a file.
    """

    md5s: tuple[str, str, str, str]
    folders: tuple[str, ...]
    largest: int = 50_000_000  # MNIST's largest raw file has 47,040,016
    patience: Patience = PATIENCE

    def find(self, folder: str | Path) -> list[Path]:
        """Return the four files, raw or gzipped, all from the same folder."""
        places = [*(Path(folder) / name for name in self.folders), Path(folder)]
        found = [[_raw_or_zipped(place / name) for name in FILE_NAMES] for place in places]
        fullest = max(found, key=lambda files: 4 - files.count(None))
        if None in fullest:
            missing = FILE_NAMES[fullest.index(None)]
            raise DataUnavailable(
                f"{self.name}: no {missing} or {missing}.gz in {', '.join(map(str, places))};"
                " put the four files into one of these folders, or set datasets_dir to null to"
                " fetch them"
            )
        return [file for file in fullest if file]

    def read(self, files: Sequence[Path]) -> Splits:
        """Return the train and the test set; the checksums of all four files are right before the
        values of any are used.

        inputs are uint8 (N, 1, H, W); labels are uint8 (N,).
        """
        raws = [self.verified(index, file) for index, file in enumerate(files)]
        train_images, train_labels, test_images, test_labels = map(parse_idx, raws, files)
        return (
            Split(train_images[:, None], train_labels),
            Split(test_images[:, None], test_labels),
        )

    def fetch(self, kept: Path, report: Report) -> list[Path]:
        return [self._kept_or_fetched(index, kept, report) for index in range(len(FILE_NAMES))]

    def verified(self, index: int, file: Path) -> bytes:
        """Return the unzipped bytes of `file`, which is to be FILE_NAMES[index].

        Raises DamagedFile, with both checksums, if it is another file or cut off.
        """
        expected = self.md5s[index]
        try:
            raw = read_raw(file)
        except DamagedFile as error:
            with file.open("rb") as damaged:
                found = hashlib.file_digest(damaged, "md5").hexdigest()
            raise DamagedFile(
                f"{error} (md5 as it is {found}, unzipped expected {expected})"
            ) from None
        found = hashlib.md5(raw, usedforsecurity=False).hexdigest()
        if found != expected:
            raise DamagedFile(
                f"{file}: not {self.name}'s: md5 when unzipped {found}, expected {expected}"
            )
        return raw

    def _kept_or_fetched(self, index: int, kept: Path, report: Report) -> Path:
        name = FILE_NAMES[index]
        found = _raw_or_zipped(kept / name)
        if found:
            try:
                self.verified(index, found)
                return found
            except DamagedFile as error:
                report(str(error))
        fetched = fetch_verified(
            self.name,
            [f"{mirror.rstrip('/')}/{name}.gz" for mirror in self.mirrors],
            kept / f"{name}.gz",
            lambda file: self.verified(index, file),
            largest=self.largest,
            advice="set datasets_dir in the config to a folder with the four files, or mirrors to"
            " others",
            report=report,
            patience=self.patience,
        )
        if found and found != fetched:
            found.unlink()  # damaged, and looked for before the one that was fetched
        return fetched


def _raw_or_zipped(path: Path) -> Path | None:
    candidates = (path, path.with_name(path.name + ".gz"))
    return next((candidate for candidate in candidates if candidate.is_file()), None)


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
    return DamagedFile(f"{path}: {reason}")
