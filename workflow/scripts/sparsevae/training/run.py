"""One run from its files to its files: train, evaluate, render. What the scripts call."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np

from sparsevae.data.inputs import check_support, rows, train_validation
from sparsevae.data.split import Split
from sparsevae.distributions.noise import torch_generator
from sparsevae.jobs.errors import DamagedFile
from sparsevae.models.base import Model
from sparsevae.models.registry import build
from sparsevae.study.settings import RunConfig, to_mapping
from sparsevae.training import checkpoints
from sparsevae.training.checkpoints import CheckpointFile
from sparsevae.training.trainer import Trainer, run_name


def train_model(
    config: RunConfig,
    split: Split,
    device: str,
    checkpoint: CheckpointFile,
    report: Callable[[str], None],
) -> checkpoints.History:
    """Trains a run and leaves it in its checkpoint; returns the history.

    From the run's settings and the training set alone; from the checkpoint, where there is one.
    """
    return trainer(config, split, device, checkpoint, report).run()


def trainer(
    config: RunConfig,
    split: Split,
    device: str,
    checkpoint: CheckpointFile,
    report: Callable[[str], None],
) -> Trainer:
    """The run's model, drawn anew, on its share of the training set."""
    data = rows(split, config.likelihood.inputs, device, config.training.max_images)
    check_support(data.values, config.likelihood.family, run_name(config))
    train, validation = train_validation(
        len(data), config.training.validation_fraction, config.seed
    )
    model = build(config, data.shape)
    model.initialise(torch_generator(config.seed, "initialisation"))
    model.start_from(data.values[train], torch_generator(config.seed, "pseudo_inputs"))
    model.to(device)
    return Trainer(model, data.values[train], data.values[validation], checkpoint, report)


def checkpoint_file(
    folder: str | Path, config: RunConfig, code: str, train: Split
) -> CheckpointFile:
    """Where a run's training is kept, with the fingerprint of all that it depends on."""
    key = fingerprint(config.for_training(), code, train)
    return CheckpointFile(Path(folder, "checkpoint.safetensors"), key)


def fingerprint(config: RunConfig, code: str, train: Split) -> str:
    """Of all that a training depends on: settings, a digest of the code, and the training set.

    The set as it is in memory: its file may have changed since it was read.
    """
    digest = hashlib.sha256(json.dumps(to_mapping(config)).encode())
    digest.update(code.encode())
    for name, values in vars(train).items():
        if values is not None:
            digest.update(f"{name} {values.dtype} {values.shape}".encode())
            digest.update(np.ascontiguousarray(values))
    return digest.hexdigest()


def load_model(
    config: RunConfig, weights: str | Path, shape: tuple[int, ...], device: str
) -> Model:
    """The model of a run with its trained weights. Raises DamagedFile."""
    model = build(config, shape)
    try:
        tensors, _ = checkpoints.read(weights)
        checkpoints.fill(model, tensors, weights)
    except DamagedFile as error:
        raise DamagedFile(f"{error}; delete it and run again") from None
    return model.to(device)
