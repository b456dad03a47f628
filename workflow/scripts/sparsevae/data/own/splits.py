"""From arrays to a train and a test set: classes, split, scaling, and what is told of them."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sparsevae.data.own import checks, reading
from sparsevae.data.own.declared import Declared
from sparsevae.data.own.found import BadData
from sparsevae.data.split import Split
from sparsevae.jobs.seeding import derive_seed


@dataclass(frozen=True)
class Made:
    """The two sets, and the record of them that dataset.json holds."""

    train: Split
    test: Split
    record: dict[str, Any]


def make(entry: Declared) -> Made:
    """Read, check, split and scale a dataset. Raise BadData and DamagedFile."""
    file = Path(entry.path)
    found = reading.read(entry.path, entry.labels, entry)
    inputs = checks.checked_inputs(found, entry, file)
    labels = checks.checked_labels(found, len(inputs), file)
    if entry.test_path is None:
        train, test, how = _drawn(len(inputs), labels, entry)
        parts = [(inputs[train], _of(labels, train)), (inputs[test], _of(labels, test))]
    else:
        parts, how = [(inputs, labels), _test(entry, inputs, labels is None)], entry.test_path
    checks.check_features(parts[0][0], found, file)
    classes, numbered = _classes([labels for _, labels in parts], file)
    (train_inputs, test_inputs), scaling, clipped = _scaled([p for p, _ in parts], entry, file)
    train_set, test_set = Split(train_inputs, numbered[0]), Split(test_inputs, numbered[1])
    values = parts[0][0]
    white = 255 if values.dtype == np.uint8 else 1
    record = {
        "shape": list(values.shape[1:]),
        "train_size": len(train_inputs),
        "test_size": len(test_inputs),
        "classes": classes,
        "low": min(float(part.min()) for part, _ in parts) / white,
        "high": max(float(part.max()) for part, _ in parts) / white,
        "whole_numbers": all(white == 1 and (part == np.rint(part)).all() for part, _ in parts),
        "scaling": scaling,
        "clipped_test_values": clipped,
        "test_set": how,
        "digest": _digest(train_set, test_set),
    }
    return Made(train_set, test_set, record)


def _drawn(
    n: int, labels: np.ndarray | None, entry: Declared
) -> tuple[np.ndarray, np.ndarray, str]:
    """Indices of both sets, each class with its share if every class has two samples."""
    from sklearn.model_selection import train_test_split

    n_test = round(n * entry.test_fraction)
    if n_test < 1 or n - n_test < 2:
        raise BadData(
            f"{entry.path}: {n} samples with test_fraction: {entry.test_fraction} leave "
            f"{n - n_test} to train on and {n_test} to test on; raise it, or give more"
        )
    counts = None if labels is None else np.unique(labels, return_counts=True)[1]
    by_class = counts is not None and counts.min() >= 2 and len(counts) <= min(n_test, n - n_test)
    train, test = train_test_split(
        np.arange(n),
        test_size=n_test,
        stratify=labels if by_class else None,
        random_state=derive_seed(entry.split_seed, "own data", "split"),
    )
    share = ", each class with its share" if by_class else ""
    how = f"{entry.test_fraction} of the samples, drawn by split_seed {entry.split_seed}{share}"
    return np.sort(train), np.sort(test), how


def _test(
    entry: Declared, train: np.ndarray, unlabelled: bool
) -> tuple[np.ndarray, np.ndarray | None]:
    assert entry.test_path is not None
    file = Path(entry.test_path)
    found = reading.read(entry.test_path, entry.test_labels, entry)
    inputs = checks.checked_inputs(found, entry, file)
    if inputs.shape[1:] != train.shape[1:] or inputs.dtype != train.dtype:
        raise BadData(
            f"{file}: samples of shape {inputs.shape[1:]}, and those to train on have "
            f"{train.shape[1:]}"
        )
    labels = checks.checked_labels(found, len(inputs), file)
    if (labels is None) != unlabelled:
        raise BadData(f"{file}: only one of the two sets has labels; give both or neither")
    return inputs, labels


def _of(labels: np.ndarray | None, chosen: np.ndarray) -> np.ndarray | None:
    return None if labels is None else labels[chosen]


def _classes(labels: list[np.ndarray | None], file: Path) -> tuple[list[str], list[np.ndarray]]:
    """Names of the classes, sorted, and each set's labels from 0; nothing without labels."""
    given = [part for part in labels if part is not None]
    if not given:
        return [], [np.zeros(0, np.uint8)] * 2
    names = np.unique(np.concatenate(given))
    if len(names) < 2:
        raise BadData(f"{file}: all labels are {names[0]}; classes need two, or leave labels out")
    kind = np.uint8 if len(names) <= 256 else np.int64
    return list(map(str, names)), [np.searchsorted(names, part).astype(kind) for part in given]


def _scaled(
    parts: list[np.ndarray], entry: Declared, file: Path
) -> tuple[list[np.ndarray], dict[str, Any] | None, int]:
    """Both sets scaled by the training set, the record of it, and how many values were clipped."""
    if entry.scale == "none":
        return parts, None, 0
    if parts[0].dtype == np.uint8:
        raise BadData(f"{file}: images are in [0, 1] already; leave scale out")
    train = parts[0].astype(np.float64)
    if entry.scale == "unit_interval":
        offset, factor = train.min(axis=0), np.ptp(train, axis=0)
    else:
        offset, factor = train.mean(axis=0), train.std(axis=0)
    scaled = [((part - offset) / factor).astype(np.float32) for part in parts]
    clipped = 0
    if entry.scale == "unit_interval":
        clipped = int(((scaled[1] < 0) | (scaled[1] > 1)).sum())
        scaled = [part.clip(0, 1) for part in scaled]
    record = {"kind": entry.scale, "offset": offset.tolist(), "factor": factor.tolist()}
    return scaled, record, clipped


def _digest(*splits: Split) -> str:
    digest = hashlib.sha256()
    for split in splits:
        for values in (split.inputs, split.labels):
            digest.update(f"{values.dtype} {values.shape}".encode())
            digest.update(np.ascontiguousarray(values).data)
    return digest.hexdigest()
