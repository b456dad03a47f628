"""UCI HAR: 561 features of smartphone signals, from a published archive or its text files.

"Human Activity Recognition Using Smartphones" (Anguita et al. 2012; doi 10.24432/C54S4K).

Values are published in [-1, 1] and stored as (x + 1) / 2: the mean of the Gaussian likelihood is a
sigmoid, so that it can reach [0, 1] only. That the paper did the same is not known; it does not say
how it scaled this dataset. `likelihood.inputs: unit_norm` divides each row by its L2 norm
afterwards, as the paper does with images.

UCI publishes no checksum. The sha256 of the three archives below are those that independent
projects recorded of their downloads and check against: UCI's archive of 2023 (61,005,872 bytes)
holds UCI's older one (60,999,314 bytes) and a description; the third is the same files packed anew,
as a course has them (62,556,944 bytes). No checksum of the unpacked text files was found: a folder
is checked by the sizes of its files, as several listings show them, and whatever it came from by
the numbers of rows, features and samples per class, and by the range of the values.

Archives and folders are not trusted: members are read by their known names and sizes, into memory,
so that nothing is unpacked to disk and no more is allocated than the published files need.
"""

import hashlib
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sparsevae.data.dataset import PublishedDataset, Report, Splits
from sparsevae.data.fetching import PATIENCE, Patience, fetch_verified
from sparsevae.data.split import Split
from sparsevae.jobs import storage
from sparsevae.jobs.errors import DamagedFile, DataUnavailable

FOLDER = "UCI HAR Dataset"
NESTED = f"{FOLDER}.zip"
FILE_NAMES = ("train/X_train.txt", "train/y_train.txt", "test/X_test.txt", "test/y_test.txt")
ARCHIVE_NAMES = (
    "human+activity+recognition+using+smartphones.zip",
    NESTED,
    "getdata_projectfiles_UCI HAR Dataset.zip",
    "getdata-projectfiles-UCI HAR Dataset.zip",
)


@dataclass(frozen=True, kw_only=True)
class UciHar(PublishedDataset):
    """The dataset, and what is known of the published files.

    mirrors: addresses of archives; sha256s: of the archives, nested ones too; largest_archive and
    sizes, of FILE_NAMES in their order: bytes; class_sizes: samples of each class in the train and
    in the test set.
    """

    sha256s: tuple[str, ...]
    largest_archive: int
    sizes: tuple[int, int, int, int]
    class_sizes: tuple[tuple[int, ...], tuple[int, ...]]
    patience: Patience = PATIENCE

    def find(self, folder: str | Path) -> list[Path]:
        """Return one archive, or the four unpacked files in the order of FILE_NAMES.

        Looks in the subfolder uci_har first, and for an unpacked copy before an archive.
        """
        places = (Path(folder) / "uci_har", Path(folder))
        for place in places:
            for root in (place / FOLDER, place):
                files = [root / name for name in FILE_NAMES]
                if all(file.is_file() for file in files):
                    return files
            for name in ARCHIVE_NAMES:
                if (place / name).is_file():
                    return [place / name]
        raise DataUnavailable(
            f"uci_har: neither {NESTED}, nor {ARCHIVE_NAMES[0]}, nor a whole folder {FOLDER} in"
            f" {', '.join(map(str, places))}; put one of them there, or set datasets_dir to null to"
            " fetch it"
        )

    def kept_names(self, files: Sequence[Path]) -> list[str]:
        return [files[0].name] if len(files) == 1 else list(FILE_NAMES)

    def read(self, files: Sequence[Path]) -> Splits:
        """Return the train (7,352) and the test set (2,947).

        inputs are float32 (N, 561) in [0, 1], labels uint8 (N,), 0 to 5 for the published 1 to 6.
        """
        archive = len(files) == 1
        texts = _from_archive(files[0], self) if archive else _from_folder(files, self)
        train, test = (
            _split(texts[first], texts[first + 1], sizes, self, files[0 if archive else first])
            for first, sizes in zip((0, 2), self.class_sizes, strict=True)
        )
        return train, test

    def fetch(self, kept: Path, report: Report) -> list[Path]:
        archive = fetch_verified(
            self.name,
            self.mirrors,
            kept / NESTED,
            lambda file: self.read([file]),
            largest=self.largest_archive,
            advice=f"set datasets_dir in the config to a folder with {NESTED}, or mirrors to"
            " others",
            report=report,
            patience=self.patience,
        )
        for name in (*FILE_NAMES, *ARCHIVE_NAMES):
            if name != NESTED:
                (kept / name).unlink(missing_ok=True)  # damaged, and looked for before the archive
        return [archive]


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
    return Split(_inputs(features, len(checked), dataset.shape[0], place), checked)


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
    return DamagedFile(f"{path}: {reason}")


DATASET = UciHar(
    name="uci_har",
    module=__name__,
    shape=(561,),
    # Of the labels 1 to 6 (activity_labels.txt), stored as 0 to 5.
    class_names=(
        "walking",
        "walking upstairs",
        "walking downstairs",
        "sitting",
        "standing",
        "laying",
    ),
    train_size=7_352,
    test_size=2_947,
    mirrors=(
        "https://archive.ics.uci.edu/static/public/240/human+activity+recognition+using+smartphones.zip",
        "https://archive.ics.uci.edu/ml/machine-learning-databases/00240/UCI%20HAR%20Dataset.zip",
        "https://d396qusza40orc.cloudfront.net/getdata%2Fprojectfiles%2FUCI%20HAR%20Dataset.zip",
    ),
    sha256s=(
        "c00b803081a5c797cd5e4b83700a9810b38d53d9d84e01917e090e1fdbc81031",
        "2045e435c955214b38145fb5fa00776c72814f01b203fec405152dac7d5bfeb0",
        "50dabbc800629611831a85b8b71c87040525ca4af6a152c6ba9360ecee6b92dc",
    ),
    largest_archive=62_556_944,
    sizes=(66_006_256, 14_704, 26_458_166, 5_894),
    class_sizes=((1226, 1073, 986, 1286, 1374, 1407), (496, 471, 420, 491, 532, 537)),
)
