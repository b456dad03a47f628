"""UCI HAR: which files it is, what is known of them, and where a user's copy is.

"Human Activity Recognition Using Smartphones" (Anguita et al. 2012; doi 10.24432/C54S4K). Standard
library only, as the Snakefile asks for a user's files when it is parsed.

UCI publishes no checksum. The sha256 of the three archives below are those that independent
projects recorded of their downloads and check against: UCI's archive of 2023 (61,005,872 bytes)
holds UCI's older one (60,999,314 bytes) and a description; the third is the same files packed anew,
as a course has them (62,556,944 bytes). No checksum of the unpacked text files was found: a folder
is checked by the sizes of its files, as several listings show them, and whatever it came from by
the numbers of rows, features and samples per class, and by the range of the values.
"""

from dataclasses import dataclass
from pathlib import Path

from sparsevae.jobs.errors import DataUnavailable

FOLDER = "UCI HAR Dataset"
NESTED = f"{FOLDER}.zip"
FILE_NAMES = ("train/X_train.txt", "train/y_train.txt", "test/X_test.txt", "test/y_test.txt")
ARCHIVE_NAMES = (
    "human+activity+recognition+using+smartphones.zip",
    NESTED,
    "getdata_projectfiles_UCI HAR Dataset.zip",
    "getdata-projectfiles-UCI HAR Dataset.zip",
)


@dataclass(frozen=True)
class UciHar:
    """What is known of the published files.

    mirrors: addresses of archives, tried in this order; sha256s: of the archives, nested ones too;
    largest_archive and sizes, of FILE_NAMES in their order: bytes; features: numbers per row;
    class_sizes: samples of each class in the train and in the test set.
    """

    mirrors: tuple[str, ...]
    sha256s: tuple[str, ...]
    largest_archive: int
    sizes: tuple[int, int, int, int]
    features: int
    class_sizes: tuple[tuple[int, ...], tuple[int, ...]]


UCI_HAR = UciHar(
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
    features=561,
    class_sizes=((1226, 1073, 986, 1286, 1374, 1407), (496, 471, 420, 491, 532, 537)),
)


def find_files(folder: str | Path) -> list[Path]:
    """A user's copy: one archive, or the four unpacked files in the order of FILE_NAMES.

    Looks in the subfolder uci_har first, and for an unpacked copy before an archive. Raises
    DataUnavailable.
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
