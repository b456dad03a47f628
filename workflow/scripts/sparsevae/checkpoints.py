"""Checkpoints of a training: weights, optimiser state and history in one safetensors file.

The last one, of a training that has finished, has no optimiser state and stays: what else a job
makes of a run can be made again from it, and only a change of the training trains anew. A
fingerprint of everything that the run depends on (settings, code, data) stands in the file: a
checkpoint of another run is never taken up. Generators need not be saved, since each epoch has its
own (see training.py), nor schedules, which are functions of the step.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import nn

from sparsevae import storage
from sparsevae.adam import Adam
from sparsevae.errors import DamagedFile


@dataclass(frozen=True)
class CheckpointFile:
    """Where the checkpoint of a run is, and the fingerprint that it must have."""

    path: Path
    fingerprint: str

    def save(
        self, model: nn.Module, optimiser: Adam, history: list[dict[str, int | float]]
    ) -> None:
        """Of a training that goes on."""
        self._write(model, history, {f"adam.{n}": value for n, value in optimiser.state().items()})

    def finish(self, model: nn.Module, history: list[dict[str, int | float]]) -> None:
        """Of a training that has ended: its weights, in the order of their names."""
        self._write(model, history, {})

    def _write(
        self,
        model: nn.Module,
        history: list[dict[str, int | float]],
        moments: dict[str, torch.Tensor],
    ) -> None:
        tensors = {name: value.contiguous().cpu() for name, value in model.state_dict().items()}
        # One entry: safetensors writes several in an order that changes from process to process.
        about = {"fingerprint": self.fingerprint, "history": history}
        metadata = {"training": json.dumps(about)}
        content = save(dict(sorted(tensors.items())) | moments, metadata=metadata)
        storage.write_bytes(self.path, content)

    def load(self, model: nn.Module, optimiser: Adam) -> list[dict[str, int | float]] | None:
        """Fills model and optimiser and returns the history; None for a checkpoint of another run.

        The optimiser is left alone by the checkpoint of a training that has ended. Raises
        DamagedFile.
        """
        try:
            with safe_open(self.path, framework="pt") as file:
                about = json.loads((file.metadata() or {}).get("training", "{}"))
                if about.get("fingerprint") != self.fingerprint:
                    return None
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        except (SafetensorError, OSError, ValueError) as error:
            raise DamagedFile(f"{self.path}: not a readable checkpoint ({error})") from None
        moments = {n.removeprefix("adam."): t for n, t in tensors.items() if n.startswith("adam.")}
        model.load_state_dict({n: t for n, t in tensors.items() if not n.startswith("adam.")})
        if moments:
            optimiser.load_state(moments)
        return about["history"]

    def set_aside(self) -> Path:
        """Renames a damaged checkpoint, so that it can be looked at and is not in the way."""
        damaged = self.path.with_suffix(".damaged")
        self.path.replace(damaged)
        return damaged
