"""The four idx files of a dataset, checked against published checksums and read into arrays."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from sparsevae.data.idx import parse_idx, read_raw
from sparsevae.data.idx_datasets import IdxDataset
from sparsevae.data.split import Split
from sparsevae.jobs.errors import DamagedFile


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

    Raises DamagedFile, with both checksums, when its checksum is another one or it is cut off.
    """
    expected = dataset.md5s[index]
    try:
        raw = read_raw(file)
    except DamagedFile as error:
        with file.open("rb") as damaged:
            found = hashlib.file_digest(damaged, "md5").hexdigest()
        raise DamagedFile(f"{error} (md5 as it is {found}, unzipped expected {expected})") from None
    found = hashlib.md5(raw, usedforsecurity=False).hexdigest()
    if found != expected:
        raise DamagedFile(
            f"{file}: not {dataset.name}'s: md5 when unzipped {found}, expected {expected};"
            " put the published file in its place, or delete it and fetch it again"
        )
    return raw
