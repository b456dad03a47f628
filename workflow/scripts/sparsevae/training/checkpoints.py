"""Checkpoints of a training: weights, optimiser state and history in one safetensors file.

The last one, of a training that has finished, has no optimiser state and stays: what else a job
makes of a run can be made again from it, and only a change of the training trains anew. A
fingerprint of everything that the run depends on (settings, code, data) stands in the file: a
checkpoint of another run is never taken up. A digest of the contents stands there too, so that no
damage goes unseen; while a training goes on, the checkpoint before the last is kept beside it.
A checkpoint within an epoch also holds the terms of its steps and the state of its noise; at the
end of an epoch no generator need be saved, since each epoch has its own, nor are schedules, which
are functions of the step.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from jaxtyping import Float, UInt8
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor, nn

from sparsevae.jobs import storage
from sparsevae.jobs.errors import DamagedFile, UserError
from sparsevae.training.adam import Adam

History = list[dict[str, int | float]]
Weights = Mapping[str, Tensor]
# What tensors beside the weights begin with: moments of Adam, the running epoch, the best weights.
PREFIXES = ("adam.", "epoch.", "best.")


@dataclass(frozen=True)
class RunningEpoch:
    """What an unfinished epoch has done: the terms of its steps, and the state of its noise."""

    totals: Float[Tensor, "steps terms"]
    noise: UInt8[Tensor, "bytes"]


@dataclass(frozen=True)
class Progress:
    """How far a training run is: its history, a row an epoch, and the epoch that is running.

    best: the weights of the best epoch so far, if the run keeps these.
    """

    history: History
    running: RunningEpoch | None = None
    best: Weights | None = None


@dataclass(frozen=True)
class CheckpointFile:
    """Where the checkpoint of a run is, and the fingerprint that it must have."""

    path: Path
    fingerprint: str

    @property
    def previous(self) -> "CheckpointFile":
        """The one before, which is there while a training goes on."""
        return CheckpointFile(self.path.with_suffix(".previous"), self.fingerprint)

    def save(
        self,
        model: nn.Module,
        optimiser: Adam,
        history: History,
        running: RunningEpoch | None = None,
        best: Weights | None = None,
    ) -> None:
        """Save a training run that goes on, and keep the checkpoint before."""
        if self.path.exists():
            storage.link(self.path, self.previous.path)
        moments = {f"adam.{name}": value for name, value in optimiser.state().items()}
        epoch = {} if running is None else {f"epoch.{n}": t.cpu() for n, t in vars(running).items()}
        kept = {f"best.{name}": _stored(value) for name, value in (best or {}).items()}
        self._write(model, history, moments | epoch | kept)

    def finish(self, model: nn.Module, history: History) -> None:
        """Save a training run that has ended: its weights, in the order of their names."""
        self._write(model, history, {})
        self.previous.path.unlink(missing_ok=True)

    def _write(self, model: nn.Module, history: History, others: dict[str, Tensor]) -> None:
        state = {name: _stored(value) for name, value in model.state_dict().items()}
        tensors = dict(sorted(state.items())) | others
        about = {"fingerprint": self.fingerprint, "history": history}
        # One entry: safetensors writes several in an order that changes from process to process.
        metadata = {"training": json.dumps(about | {"digest": _digest(tensors, about)})}
        storage.write_bytes(self.path, save(tensors, metadata=metadata))

    def load(self, model: nn.Module, optimiser: Adam) -> Progress | None:
        """Fill model and optimiser and return the progress; None for a checkpoint of another run.

        The optimiser is left alone by the checkpoint of a training that has ended. Raise what
        `read` and `fill` do, and leave both as they were.
        """
        tensors, about = read(self.path)
        if about["fingerprint"] != self.fingerprint:
            return None
        moments, epoch, best = (_taken(tensors, prefix) for prefix in PREFIXES)
        weights = {n: t for n, t in tensors.items() if not n.startswith(PREFIXES)}
        if moments:
            _check_alike(self.path, moments, optimiser.state())
        if best:
            _check_alike(self.path, best, model.state_dict())
        fill(model, weights, self.path)
        if moments:
            optimiser.load_state(moments)
        return Progress(about["history"], RunningEpoch(**epoch) if epoch else None, best or None)

    def set_aside(self) -> Path:
        """Renames a damaged checkpoint, so that it can be looked at and is not in the way."""
        damaged = self.path.with_name(f"{self.path.name}.damaged")
        self.path.replace(damaged)
        return damaged


class OtherWeights(UserError):
    """Weights that are whole, and not those of the model that asks for them."""


def read(path: str | Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Return tensors by name, and what the file says of them.

    Raise DamagedFile for a file that is cut off or altered, OtherWeights for a safetensors file
    that is no checkpoint of this package, and OSError for one that cannot be opened.
    """
    Path(path).open("rb").close()  # safetensors reports a file without permission as a missing one
    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (SafetensorError, OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise _unreadable(path, error) from None
    if "training" not in metadata:
        raise OtherWeights(f"{path}: a safetensors file without this package's `training` entry")
    try:
        about = json.loads(metadata["training"])
        said = about.pop("digest")
        found = _digest(tensors, about)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise _unreadable(path, error) from None
    if said != found:
        raise DamagedFile(f"{path}: its contents are not those that were written")
    return tensors, about


def fill(model: nn.Module, weights: Mapping[str, Tensor], path: str | Path) -> None:
    """Copy weights into a model. Raise OtherWeights if they are another model's; none is copied."""
    check(model, weights, path)
    model.load_state_dict(weights)


def check(model: nn.Module, weights: Weights, path: str | Path) -> None:
    """Raise OtherWeights if names, shapes or types of weights are not those of a model."""
    _check_alike(path, weights, model.state_dict())


def _stored(tensor: Tensor) -> Tensor:
    return tensor.contiguous().cpu()


def _taken(tensors: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}


def _unreadable(path: str | Path, error: Exception) -> DamagedFile:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return DamagedFile(f"{path}: not a readable checkpoint ({reason})")


def _check_alike(
    path: str | Path, tensors: Mapping[str, Tensor], wanted: Mapping[str, Tensor]
) -> None:
    """Raise OtherWeights, which names the first tensor that differs."""
    for name in sorted(tensors.keys() | wanted.keys()):
        found, expected = (_described(some.get(name)) for some in (tensors, wanted))
        if found != expected:
            raise OtherWeights(
                f"{path}: weights of another model: {name} is {found}, this run's is {expected}; "
                "use the settings and the input shape that they were trained with"
            )


def _described(tensor: Tensor | None) -> str:
    if tensor is None:
        return "missing"
    return f"{tuple(tensor.shape)} {str(tensor.dtype).removeprefix('torch.')}"


def _digest(tensors: Mapping[str, Tensor], about: Mapping[str, Any]) -> str:
    """Of names, types, shapes and bytes of the tensors, and of what is said of them."""
    digest = hashlib.sha256(json.dumps(about, sort_keys=True).encode())
    for name, tensor in sorted(tensors.items()):
        digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
        digest.update(tensor.detach().cpu().reshape(-1).view(torch.uint8).numpy().data)
    return digest.hexdigest()
