"""CelebA's faces at 32x32 pixels, read by torchvision (Liu, Luo, Wang & Tang 2015).

Published are 202,599 aligned faces of 178x218 pixels and five lists. The paper trains on 100,000
faces at 32x32x3 and its predecessor tests on 20,000; neither says which ones, nor how they were
made small. Here:
- train: the first 100,000 faces of the official train partition; test: the official test partition
  (19,962) and, to make 20,000, the first faces of the validation partition. No person is in two
  partitions.
- each face, 178x218, is cropped to its middle 148x148 pixels (the crop of Larsen et al. 2016, which
  keeps the face and leaves most of the background) and resized to 32x32, bilinear with
  antialiasing, as torchvision does with Pillow images.
There are no labels: all are 0, one class.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sparsevae.data.dataset import PublishedDataset, Report, Splits
from sparsevae.data.fetching import download_folder, limited
from sparsevae.data.split import Split
from sparsevae.jobs.errors import DamagedFile, DataUnavailable

IMAGES = "img_align_celeba"
# The lists that torchvision wants, each with a checksum there; the first one is used.
LISTS = (
    "list_eval_partition.txt",
    "identity_CelebA.txt",
    "list_attr_celeba.txt",
    "list_bbox_celeba.txt",
    "list_landmarks_align_celeba.txt",
)
ADVICE = (
    f"set datasets_dir to a folder that has, in itself or in a folder celeba, the folder {IMAGES}"
    f" with the faces and {', '.join(LISTS)}"
)
PUBLISHED_SIZE = (178, 218)  # width, height
CROP = 148
LARGEST_FILE = 1_500_000_000  # bytes; the archive of the faces has 1,443,490,838
SECONDS = 6 * 3600.0


@dataclass(frozen=True, kw_only=True)
class CelebAFaces(PublishedDataset):
    """The dataset, whose files are on Google Drive: torchvision fetches them with gdown."""

    def find(self, folder: str | Path) -> list[Path]:
        """Return the lists, in the order of LISTS, with the folder of faces beside them.

        Looks in the subfolder celeba (as torchvision keeps them) first.
        """
        places = (Path(folder) / "celeba", Path(folder))
        for place in places:
            if not (place / IMAGES).is_dir():
                continue
            for name in LISTS:
                if not (place / name).is_file():
                    raise DataUnavailable(f"celeba: no {name} in {place}; {ADVICE}")
            return [place / name for name in LISTS]
        raise DataUnavailable(
            f"celeba: no folder {IMAGES} in {', '.join(map(str, places))}; {ADVICE}"
        )

    def read(self, files: Sequence[Path]) -> Splits:
        """Return the train and the test set of the lists and of the faces beside them.

        inputs are uint8 (N, 3, 32, 32), labels uint8 (N,), all 0.
        """
        folder = files[0].parent
        _check_lists(folder)
        parts = {name: _partition(folder, name) for name in ("train", "valid", "test")}
        train = _faces([parts["train"]], self.train_size, folder)
        return train, _faces([parts["test"], parts["valid"]], self.test_size, folder)

    def keep(self, files: Sequence[Path], kept: Path) -> None:
        """Give the lists a second name in `kept`; of 200,000 faces, the path of their folder."""
        super().keep(files, kept)
        source, images = files[0].parent / IMAGES, kept / IMAGES
        if images.is_symlink():
            images.unlink()
        if not images.exists():
            images.symlink_to(source.resolve(), target_is_directory=True)

    def fetch(self, kept: Path, report: Report) -> list[Path]:
        """Return the lists in `kept`, with the folder of faces (1.4 GB) beside them.

        Torchvision checks every file's md5 before it unpacks anything.
        """
        from torchvision.datasets import CelebA

        report("celeba: fetching 1.4 GB from Google Drive")
        with download_folder(kept) as folder:
            try:
                with limited(largest_file=LARGEST_FILE, seconds=SECONDS):
                    CelebA(folder, target_type=[], download=True)
            except (RuntimeError, OSError, ValueError, ImportError) as error:
                reason = " ".join(str(error).split())
                raise DataUnavailable(
                    f"celeba: torchvision could not download it ({reason}); {ADVICE}"
                ) from None
            return self._take(folder / CelebA.base_folder, kept)

    def _take(self, fetched: Path, kept: Path) -> list[Path]:
        """Move what was fetched to `kept`; the archive that it came in is left behind."""
        images = kept / IMAGES
        if images.is_symlink():
            images.unlink()
        elif images.exists():
            images.rename(fetched / "before")  # damaged; goes with the temporary folder
        for name in (*LISTS, IMAGES):
            (fetched / name).replace(kept / name)
        return self.find(kept)


def _check_lists(folder: Path) -> None:
    """Torchvision checks the same, but does not say which file is wrong."""
    from torchvision.datasets import CelebA
    from torchvision.datasets.utils import calculate_md5

    for _, md5, name in CelebA.file_list:
        if name in LISTS and (found := calculate_md5(str(folder / name))) != md5:
            raise DamagedFile(f"{folder / name}: md5 {found}, expected {md5}")


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
    return np.asarray(functional.resize(cropped, list(DATASET.shape[1:]))).transpose(2, 0, 1)


def _faces(partitions: Sequence[Any], count: int, folder: Path) -> Split:
    """The first `count` faces of the partitions, one partition after the other."""
    items = [(part, index) for part in partitions for index in range(len(part.filename))][:count]
    if len(items) < count:
        raise DamagedFile(f"{folder / LISTS[0]}: {len(items):,} faces, expected {count:,} or more")
    inputs = np.empty((count, *DATASET.shape), dtype=np.uint8)
    for row, (part, index) in enumerate(items):
        try:
            inputs[row] = part[index][0]
        except (OSError, ValueError, SyntaxError) as error:
            reason = " ".join(str(error).split())
            raise DamagedFile(
                f"{folder}: {part.filename[index]} is not a face of CelebA ({reason})"
            ) from None
    return Split(inputs, np.zeros(count, dtype=np.uint8))


DATASET = CelebAFaces(
    name="celeba",
    module=__name__,
    shape=(3, 32, 32),
    class_names=("face",),
    train_size=100_000,
    test_size=20_000,
    environment="download",
    mem_mb=3000,
    runtime=240,
)
