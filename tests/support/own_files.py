"""The same small data in each format that an entry of the config reads."""

import gzip
from pathlib import Path

import numpy as np
import pandas as pd

SIDE, N, CLASSES = 8, 90, ("cat", "dog", "owl")


def images(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """uint8 (N, SIDE, SIDE) with a bright bar whose place depends on the label, and labels (N,)."""
    generator = np.random.default_rng(seed)
    labels = generator.permutation(np.arange(N) % len(CLASSES))
    pixels = generator.integers(0, 60, (N, SIDE, SIDE))
    for image, label in zip(pixels, labels, strict=True):
        image[2 * label : 2 * label + 2] += 180
    return pixels.astype(np.uint8), labels.astype(np.uint8)


def features(seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """float64 (N, 5), whose means depend on the label, and labels as text (N,)."""
    generator = np.random.default_rng(seed)
    labels = np.arange(N) % len(CLASSES)
    values = generator.normal(size=(N, 5)) + labels[:, None] * [1, -1, 2, 0, 0.5]
    return values, np.array(CLASSES)[labels]


def write_idx(path: Path, values: np.ndarray) -> Path:
    """An idx file of unsigned bytes, gzipped if its name ends in .gz."""
    header = bytes([0, 0, 8, values.ndim]) + np.array(values.shape, ">i4").tobytes()
    content = header + values.astype(np.uint8).tobytes()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def write_folder(folder: Path, pixels: np.ndarray, labels: np.ndarray | None) -> Path:
    """PNG files, in one folder a class if there are labels."""
    from PIL import Image

    for number, image in enumerate(pixels):
        within = folder if labels is None else folder / CLASSES[labels[number]]
        within.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(within / f"{number:03}.png")
    return folder


def write_table(path: Path, labelled: bool = True) -> Path:
    """A CSV with an identifier, five features and the kind."""
    values, kinds = features()
    table = pd.DataFrame(values, columns=list("abcde"))
    table.insert(0, "id", [f"sample {n}" for n in range(N)])
    if labelled:
        table["kind"] = kinds
    table.to_csv(path, index=False)
    return path
