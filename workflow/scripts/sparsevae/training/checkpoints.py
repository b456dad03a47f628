"""Checkpoints of a training: weights, optimiser state and history in one safetensors file.

The last one, of a training that has finished, has no optimiser state and stays: what else a job
makes of a run can be made again from it, and only a change of the training trains anew. A
fingerprint of everything that the run depends on (settings, code, data) stands in the file: a
checkpoint of another run is never taken up. A digest of the contents stands there too, so that no
damage goes unseen; while a training goes on, the checkpoint before the last is kept beside it.
Generators need not be saved, since each epoch has its own (see training.py), nor schedules, which
are functions of the step.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from sparsevae.jobs import storage
from sparsevae.jobs.errors import DamagedFile
from sparsevae.training.adam import Adam

History = list[dict[str, int | float]]


@dataclass(frozen=True)
class CheckpointFile:
    """Where the checkpoint of a run is, and the fingerprint that it must have."""

    path: Path
    fingerprint: str

    @property
    def previous(self) -> "CheckpointFile":
        """The one before, which is there while a training goes on."""
        return CheckpointFile(self.path.with_suffix(".previous"), self.fingerprint)

    def save(self, model: nn.Module, optimiser: Adam, history: History) -> None:
        """Of a training that goes on."""
        if self.path.exists():
            storage.link(self.path, self.previous.path)
        self._write(model, history, {f"adam.{n}": value for n, value in optimiser.state().items()})

    def finish(self, model: nn.Module, history: History) -> None:
        """Of a training that has ended: its weights, in the order of their names."""
        self._write(model, history, {})
        self.previous.path.unlink(missing_ok=True)

    def _write(self, model: nn.Module, history: History, moments: dict[str, Tensor]) -> None:
        state = {name: value.contiguous().cpu() for name, value in model.state_dict().items()}
        tensors = dict(sorted(state.items())) | moments
        about = {"fingerprint": self.fingerprint, "history": history}
        # One entry: safetensors writes several in an order that changes from process to process.
        metadata = {"training": json.dumps(about | {"digest": _digest(tensors, about)})}
        storage.write_bytes(self.path, save(tensors, metadata=metadata))

    def load(self, model: nn.Module, optimiser: Adam) -> History | None:
        """Fills model and optimiser and returns the history; None for a checkpoint of another run.

        The optimiser is left alone by the checkpoint of a training that has ended. Raises
        DamagedFile, and leaves both as they were.
        """
        tensors, about = read(self.path)
        if about["fingerprint"] != self.fingerprint:
            return None
        moments = {n.removeprefix("adam."): t for n, t in tensors.items() if n.startswith("adam.")}
        weights = {n: t for n, t in tensors.items() if not n.startswith("adam.")}
        if moments:
            _check_alike(self.path, moments, optimiser.state())
        fill(model, weights, self.path)
        if moments:
            optimiser.load_state(moments)
        return about["history"]

    def set_aside(self) -> Path:
        """Renames a damaged checkpoint, so that it can be looked at and is not in the way."""
        damaged = self.path.with_name(f"{self.path.name}.damaged")
        self.path.replace(damaged)
        return damaged


def read(path: str | Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Tensors by name, and what is said of them. Raises DamagedFile."""
    try:
        with safe_open(path, framework="pt") as file:
            about = json.loads((file.metadata() or {})["training"])
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        said = about.pop("digest")
        found = _digest(tensors, about)
    except (SafetensorError, OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise DamagedFile(f"{path}: not a readable checkpoint ({reason})") from None
    if said != found:
        raise DamagedFile(f"{path}: its contents are not those that were written")
    return tensors, about


def fill(model: nn.Module, weights: Mapping[str, Tensor], path: str | Path) -> None:
    """Copies weights into a model. Raises DamagedFile where they are not its own, and no weight is
    changed then."""
    _check_alike(path, weights, model.state_dict())
    model.load_state_dict(weights)


def _check_alike(
    path: str | Path, tensors: Mapping[str, Tensor], wanted: Mapping[str, Tensor]
) -> None:
    def described(some: Mapping[str, Tensor]) -> dict[str, tuple]:
        return {name: (tuple(value.shape), value.dtype) for name, value in some.items()}

    if described(tensors) != described(wanted):
        raise DamagedFile(f"{path}: not the weights of this run")


def _digest(tensors: Mapping[str, Tensor], about: Mapping[str, Any]) -> str:
    """Of names, types, shapes and bytes of the tensors, and of what is said of them."""
    digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    for name, tensor in sorted(tensors.items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().cpu().reshape(-1).view(torch.uint8).numpy())
    return digest.hexdigest()
