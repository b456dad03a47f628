"""A dataset of the user's among the others: read and checked when a study is planned."""

import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sparsevae.data.dataset import FOLDER, Dataset, Report, Splits
from sparsevae.data.own import pictures, splits
from sparsevae.data.own.declared import Declared
from sparsevae.data.own.found import BadData
from sparsevae.data.split import Split
from sparsevae.jobs import storage
from sparsevae.jobs.errors import DamagedFile

RECORD = "dataset.json"
# Raised whenever the same files would be read otherwise.
VERSION = 1


@dataclass(frozen=True, kw_only=True)
class OwnDataset(Dataset):
    """A dataset by an entry of the config; record: what dataset.json says of it."""

    entry: Declared
    record: dict[str, Any]

    @property
    def scaling(self) -> dict[str, Any] | None:
        """How the training set scaled all values; None if it did not."""
        return self.record["scaling"]

    @property
    def in_unit_interval(self) -> bool:
        """Whether its values, as models receive them, are in [0, 1]."""
        if (self.scaling or {}).get("kind") == "unit_interval":
            return True
        return self.scaling is None and self.record["low"] >= 0 and self.record["high"] <= 1

    @property
    def counts(self) -> bool:
        """Whether its values are whole numbers from 0 on, not scaled."""
        return self.scaling is None and self.record["whole_numbers"] and self.record["low"] >= 0

    def prepare(
        self, given: Sequence[Path], kept: Path, mirrors: Sequence[str] | None, report: Report
    ) -> Splits:
        made = splits.make(self.entry)
        report(summary(self.name, made.record))
        if made.record["digest"] != self.record["digest"]:
            raise BadData(f"{self.entry.path}: changed since the study was planned; run it again")
        return tuple(_labelled(split) for split in (made.train, made.test))


def own_dataset(entry: Declared) -> OwnDataset:
    """Return the dataset of an entry, from its record if its files are as they were.

    Else read and check them, print a line and leave the record in FOLDER. Raise BadData and
    DamagedFile; then nothing is left.
    """
    path = Path(FOLDER, entry.name, RECORD)
    about = {"version": VERSION, "entry": entry.plain(), "files": files_of(entry)}
    try:
        known = storage.read_json(path)
    except (FileNotFoundError, DamagedFile):
        known = {}
    if {name: known.get(name) for name in about} != about:
        known = about | splits.make(entry).record
        storage.write_json(path, known)
        print(summary(entry.name, known), file=sys.stderr)
    return _dataset(entry, known)


def from_plain(values: dict[str, Any], record: dict[str, Any]) -> OwnDataset:
    """Return the dataset that a job prepares, by the params of its rule."""
    return _dataset(Declared.of(values), record)


def _dataset(entry: Declared, record: dict[str, Any]) -> OwnDataset:
    return OwnDataset(
        name=entry.name,
        module=__name__,
        shape=tuple(record["shape"]),
        class_names=tuple(record["classes"]) or ("all",),
        train_size=record["train_size"],
        test_size=record["test_size"],
        environment="own_data",
        mem_mb=1000 + 3 * entry.max_mb,
        entry=entry,
        record=record,
    )


def files_of(entry: Declared) -> str:
    """Return a digest of names, sizes and times of the files that an entry is read from.

    Raise BadData for one that is not there.
    """
    listed = []
    for source in entry.sources:
        if not source.exists():
            raise BadData(
                f"{source}: not there (seen from {Path.cwd()}); correct datasets.{entry.name}"
            )
        files = pictures.image_files(source) if source.is_dir() else [source]
        listed += [[str(f), f.stat().st_size, f.stat().st_mtime_ns] for f in files]
    return hashlib.sha256(json.dumps(listed).encode()).hexdigest()


def summary(name: str, record: dict[str, Any]) -> str:
    """Return one line on what was found."""
    classes = f"{len(record['classes'])} classes" if record["classes"] else "no labels"
    shape = " x ".join(map(str, record["shape"]))
    kind = "images" if len(record["shape"]) == 3 else "features"
    return (
        f"{name}: {record['train_size']:,} samples to train on and {record['test_size']:,} to test "
        f"on, {kind} of {shape}, values from {record['low']:g} to {record['high']:g}, {classes}"
    )


def _labelled(split: Split) -> Split:
    """One class stands for no labels."""
    if len(split.labels) == len(split.inputs):
        return split
    return Split(split.inputs, np.zeros(len(split.inputs), np.uint8))
