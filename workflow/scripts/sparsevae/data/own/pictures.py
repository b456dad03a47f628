"""A folder of images: flat, or one folder a class; grey or in colour."""

from pathlib import Path
from typing import Any

import numpy as np

from sparsevae.data.own.declared import Declared
from sparsevae.data.own.found import BadData, Found, check_size

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".gif", ".tif", ".tiff", ".webp")
_GREY = ("1", "L", "I", "I;16", "F", "LA")


def read_images(folder: Path, entry: Declared) -> Found:
    """Return uint8 (N, C, H, W) in the order of the files' names, C = 1 if all are grey, else 3.

    With `size`, each is resized so that its shorter side has that many pixels, and cropped to a
    square about its centre. Classes are the names of the folders within. Raise BadData.
    """
    files = image_files(folder)
    if not files:
        raise BadData(f"{folder}: no images; these are read: {', '.join(SUFFIXES)}")
    images = _opened(files, entry)
    channels = 1 if all(image.ndim == 2 for image in images) else 3
    shapes = {image.shape[:2] for image in images}
    if len(shapes) > 1:
        first = images[0].shape[:2]
        place, other = next((n, i.shape) for n, i in enumerate(images) if i.shape[:2] != first)
        raise BadData(
            f"{files[place]}: {other[1]} x {other[0]} pixels where {files[0].name} has "
            f"{first[1]} x {first[0]}; set size: PIXELS to resize and crop all"
        )
    height, width = images[0].shape[:2]
    inputs = np.empty((len(images), channels, height, width), np.uint8)
    for place, image in enumerate(images):
        planes = image[None] if image.ndim == 2 else np.moveaxis(image, -1, 0)
        inputs[place] = planes
    names = sorted({file.parent.name for file in files if file.parent != folder})
    if not names:
        return Found(inputs)
    if any(file.parent == folder for file in files):
        stray = next(file for file in files if file.parent == folder)
        raise BadData(f"{stray}: beside folders of classes; move it into one of them")
    return Found(inputs, np.array([file.parent.name for file in files]))


def image_files(folder: Path) -> list[Path]:
    """Return the images of a folder and of the folders within, sorted; none that is hidden."""
    found = [*folder.glob("*"), *folder.glob("*/*")]
    shown = [f for f in found if not any(p.startswith(".") for p in f.relative_to(folder).parts)]
    return sorted(f for f in shown if f.suffix.lower() in SUFFIXES and f.is_file())


def _opened(files: list[Path], entry: Declared) -> list[np.ndarray]:
    from PIL import Image, UnidentifiedImageError

    images: list[np.ndarray] = []
    total = 0.0
    for file in files:
        try:
            with Image.open(file) as opened:
                side = entry.size
                pixels = opened.width * opened.height if side is None else side * side
                total += 3 * pixels
                check_size(total, entry.max_mb, file)
                grey = opened.mode in _GREY
                picture = _grey(opened) if grey else opened.convert("RGB")
                if side is not None:
                    picture = _cropped(picture, side)
                images.append(np.asarray(picture, np.uint8))
        except (
            UnidentifiedImageError,
            OSError,
            ValueError,
            SyntaxError,
            EOFError,
            Image.DecompressionBombError,
        ) as error:
            reason = str(error).splitlines()[0] if str(error) else type(error).__name__
            raise BadData(f"{file}: not a readable image ({reason}); remove it") from None
    return images


def _grey(image: Any) -> Any:
    """An image of one channel of bytes; 16 bits are divided by 257, floats must be in [0, 255]."""
    from PIL import Image

    if image.mode in ("1", "L", "LA"):
        return image.convert("L")
    values = np.asarray(image, np.float64)
    if image.mode in ("I", "I;16") and values.max(initial=0) > 255:
        values = values / 257
    if not (values.min(initial=0) >= 0 and values.max(initial=0) <= 255):
        raise ValueError("values outside of its range of grey")
    return Image.fromarray(np.rint(values).astype(np.uint8))


def _cropped(image: Any, side: int) -> Any:
    from PIL import Image, ImageOps

    return ImageOps.fit(image, (side, side), Image.Resampling.BILINEAR)
