"""Folders of runs that nobody trained: weights from a generator, in a fraction of a second."""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from sparsevae.jobs import storage
from sparsevae.models.registry import build
from sparsevae.study.settings import from_mapping, merge, to_mapping
from sparsevae.training.checkpoints import CheckpointFile
from sparsevae.training.saved import model_record

SHAPE = (1, 3, 4)
SETTINGS = {"seed": 1, "dataset": "digits", "latent_dim": 5, "network": {"hidden": [6]}}


def saved_run(
    folder: Path,
    family: str = "vsc",
    shape: tuple[int, ...] = SHAPE,
    scaling: dict[str, Any] | None = None,
    **settings: Any,
) -> Path:
    """Write what `sparsevae.load` reads; about half of the spikes of a vsc are off."""
    config = from_mapping(merge(SETTINGS, {"family": family, "model": family}, settings))
    model = build(config, shape)
    noise = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(0, 0.6, generator=noise)
    CheckpointFile(folder / "weights.safetensors", "key").finish(model, [])
    storage.write_json(folder / "config.json", to_mapping(config))
    storage.write_json(folder / "model.json", model_record(shape, ("a", "b"), scaling))
    return folder


def pixels(n: int = 7, shape: tuple[int, ...] = SHAPE) -> np.ndarray:
    """Random images, uint8 (n, *shape)."""
    return np.random.default_rng(n).integers(0, 256, (n, *shape), dtype=np.uint8)
