"""MNIST and Fashion-MNIST: which files they are, and how a copy of them is checked and read."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sparsevae.data.catalogue import CATALOGUE
from sparsevae.data.dataset import Split
from sparsevae.data.idx import parse_idx, read_raw
from sparsevae.errors import DamagedFile, UserError

FILE_NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


class DataUnavailable(UserError):
    """A dataset that cannot be had; the message says what was tried and what to do."""


@dataclass(frozen=True)
class IdxDataset:
    """A dataset published as four idx files.

    mirrors: addresses of folders that hold the files, gzipped, tried in this order; md5s: of the
    raw (unzipped) files, in the order of FILE_NAMES, as gzip may pack the same file differently;
    torchvision_name: of the class, and of the folder it keeps its files in.
    """

    name: str
    torchvision_name: str
    mirrors: tuple[str, ...]
    md5s: tuple[str, str, str, str]
    class_names: tuple[str, ...]


MNIST = IdxDataset(
    name="mnist",
    torchvision_name="MNIST",
    mirrors=(
        "https://ossci-datasets.s3.amazonaws.com/mnist/",
        "https://storage.googleapis.com/cvdf-datasets/mnist/",
        "http://yann.lecun.com/exdb/mnist/",
    ),
    md5s=(
        "6bbc9ace898e44ae57da46a324031adb",
        "a25bea736e30d166cdddb491f175f624",
        "2646ac647ad5339dbf082846283269ea",
        "27ae3e4e09519cfbb04c329615203637",
    ),
    class_names=CATALOGUE["mnist"].class_names,
)

FASHION_MNIST = IdxDataset(
    name="fashion_mnist",
    torchvision_name="FashionMNIST",
    mirrors=(
        "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
        "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    ),
    md5s=(
        "f4a8712d7a061bf5bd6d2ca38dc4d50a",
        "9018921c3c673c538a1fc5bad174d6f9",
        "8181f5470baa50b63fa0f6fddb340f0a",
        "15d484375f8d13e6eb1aabb0c3f46965",
    ),
    class_names=CATALOGUE["fashion_mnist"].class_names,
)

IDX_DATASETS = {dataset.name: dataset for dataset in (MNIST, FASHION_MNIST)}


def from_folder(dataset: IdxDataset, folder: str | Path) -> tuple[Split, Split]:
    """The train and the test set, from a user's folder; its files may be raw or gzipped.

    Looks in the folder's own subfolders for the dataset first, as the files of MNIST and
    Fashion-MNIST have the same names. Raises DataUnavailable, DamagedFile.
    """
    return load_verified(dataset, _find_files(dataset, Path(folder)))


def load_verified(dataset: IdxDataset, files: Sequence[Path]) -> tuple[Split, Split]:
    """The train and the test set, from the four files in the order of FILE_NAMES, raw or gzipped.

    inputs are uint8 (N, 1, H, W); labels are uint8 (N,). The checksums of all four are right before
    the values of any are used. Raises DamagedFile.
    """
    raws = [read_verified(dataset, index, file) for index, file in enumerate(files)]
    train_images, train_labels, test_images, test_labels = map(parse_idx, raws, files)
    return (
        Split(train_images[:, None], train_labels),
        Split(test_images[:, None], test_labels),
    )


def read_verified(dataset: IdxDataset, index: int, file: Path) -> bytes:
    """The unzipped bytes of `file`, to be the dataset's file FILE_NAMES[index].

    Raises DamagedFile when its checksum is another one.
    """
    raw = read_raw(file)
    found, expected = hashlib.md5(raw, usedforsecurity=False).hexdigest(), dataset.md5s[index]
    if found != expected:
        raise DamagedFile(
            f"{file}: not {dataset.name}'s: md5 when unzipped {found}, expected {expected};"
            " put the published file in its place, or delete it and fetch it again"
        )
    return raw


def _find_files(dataset: IdxDataset, folder: Path) -> list[Path]:
    """All four files, from the same one of the folders that they may be in."""
    places = (folder / dataset.name, folder / dataset.torchvision_name / "raw", folder)
    found = [[_raw_or_zipped(place / name) for name in FILE_NAMES] for place in places]
    fullest = max(found, key=lambda files: 4 - files.count(None))
    if None in fullest:
        missing = FILE_NAMES[fullest.index(None)]
        raise DataUnavailable(
            f"{dataset.name}: no {missing} or {missing}.gz in {', '.join(map(str, places))};"
            " put the four files into one of these folders, or set datasets_dir to null to fetch"
            " them"
        )
    return fullest


def _raw_or_zipped(path: Path) -> Path | None:
    candidates = (path, path.with_name(path.name + ".gz"))
    return next((candidate for candidate in candidates if candidate.is_file()), None)
