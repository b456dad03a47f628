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


@dataclass(frozen=True)
class CheckpointFile:
    """Where the checkpoint of a run is, and the fingerprint that it must have."""

    path: Path
    fingerprint: str

    def save(
        self, model: nn.Module, optimiser: torch.optim.Optimizer, history: list[dict[str, float]]
    ) -> None:
        tensors = {f"model.{name}": value for name, value in model.state_dict().items()}
        state = optimiser.state_dict()["state"]
        for index, entry in state.items():
            tensors |= {f"optimiser.{index}.{name}": value for name, value in entry.items()}
        metadata = {"fingerprint": self.fingerprint, "history": json.dumps(history)}
        tensors = {name: value.contiguous() for name, value in tensors.items()}
        storage.write_bytes(self.path, save(tensors, metadata=metadata))

    def load(
        self, model: nn.Module, optimiser: torch.optim.Optimizer
    ) -> list[dict[str, float]] | None:
        """Fills model and optimiser and returns the history; None if it is of another run.

        A file that cannot be read is no checkpoint either: it is removed and training starts anew.
        """
        try:
            with safe_open(self.path, framework="pt") as file:
                metadata = file.metadata() or {}
                if metadata.get("fingerprint") != self.fingerprint:
                    return None
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        except (SafetensorError, OSError):
            self.remove()
            return None
        model.load_state_dict(_below("model.", tensors))
        optimiser.load_state_dict(
            {
                "state": _optimiser_state(tensors),
                "param_groups": optimiser.state_dict()["param_groups"],
            }
        )
        return json.loads(metadata["history"])

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)


def _below(prefix: str, tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {n.removeprefix(prefix): t for n, t in tensors.items() if n.startswith(prefix)}


def _optimiser_state(tensors: dict[str, torch.Tensor]) -> dict[int, dict[str, torch.Tensor]]:
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, tensor in _below("optimiser.", tensors).items():
        index, entry = name.split(".")
        state.setdefault(int(index), {})[entry] = tensor
    return state
