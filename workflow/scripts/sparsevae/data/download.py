"""Fetching MNIST and Fashion-MNIST with torchvision's own classes.

Imports torchvision (and with it torch) only to fetch. Torchvision checks the md5 of the .gz; here
that of the raw file is checked instead, since a mirror may have packed it anew.
"""

import tempfile
from pathlib import Path

from sparsevae.data.dataset import Split
from sparsevae.data.idx_datasets import FILE_NAMES, IdxDataset
from sparsevae.data.idx_loading import load_verified, read_verified
from sparsevae.data.mirrors import from_first_mirror, socket_timeout


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
    with (
        tempfile.TemporaryDirectory(dir=beside, prefix=".download-") as name,
        socket_timeout(timeout),
    ):
        folder = Path(name)
        files = [
            _fetch_file(dataset, index, folder / file_name, rounds, pause)
            for index, file_name in enumerate(FILE_NAMES)
        ]
        return load_verified(dataset, files)


def _fetch_file(dataset: IdxDataset, index: int, folder: Path, rounds: int, pause: float) -> Path:
    """One file, raw and with the right checksum, somewhere in `folder`."""

    def get(url: str, own_folder: Path) -> Path:
        file = _download(dataset, url, own_folder)
        read_verified(dataset, index, file)
        return file

    return from_first_mirror(
        dataset.name,
        [f"{mirror.rstrip('/')}/{FILE_NAMES[index]}.gz" for mirror in dataset.mirrors],
        get,
        folder,
        rounds=rounds,
        pause=pause,
        advice="set datasets_dir in the config to a folder with the four files, or mirrors to"
        " others",
    )


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
