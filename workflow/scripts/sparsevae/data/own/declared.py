"""What an entry of the config says of a user's own dataset."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

SCALES = ("none", "unit_interval", "standard")


@dataclass(frozen=True, kw_only=True)
class Declared:
    """An entry of `datasets` that has a path.

    name: of the dataset; path: a file or a folder of images; inputs, labels: names of arrays,
    variables, layers or columns, or (idx) a file of labels; ignore: columns that are left out;
    shape: (C, H, W), which makes rows images; size: to which images are resized and cropped;
    scale: one of SCALES; test_path, test_labels: of a test set of its own, else `test_fraction` of
    the samples, drawn by `split_seed`; max_mb: megabytes that the arrays may take.
    """

    name: str
    path: str
    inputs: str | None = None
    labels: str | None = None
    ignore: tuple[str, ...] = ()
    shape: tuple[int, ...] | None = None
    size: int | None = None
    scale: str = "none"
    test_path: str | None = None
    test_labels: str | None = None
    test_fraction: float = 0.2
    split_seed: int = 0
    max_mb: int = 4000

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "Declared":
        """Return the entry of a mapping as `plain` gives it, after it went through a rule."""
        lists: dict[str, Any] = {
            k: tuple(v) if isinstance(v, list | tuple) else v for k, v in values.items()
        }
        return cls(**lists)

    def plain(self) -> dict[str, Any]:
        """Return the entry as values that JSON holds."""
        return {k: list(v) if isinstance(v, tuple) else v for k, v in asdict(self).items()}

    @property
    def sources(self) -> list[Path]:
        """The files and folders that it is read from."""
        named = [self.path, self.test_path]
        named += [name for name in (self.labels, self.test_labels) if name and is_idx(self.path)]
        return [Path(name) for name in named if name]


def is_idx(path: str | Path) -> bool:
    """Whether a file is named as idx files are: `...-ubyte`, `.idx`, or these with `.gz`."""
    name = Path(path).name.removesuffix(".gz")
    return name.endswith("ubyte") or name.endswith(".idx")
