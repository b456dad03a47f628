"""What a dataset is to the rest of the package: arrays in memory, saved as one .npz per split."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sparsevae.jobs import storage
from sparsevae.jobs.errors import DamagedFile


@dataclass(frozen=True)
class Split:
    """The train or the test set.

    inputs: images uint8 (N, C, H, W), 255 stands for 1.0, or other features float32 (N, F) as they
    are; labels: uint8 (N,); for generated data factors: float32 (N, F), the ground truth, and
    presence: uint8 (N, A), which attributes show.
    """

    inputs: np.ndarray
    labels: np.ndarray
    factors: np.ndarray | None = None
    presence: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.inputs)

    def samples(self, chosen: np.ndarray | slice) -> "Split":
        """Return those samples that an index array or a slice chooses."""
        parts: dict[str, Any] = {n: v if v is None else v[chosen] for n, v in vars(self).items()}
        return Split(**parts)


def save_split(path: str | Path, split: Split) -> None:
    arrays = {name: value for name, value in vars(split).items() if value is not None}
    storage.write_arrays(path, arrays)


def load_split(path: str | Path) -> Split:
    """Raises DamagedFile."""
    arrays = storage.read_arrays(path)
    try:
        return Split(**arrays)
    except TypeError as error:
        raise DamagedFile(f"{path}: not a dataset ({error}); move it away and run again") from None
