"""Checkpoints of a training: weights, optimiser state and history in one safetensors file.

A fingerprint of everything that the run depends on (settings, code, data) stands in the file: a
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
        tensors = {f"model.{name}": value for name, value in model.state_dict().items()}
        tensors |= {f"adam.{name}": value for name, value in optimiser.state().items()}
        metadata = {"fingerprint": self.fingerprint, "history": json.dumps(history)}
        storage.write_bytes(self.path, save(tensors, metadata=metadata))

    def load(self, model: nn.Module, optimiser: Adam) -> list[dict[str, int | float]] | None:
        """Fills model and optimiser and returns the history; None for a checkpoint of another run.

        Raises DamagedFile.
        """
        try:
            with safe_open(self.path, framework="pt") as file:
                metadata = file.metadata() or {}
                if metadata.get("fingerprint") != self.fingerprint:
                    return None
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        except (SafetensorError, OSError) as error:
            raise DamagedFile(f"{self.path}: not a readable checkpoint ({error})") from None
        model.load_state_dict(_below("model.", tensors))
        optimiser.load_state(_below("adam.", tensors))
        return json.loads(metadata["history"])

    def set_aside(self) -> Path:
        """Renames a damaged checkpoint, so that it can be looked at and is not in the way."""
        damaged = self.path.with_suffix(".damaged")
        self.path.replace(damaged)
        return damaged

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


def _below(prefix: str, tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}
