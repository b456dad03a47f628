"""MNIST and Fashion-MNIST: which files they are and where a user's copy of them is.

Standard library only, as the Snakefile asks for a user's files when it is parsed.
"""

from dataclasses import dataclass
from pathlib import Path

from sparsevae.jobs.errors import DataUnavailable

FILE_NAMES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)


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
)

IDX_DATASETS = {dataset.name: dataset for dataset in (MNIST, FASHION_MNIST)}


def find_files(dataset: IdxDataset, folder: str | Path) -> list[Path]:
    """The dataset's four files in a user's folder, in the order of FILE_NAMES, raw or gzipped.

    Looks in the folder's own subfolders for the dataset first, as the files of MNIST and
    Fashion-MNIST have the same names; all four come from the same one. Raises DataUnavailable.
    """
    folder = Path(folder)
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
