"""From arrays as files have them to inputs and labels that models take, or one line that says why
not."""

from pathlib import Path

import numpy as np

from sparsevae.data.own.declared import Declared
from sparsevae.data.own.found import BadData, Found

_WHITE = 255


def checked_inputs(found: Found, entry: Declared, file: Path) -> np.ndarray:
    """Return images as uint8 (N, C, H, W), or other features as float32 (N, F). Raise BadData.

    Images may have whole values of 0 to 255, or values of 0 to 1, which are rounded to 255 levels.
    """
    values = found.inputs
    if values.dtype.kind not in "biuf":
        raise BadData(f"{file}: values of type {values.dtype}, not numbers; write numbers")
    if values.ndim < 2 or not values.size:
        raise BadData(f"{file}: an array of shape {values.shape}; a sample is a row or an image")
    if values.dtype.kind == "f":
        _check_finite(values, found, file)
    shaped = _shaped(values, entry, file)
    if shaped.ndim == 4:
        return _as_pixels(shaped, file)
    features = shaped.astype(np.float32)
    if not np.isfinite(features).all():
        raise BadData(f"{file}: values above 3e38, which float32 does not hold; scale them")
    return features


def check_features(train: np.ndarray, found: Found, file: Path) -> None:
    """Raise BadData for features that are the same in every sample of the training set."""
    flat = train.reshape(len(train), -1)
    constant = (flat == flat[0]).all(axis=0)
    if constant.all():
        raise BadData(f"{file}: all samples are alike; there is nothing to learn")
    if train.ndim == 2 and constant.any():
        first = int(np.flatnonzero(constant)[0])
        name = found.columns[first] if found.columns else f"{first + 1} of {len(constant)}"
        raise BadData(
            f"{file}: feature {name} is the same in every training sample ({constant.sum()} such); "
            "leave it out"
        )


def checked_labels(found: Found, n: int, file: Path) -> np.ndarray | None:
    """Return labels as text or whole numbers (N,), or None if there are none. Raise BadData."""
    labels = found.labels
    if labels is None:
        return None
    labels = np.asarray(labels)
    if labels.shape != (n,):
        raise BadData(f"{file}: labels of shape {labels.shape} for {n} samples; one each is needed")
    if labels.dtype.kind == "f":
        if not np.isfinite(labels).all() or (labels != np.rint(labels)).any():
            raise BadData(f"{file}: labels are not whole numbers or text; they name classes")
        labels = labels.astype(np.int64)
    if labels.dtype.kind in "biu":
        return labels.astype(np.int64)
    return labels.astype(str)


def _check_finite(values: np.ndarray, found: Found, file: Path) -> None:
    bad = ~np.isfinite(values)
    if not bad.any():
        return
    sample, *place = (int(axis[0]) for axis in np.nonzero(bad))
    where = found.columns[place[0]] if found.columns else ", ".join(str(p + 1) for p in place)
    raise BadData(
        f"{file}: {bad.sum()} values are missing or infinite, the first in sample {sample + 1}, "
        f"feature {where}; fill them in or leave these samples out"
    )


def _shaped(values: np.ndarray, entry: Declared, file: Path) -> np.ndarray:
    """(N, C, H, W) of images, with the channels first, or (N, F)."""
    if entry.shape is not None:
        if np.prod(values.shape[1:]) != np.prod(entry.shape):
            raise BadData(
                f"{file}: {int(np.prod(values.shape[1:]))} values a sample, and shape: "
                f"{list(entry.shape)} has {int(np.prod(entry.shape))}"
            )
        return values.reshape(len(values), *entry.shape)
    if values.ndim == 2:
        return values
    if values.ndim == 3:
        return values[:, None]
    if values.ndim == 4 and values.shape[1] in (1, 3):
        return values
    if values.ndim == 4 and values.shape[3] in (1, 3):
        return np.moveaxis(values, -1, 1)
    raise BadData(f"{file}: samples of shape {values.shape[1:]}; say which with shape: [C, H, W]")


def _as_pixels(values: np.ndarray, file: Path) -> np.ndarray:
    low, high = float(values.min()), float(values.max())
    if low < 0 or high > _WHITE:
        raise BadData(f"{file}: pixels from {low:g} to {high:g}; they may be 0 to 255, or 0 to 1")
    if high <= 1:
        return np.rint(values * np.float64(_WHITE)).astype(np.uint8)
    if values.dtype.kind == "f" and (values != np.rint(values)).any():
        raise BadData(
            f"{file}: pixels from {low:g} to {high:g} that are not whole; divide them by {high:g}"
        )
    return values.astype(np.uint8)
