"""Fetching MNIST and Fashion-MNIST with torchvision's own classes.

The only module of the data part that imports torchvision (and with it torch). Torchvision checks
the md5 of the .gz; here that of the raw file is checked instead, since a mirror may have packed it
anew. Each address is asked for each file in a folder of its own: torchvision would take what a
broken download left behind for the file, and hand it on to the next mirror's attempt.
"""

import http.client
import socket
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sparsevae.data.dataset import Split
from sparsevae.data.idx_datasets import FILE_NAMES, DataUnavailable, IdxDataset
from sparsevae.data.idx_loading import load_verified, read_verified
from sparsevae.errors import DamagedFile

# What torchvision lets through when a server refuses, stops halfway or sends something else.
_FAILURES = (RuntimeError, OSError, EOFError, ValueError, zlib.error, http.client.HTTPException)


def fetch(
    dataset: IdxDataset,
    beside: str | Path,
    *,
    rounds: int = 3,
    timeout: float = 30.0,
    pause: float = 2.0,
) -> tuple[Split, Split]:
    """The train and the test set, from the first of the dataset's mirrors that has each file.

    The files are kept in a temporary folder in `beside` until they are read; nothing of it stays,
    whatever happens. The mirrors are tried in turn, `rounds` times, with a pause (seconds) between
    the rounds; a server that is silent for `timeout` seconds has failed.
    Raises DataUnavailable when no mirror answers, DamagedFile when one does with the wrong file.
    """
    beside = Path(beside)
    beside.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=beside, prefix=".download-") as name, _timeout(timeout):
        folder = Path(name)
        files = [
            _fetch_file(dataset, index, folder / file_name, rounds, pause)
            for index, file_name in enumerate(FILE_NAMES)
        ]
        return load_verified(dataset, files)


def _fetch_file(dataset: IdxDataset, index: int, folder: Path, rounds: int, pause: float) -> Path:
    """One file, raw and with the right checksum, somewhere in `folder`."""
    failures: dict[str, Exception] = {}
    for turn in range(rounds):
        time.sleep(pause if turn else 0)
        for number, mirror in enumerate(dataset.mirrors):
            url = f"{mirror.rstrip('/')}/{FILE_NAMES[index]}.gz"
            try:
                file = _download(dataset, url, folder / f"{turn}-{number}")
                read_verified(dataset, index, file)
                return file
            except (*_FAILURES, DamagedFile) as error:
                failures[url] = error
    raise _no_mirror(dataset, failures)


def _download(dataset: IdxDataset, url: str, folder: Path) -> Path:
    """One file from one address, unzipped, by torchvision; its content is not checked."""
    import torchvision.datasets

    mirror, _, file_name = url.rpartition("/")
    published = getattr(torchvision.datasets, dataset.torchvision_name)
    # Made without __init__, which would want all four files and read them into tensors.
    downloader = published.__new__(published)
    downloader.root = str(folder)
    downloader.mirrors = [f"{mirror}/"]
    downloader.resources = [(file_name, None)]
    downloader.download()
    return Path(downloader.raw_folder) / file_name.removesuffix(".gz")


def _no_mirror(dataset: IdxDataset, failures: dict[str, Exception]) -> Exception:
    """One line on all addresses; a wrong file is worse news than no answer, and named as such."""
    wrong = any(isinstance(error, DamagedFile) for error in failures.values())
    tried = ", ".join(f"{url} ({_reason(error)})" for url, error in failures.items())
    message = (
        f"{dataset.name}: no mirror gave the published file: {tried or 'the list is empty'};"
        " set datasets_dir in the config to a folder with the four files, or mirrors to others"
    )
    return DamagedFile(message) if wrong else DataUnavailable(message)


def _reason(error: Exception) -> str:
    if isinstance(error, DamagedFile):
        # The path is one in the temporary folder and the advice is on it: neither is of use here.
        return str(error).split(": ", 1)[1].rsplit("; ", 1)[0]
    # Torchvision's own message has a line for what it tried, then the reason.
    lines = str(error).split("got:\n")[-1].split()
    return " ".join(lines) or type(error).__name__


@contextmanager
def _timeout(seconds: float) -> Iterator[None]:
    """For sockets made meanwhile: torchvision opens its own and sets none."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)
