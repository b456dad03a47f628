"""One run at a job's border: its settings become a model and a Trainer, its files a model again."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from sparsevae.data.inputs import rows, train_validation
from sparsevae.data.split import Split
from sparsevae.distributions.noise import torch_generator
from sparsevae.distributions.support import check_support
from sparsevae.jobs.errors import ConfigError, DamagedFile
from sparsevae.models.base import Model
from sparsevae.models.registry import build
from sparsevae.models.schedules import Schedules
from sparsevae.study.settings import RunConfig, Training, to_mapping
from sparsevae.training import checkpoints
from sparsevae.training.checkpoints import CheckpointFile
from sparsevae.training.trainer import Trainer


def train_model(
    config: RunConfig,
    split: Split,
    device: str,
    checkpoint: CheckpointFile,
    report: Callable[[str], None],
    start: str | Path | None = None,
) -> checkpoints.History:
    """Train a run, leave it in its checkpoint, and return the history.

    From the run's settings, the training set and `start` alone, the weights to begin with if the
    run does not draw its own; from the checkpoint if there is one. Raise what `trainer` and
    `Trainer.run` do.
    """
    return trainer(config, split, device, checkpoint, report, start).run()


def trainer(
    config: RunConfig,
    split: Split,
    device: str,
    checkpoint: CheckpointFile,
    report: Callable[[str], None],
    start: str | Path | None = None,
) -> Trainer:
    """Return the Trainer of a run's model on its share of the training set.

    The model is freshly drawn, or has the weights of the file `start`. Raise ConfigError for inputs
    that the likelihood does not allow and for settings that need validation samples if there are
    none, DamagedFile and OtherWeights for `start`.
    """
    data = rows(split, config.likelihood.inputs, device, config.training.max_images)
    check_support(data.values, config.likelihood, run_name(config))
    train, validation = train_validation(
        len(data), config.training.validation_fraction, config.seed
    )
    _check_validated(config.training, len(validation), run_name(config))
    model = build(config, data.shape)
    model.initialise(torch_generator(config.seed, "initialisation"))
    model.start_from(data.values[train], torch_generator(config.seed, "pseudo_inputs"))
    if start is not None:
        checkpoints.fill(model, checkpoints.read(start)[0], start)
    model.to(device)
    samples = data.values[train], data.values[validation]
    return trainer_of(config, model, *samples, checkpoint, report)


def trainer_of(
    config: RunConfig,
    model: Model,
    train: Float[Tensor, "samples features"],
    validation: Float[Tensor, "others features"],
    checkpoint: CheckpointFile | None = None,
    report: Callable[[str], None] = lambda line: None,
) -> Trainer:
    """Return a Trainer of any model by the settings of a run."""
    schedules = Schedules(
        training=config.training,
        beta=config.beta,
        beta_annealing=config.beta_annealing,
        slab_warmup=config.slab_warmup,
        spike=config.spike,
        prior=config.prior,
    )
    return Trainer(
        model,
        train,
        validation,
        schedules,
        seed=config.seed,
        name=run_name(config),
        checkpoint=checkpoint,
        report=report,
    )


def _check_validated(training: Training, n_validation: int, run: str) -> None:
    if not n_validation and (training.keep == "best" or training.patience is not None):
        name = "patience" if training.patience is not None else "keep: best"
        raise ConfigError(
            f"{run}: training.{name} needs validation samples and there are none; raise "
            "training.validation_fraction"
        )


def names_of(config: RunConfig) -> dict[str, str | int]:
    """Return what a run is told from the others of its study by, as tables name it."""
    names = ("dataset", "model", "latent_dim", "seed")
    return {name: getattr(config, name) for name in names}


def run_name(config: RunConfig) -> str:
    """Return what messages call a run."""
    return f"{config.dataset}/{config.model}/latent-{config.latent_dim}/seed-{config.seed}"


def checkpoint_file(
    folder: str | Path,
    config: RunConfig,
    code: str,
    train: Split,
    start: str | Path | None = None,
) -> CheckpointFile:
    """Return where a run's training is kept, with the fingerprint of all that it depends on.

    start: the file of the weights that it begins with, if it does not draw its own.
    """
    key = fingerprint(config.for_training(), code, train, start)
    return CheckpointFile(Path(folder, "checkpoint.safetensors"), key)


def fingerprint(config: RunConfig, code: str, train: Split, start: str | Path | None = None) -> str:
    """Return a digest of all that a training depends on: settings, code, training set and start.

    The set is the one in memory: its file may have changed since it was read.
    """
    digest = hashlib.sha256(json.dumps(to_mapping(config)).encode())
    digest.update(code.encode())
    for name, values in vars(train).items():
        if values is not None:
            digest.update(f"{name} {values.dtype} {values.shape}".encode())
            digest.update(np.ascontiguousarray(values).data)
    if start is not None:
        digest.update(Path(start).read_bytes())
    return digest.hexdigest()


def load_model(
    config: RunConfig, weights: str | Path, shape: tuple[int, ...], device: str
) -> Model:
    """Return the model of a run with its trained weights, on `device`.

    Raise DamagedFile, with the way to train again, if they are cut off or altered, and
    OtherWeights if they are whole and not of these settings and this shape.
    """
    try:
        tensors, _ = checkpoints.read(weights)
    except DamagedFile as error:
        raise DamagedFile(f"{error}; delete it and run again") from None
    # Sizes are compared before memory is taken: the folder may come from anywhere.
    checkpoints.check(_without_memory(config, shape, weights), tensors, weights)
    model = build(config, shape)
    checkpoints.fill(model, tensors, weights)
    return model.to(device)


def _without_memory(config: RunConfig, shape: tuple[int, ...], weights: str | Path) -> Model:
    """Return the model with sizes alone. Raise OtherWeights if settings and shape make none."""
    try:
        with torch.device("meta"):
            return build(config, shape)
    except (RuntimeError, TypeError, ValueError, OverflowError) as error:
        reason = str(error).splitlines()[0]
        raise checkpoints.OtherWeights(
            f"{weights}: the settings beside it make no model of inputs of shape {shape} "
            f"({reason}); use those that it was trained with"
        ) from None
