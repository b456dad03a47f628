"""CelebA's faces at 32x32 pixels, read by torchvision.

The paper trains on 100,000 faces at 32x32x3 and its predecessor tests on 20,000; neither says which
ones, nor how they were made small. Here:
- train: the first 100,000 faces of the official train partition; test: the official test partition
  (19,962) and, to make 20,000, the first faces of the validation partition. No person is in two
  partitions.
- each face, 178x218, is cropped to its middle 148x148 pixels (the crop of Larsen et al. 2016, which
  keeps the face and leaves most of the background) and resized to 32x32, bilinear with
  antialiasing, as torchvision does with Pillow images.
There are no labels: all are 0, one class.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from sparsevae.data.catalogue import CATALOGUE
from sparsevae.data.celeba_files import ADVICE, LISTS
from sparsevae.data.limits import limited
from sparsevae.data.mirrors import download_folder
from sparsevae.data.split import Split
from sparsevae.jobs.errors import DamagedFile, DataUnavailable

PUBLISHED_SIZE = (178, 218)  # width, height
CROP = 148
LARGEST_FILE = 1_500_000_000  # bytes; the archive of the faces has 1,443,490,838
SECONDS = 6 * 3600.0
INFO = CATALOGUE["celeba"]


def fetch(beside: str | Path) -> tuple[Split, Split]:
    """The train and the test set, which torchvision downloads (1.4 GB) from Google Drive.

    Torchvision checks every file's md5, and needs the package gdown. Files are kept in a temporary
    folder in `beside` until they are read. Raises DataUnavailable.
    """
    from torchvision.datasets import CelebA

    with download_folder(beside) as folder:
        try:
            with limited(largest_file=LARGEST_FILE, seconds=SECONDS):
                CelebA(folder, target_type=[], download=True)
        except (RuntimeError, OSError, ValueError, ImportError) as error:
            reason = " ".join(str(error).split())
            raise DataUnavailable(
                f"celeba: torchvision could not download it ({reason}); {ADVICE}"
            ) from None
        return load(folder / CelebA.base_folder)


def load(
    folder: str | Path, n_train: int = INFO.train_size, n_test: int = INFO.test_size
) -> tuple[Split, Split]:
    """The train and the test set from a folder with the lists and the faces.

    inputs are uint8 (N, 3, 32, 32), labels uint8 (N,), all 0. Raises DamagedFile.
    """
    folder = Path(folder)
    _check_lists(folder)
    parts = {name: _partition(folder, name) for name in ("train", "valid", "test")}
    train = _faces([parts["train"]], n_train, folder)
    return train, _faces([parts["test"], parts["valid"]], n_test, folder)


def _check_lists(folder: Path) -> None:
    """Torchvision checks the same, but does not say which file is wrong."""
    from torchvision.datasets import CelebA
    from torchvision.datasets.utils import calculate_md5

    for _, md5, name in CelebA.file_list:
        if name in LISTS and (found := calculate_md5(str(folder / name))) != md5:
            raise DamagedFile(
                f"{folder / name}: md5 {found}, expected {md5}; put the published file in its place"
            )


def _partition(folder: Path, name: str) -> Any:
    """Torchvision's dataset of one partition, its items small faces."""
    from torchvision.datasets import CelebA

    class Faces(CelebA):
        base_folder = "."  # so that a user's folder may have any name

    return Faces(str(folder), split=name, target_type=[], transform=_small)


def _small(image: Any) -> np.ndarray:
    """A Pillow image as uint8 (3, 32, 32)."""
    from torchvision.transforms import functional

    if image.size != PUBLISHED_SIZE:
        found, expected = ("x".join(map(str, size)) for size in (image.size, PUBLISHED_SIZE))
        raise ValueError(f"{found} pixels instead of {expected}")
    cropped = functional.center_crop(image.convert("RGB"), [CROP, CROP])
    return np.asarray(functional.resize(cropped, list(INFO.shape[1:]))).transpose(2, 0, 1)


def _faces(partitions: Sequence[Any], count: int, folder: Path) -> Split:
    """The first `count` faces of the partitions, one partition after the other."""
    items = [(part, index) for part in partitions for index in range(len(part.filename))][:count]
    if len(items) < count:
        raise DamagedFile(
            f"{folder / LISTS[0]}: {len(items):,} faces, expected {count:,} or more;"
            " put the published file in its place"
        )
    inputs = np.empty((count, *INFO.shape), dtype=np.uint8)
    for row, (part, index) in enumerate(items):
        try:
            inputs[row] = part[index][0]
        except (OSError, ValueError, SyntaxError) as error:
            reason = " ".join(str(error).split())
            raise DamagedFile(
                f"{folder}: {part.filename[index]} is not a face of CelebA ({reason});"
                " unpack img_align_celeba.zip again"
            ) from None
    return Split(inputs, np.zeros(count, dtype=np.uint8))
