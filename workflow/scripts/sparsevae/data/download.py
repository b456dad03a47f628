"""Fetching MNIST and Fashion-MNIST with torchvision's own downloads.

Imports torchvision (and with it torch) only to fetch. Torchvision would check the md5 of the .gz;
here that of the raw file is checked instead, since a mirror may have packed it anew. Nor does it
unzip, as it would do so before any check, however much comes out.
"""

from pathlib import Path

from sparsevae.data.idx_datasets import FILE_NAMES, IdxDataset
from sparsevae.data.idx_loading import load_verified, read_verified
from sparsevae.data.mirrors import download_folder, from_first_mirror, socket_timeout
from sparsevae.data.split import Split

LARGEST_FILE = 50_000_000  # bytes; the largest raw file has 47,040,016


def fetch(
    dataset: IdxDataset,
    beside: str | Path,
    *,
    rounds: int = 3,
    timeout: float = 30.0,
    pause: float = 2.0,
    seconds: float = 1800.0,
) -> tuple[Split, Split]:
    """The train and the test set, from the first of the dataset's mirrors that has each file.

    The files are kept in a temporary folder in `beside` until they are read; nothing of it stays,
    whatever happens. The mirrors are tried in turn, `rounds` times, with a pause (seconds) between
    the rounds; a server that is silent for `timeout` seconds has failed, as has one that has not
    sent a file within `seconds`, or sends more than LARGEST_FILE.
    Raises DataUnavailable when no mirror answers, DamagedFile when one does with the wrong file.
    """
    with download_folder(beside) as folder, socket_timeout(timeout):
        files = [
            _fetch_file(dataset, index, folder / name, rounds, pause, seconds)
            for index, name in enumerate(FILE_NAMES)
        ]
        return load_verified(dataset, files)


def _fetch_file(
    dataset: IdxDataset, index: int, folder: Path, rounds: int, pause: float, seconds: float
) -> Path:
    """One file, gzipped and with the right checksum when unzipped, somewhere in `folder`."""

    def get(url: str, own_folder: Path) -> Path:
        file = _download(url, own_folder)
        read_verified(dataset, index, file)
        return file

    return from_first_mirror(
        dataset.name,
        [f"{mirror.rstrip('/')}/{FILE_NAMES[index]}.gz" for mirror in dataset.mirrors],
        get,
        folder,
        rounds=rounds,
        pause=pause,
        largest_file=LARGEST_FILE,
        seconds=seconds,
        advice="set datasets_dir in the config to a folder with the four files, or mirrors to"
        " others",
    )


def _download(url: str, folder: Path) -> Path:
    """One file from one address, by torchvision; its content is not checked."""
    from torchvision.datasets.utils import download_url

    download_url(url, folder)
    return folder / url.rpartition("/")[2]
