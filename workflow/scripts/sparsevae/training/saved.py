"""A run's folder as something to load: weights, settings, and what else its model needs.

`model.json` holds the version of this format, and what neither settings nor weights state: the
shape of an input, the names of the classes, and how a user's own data were scaled. A folder that
has FILES can be copied anywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sparsevae.data.scaling import Scaling
from sparsevae.jobs import storage
from sparsevae.jobs.errors import ConfigError, DamagedFile, UserError
from sparsevae.models.base import Model
from sparsevae.study.settings import RunConfig, from_mapping
from sparsevae.training.run import load_model

# Raised whenever a folder of the version before cannot be read as it is.
FORMAT = 1
MODEL = "model.json"
FILES = ("config.json", MODEL, "weights.safetensors")


class OtherFormat(UserError):
    """A run's folder that this version of the package cannot load."""


@dataclass(frozen=True)
class SavedRun:
    """A run's folder, its weights not read yet.

    shape: of one input, (C, H, W) or (F,); classes: names of the labels, in their order; scaling:
    of the user's own data, if any.
    """

    folder: Path
    config: RunConfig
    shape: tuple[int, ...]
    classes: tuple[str, ...]
    scaling: Scaling | None

    def model(self, device: str = "cpu") -> Model:
        """Return the trained model. Raise what `load_model` does."""
        return load_model(self.config, self.folder / "weights.safetensors", self.shape, device)


def model_record(
    shape: Sequence[int], classes: Sequence[str], scaling: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the contents of model.json."""
    parts = {"shape": list(shape), "classes": list(classes)}
    return {"format": FORMAT, **parts, "scaling": scaling}


def read_run(folder: str | Path) -> SavedRun:
    """Return what a run's folder says of its model.

    Raise OtherFormat for a folder without FILES, or one that another version has written, and
    DamagedFile for a file that cannot be read.
    """
    folder = Path(folder)
    for name in FILES:
        if not (folder / name).is_file():
            raise OtherFormat(_missing(folder, name))
    record = _record(folder / MODEL)
    try:
        config = from_mapping(storage.read_json(folder / "config.json"))
    except ConfigError as error:
        raise OtherFormat(
            f"{folder / 'config.json'}: {error}; load it with the version of sparsevae that made it"
        ) from None
    return SavedRun(folder, config, **record)


def _missing(folder: Path, name: str) -> str:
    if name == MODEL and (folder / "config.json").is_file():
        return (
            f"{folder}: no {MODEL}, so a version of sparsevae before format 1 made this run; run "
            "its study again"
        )
    return f"{folder}: no {name}; name the folder of a finished run, which has {', '.join(FILES)}"


def _record(path: Path) -> dict[str, Any]:
    """Return the parts of model.json, checked."""
    record = storage.read_json(path)
    version = record.get("format") if isinstance(record, dict) else None
    if isinstance(version, int) and version > FORMAT:
        raise OtherFormat(
            f"{path}: format {version}, and this version of sparsevae reads up to {FORMAT}; "
            "install a newer one"
        )
    try:
        if version != FORMAT:
            raise ValueError(f"format {version!r}")
        shape = tuple(record["shape"])
        if not shape or not all(type(size) is int and size > 0 for size in shape):
            raise ValueError(f"shape {shape}")
        classes = tuple(str(name) for name in record["classes"])
        return {"shape": shape, "classes": classes, "scaling": Scaling.read(record["scaling"])}
    except (ValueError, TypeError, LookupError) as error:
        raise DamagedFile(
            f"{path}: not what a run writes ({error}); copy the run's folder again"
        ) from None
