"""UCI HAR's 561 features of smartphone signals, from the published archive or its text files.

Values are published in [-1, 1] and stored as (x + 1) / 2: the mean of the Gaussian likelihood is a
sigmoid, so that it can reach [0, 1] only. That the paper did the same is not known; it says nothing
of how it scaled this dataset. `likelihood.inputs: unit_norm` divides each row by its L2 norm
afterwards, as the paper does with images.

Archives and folders are not trusted: members are read by their known names and sizes, into memory,
so that nothing is written anywhere and no more is allocated than the published files need.
"""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from sparsevae.data.mirrors import download_folder, from_first_mirror, save
from sparsevae.data.split import Split
from sparsevae.data.uci_har_files import FILE_NAMES, FOLDER, NESTED, UCI_HAR, UciHar
from sparsevae.jobs import storage
from sparsevae.jobs.errors import DamagedFile


def fetch(
    beside: str | Path,
    dataset: UciHar = UCI_HAR,
    *,
    rounds: int = 3,
    timeout: float = 30.0,
    pause: float = 2.0,
    seconds: float = 1800.0,
) -> tuple[Split, Split]:
    """The train and the test set, from the first mirror that has a published archive.

    The archive is kept in a temporary folder in `beside` until it is read; nothing of it stays.
    Raises DataUnavailable when no mirror answers, DamagedFile when one does with the wrong file.
    """

    def get(url: str, folder: Path) -> tuple[Split, Split]:
        file = folder / "archive.zip"
        save(url, file, largest_size=dataset.largest_archive, timeout=timeout)
        return load([file], dataset)

    with download_folder(beside) as folder:
        return from_first_mirror(
            "uci_har",
            dataset.mirrors,
            get,
            folder,
            rounds=rounds,
            pause=pause,
            largest_file=dataset.largest_archive + 1,
            seconds=seconds,
            advice=f"set datasets_dir in the config to a folder with {NESTED}, or mirrors"
            " to others",
        )


def load(files: Sequence[str | Path], dataset: UciHar = UCI_HAR) -> tuple[Split, Split]:
    """The train (7,352) and the test set (2,947), from an archive or from the four text files.

    `files` as find_files gives them. inputs are float32 (N, 561) in [0, 1], labels uint8 (N,), 0 to
    5 for the published 1 to 6. Raises DamagedFile.
    """
    paths = [Path(file) for file in files]
    archive = len(paths) == 1
    texts = _from_archive(paths[0], dataset) if archive else _from_folder(paths, dataset)
    train, test = (
        _split(texts[first], texts[first + 1], sizes, dataset, paths[0 if archive else first])
        for first, sizes in zip((0, 2), dataset.class_sizes, strict=True)
    )
    return train, test


def _from_folder(paths: Sequence[Path], dataset: UciHar) -> list[bytes]:
    for path, size in zip(paths, dataset.sizes, strict=True):
        if path.stat().st_size != size:
            raise _damaged(path, f"{path.stat().st_size:,} bytes, the published file has {size:,}")
    return [path.read_bytes() for path in paths]


def _from_archive(path: Path, dataset: UciHar) -> list[bytes]:
    """The four files of an archive with the right checksum, be it in one that is nested in it."""
    size = path.stat().st_size
    if size > dataset.largest_archive:
        raise _damaged(path, f"{size:,} bytes, no published archive has that many")
    content = path.read_bytes()
    _check_archive(content, path, dataset)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if NESTED not in archive.namelist():
                return _members(archive, path, dataset)
            nested = _member(archive, NESTED, path, largest=dataset.largest_archive)
        _check_archive(nested, path, dataset)
        with zipfile.ZipFile(io.BytesIO(nested)) as archive:
            return _members(archive, path, dataset)
    except storage.UNREADABLE as error:
        reason = " ".join(str(error).split())
        raise _damaged(path, f"not a whole zip archive ({reason})") from None


def _check_archive(content: bytes, path: Path, dataset: UciHar) -> None:
    found = hashlib.sha256(content).hexdigest()
    if found not in dataset.sha256s:
        expected = ", ".join(dataset.sha256s)
        raise _damaged(path, f"not UCI HAR's archive: sha256 {found}, expected one of {expected}")


def _members(archive: zipfile.ZipFile, path: Path, dataset: UciHar) -> list[bytes]:
    texts = []
    for name, size in zip(FILE_NAMES, dataset.sizes, strict=True):
        texts.append(_member(archive, f"{FOLDER}/{name}", path, largest=size))
        if len(texts[-1]) != size:
            raise _damaged(path, f"{name} has {len(texts[-1]):,} bytes, the published {size:,}")
    return texts


def _member(archive: zipfile.ZipFile, name: str, path: Path, largest: int) -> bytes:
    """A member's bytes, read only if its header says that they are no more than `largest`."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise _damaged(path, f"it does not hold {name}") from None
    if info.file_size > largest:
        raise _damaged(path, f"{name} has {info.file_size:,} bytes, the published {largest:,}")
    with archive.open(info) as member:
        return member.read()


def _split(
    features: bytes, labels: bytes, class_sizes: tuple[int, ...], dataset: UciHar, place: Path
) -> Split:
    checked = _labels(labels, class_sizes, place)
    return Split(_inputs(features, len(checked), dataset.features, place), checked)


def _labels(text: bytes, class_sizes: tuple[int, ...], place: Path) -> np.ndarray:
    labels = _numbers(text, place)
    found, counts = np.unique(labels, return_counts=True)
    expected = range(1, len(class_sizes) + 1)
    if found.tolist() != list(expected) or tuple(counts.tolist()) != class_sizes:
        raise _damaged(place, f"samples per class {counts.tolist()}, expected {list(class_sizes)}")
    return (labels[:, 0] - 1).astype(np.uint8)


def _inputs(text: bytes, samples: int, features: int, place: Path) -> np.ndarray:
    values = _numbers(text, place)
    if values.shape != (samples, features):
        found = "x".join(map(str, values.shape))
        raise _damaged(place, f"{found} values, expected {samples}x{features}")
    # Written so that a NaN fails too.
    if not (np.abs(values) <= 1).all():
        raise _damaged(place, "it has values out of [-1, 1]")
    return ((values + 1) / 2).astype(np.float32)


def _numbers(text: bytes, place: Path) -> np.ndarray:
    try:
        return np.loadtxt(io.BytesIO(text), dtype=np.float64, ndmin=2)
    except ValueError as error:
        reason = " ".join(str(error).split())
        raise _damaged(place, f"not a table of numbers ({reason})") from None


def _damaged(path: Path, reason: str) -> DamagedFile:
    return DamagedFile(f"{path}: {reason}; delete it and fetch it again")


def with_mirrors(mirrors: Sequence[str] | None) -> UciHar:
    """The dataset with the user's addresses in place of the published ones, if there are any."""
    return replace(UCI_HAR, mirrors=tuple(mirrors)) if mirrors else UCI_HAR
