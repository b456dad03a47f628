"""What the settings of a run must agree in, among each other and with its data."""

from typing import NoReturn

from sparsevae.data.dataset import Dataset
from sparsevae.data.own.dataset import OwnDataset
from sparsevae.jobs.errors import ConfigError
from sparsevae.study import choices
from sparsevae.study.families import FAMILIES
from sparsevae.study.settings import RunConfig


def check_run(run: RunConfig, dataset: Dataset) -> None:
    """Raise ConfigError, in one line, for settings that do not go together or with the data."""
    _check_body(run, dataset)
    _check_budget(run)
    _check_support(run)
    _check_schedules(run)
    _check_values(run, dataset)


def _check_body(run: RunConfig, dataset: Dataset) -> None:
    if run.network.body == "conv" and not dataset.image:
        raise ConfigError(
            f"{run.dataset}/{run.model}: network.body: conv needs images, and {run.dataset} has "
            "none; allowed: mlp"
        )


def _check_budget(run: RunConfig) -> None:
    key, training = f"{run.dataset}/{run.model}: training", run.training
    if training.epochs is None and training.iterations is None:
        raise ConfigError(f"{key}: epochs or iterations must be set")
    stops_early = training.keep == "best" or training.patience is not None
    if stops_early and not training.validation_fraction:
        raise ConfigError(
            f"{key}.validation_fraction: 0 with keep: best or patience, which need validation "
            "samples; allowed: more than 0"
        )
    if training.draws > 1 and run.spike.relaxation == "disarm":
        raise ConfigError(
            f"{key}.draws: {training.draws} with spike.relaxation: disarm, which decodes a pair "
            "of its own; allowed: 1"
        )


def _check_support(run: RunConfig) -> None:
    if "support" in FAMILIES[run.family].settings and run.support.kept > run.latent_dim:
        raise ConfigError(
            f"{run.dataset}/{run.model}: support.kept: {run.support.kept} with {run.latent_dim} "
            f"latents; allowed: at most {run.latent_dim}"
        )


def _check_schedules(run: RunConfig) -> None:
    for name in ("slab_warmup", "beta_annealing"):
        part = getattr(run, name)
        if part and part.start > part.end:
            raise ConfigError(
                f"{run.dataset}/{run.model}: {name}.start: {part.start} is after {name}.end; "
                f"allowed: 0 to {part.end}"
            )


def _check_values(run: RunConfig, dataset: Dataset) -> None:
    """A likelihood refuses values that it is not for before anything is trained."""
    of_counts = run.likelihood.family in choices.OF_COUNTS
    if not isinstance(dataset, OwnDataset):
        if of_counts:
            _refuse(run, "counts, and these are in [0, 1]", "bernoulli or gaussian")
        return
    if of_counts:
        if not dataset.counts:
            _refuse(run, "whole numbers from 0 on, not scaled", "gaussian")
        return
    any_real = run.likelihood.family == "gaussian" and run.likelihood.mean != "sigmoid"
    if not dataset.in_unit_interval and not any_real:
        fitting = "poisson, negative_binomial or gaussian" if dataset.counts else "gaussian"
        low, high = dataset.record["low"], dataset.record["high"]
        _refuse(
            run,
            f"[0, 1], and these are from {low:g} to {high:g}",
            f"{fitting}, or datasets.{run.dataset}.scale: unit_interval",
        )


def _refuse(run: RunConfig, needs: str, instead: str) -> NoReturn:
    likelihood = run.likelihood
    of_mean = ", mean: sigmoid" if likelihood.family == "gaussian" else ""
    raise ConfigError(
        f"{run.dataset}/{run.model}: likelihood.family: {likelihood.family}{of_mean} needs inputs "
        f"that are {needs}; allowed: {instead}"
    )
