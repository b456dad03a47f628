"""Every setting that can change a run's result, declared once (study/declarations.py).

A run is a value: equal settings are equal, can be keys, and give equal bytes. No torch here: the
Snakefile imports this module.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from sparsevae.study import choices
from sparsevae.study.declarations import (
    REQUIRED,
    SET,
    EachOnce,
    Fraction,
    Integer,
    Number,
    OneOf,
    Positive,
    Settings,
    group,
    setting,
)
from sparsevae.study.model_settings import (
    OF_THE_TRAINING,
    BetaAnnealing,
    Counts,
    Likelihood,
    Network,
    Prior,
    Slab,
    SlabWarmup,
    Spike,
    Support,
)
from sparsevae.study.paths import FolderOfRun
from sparsevae.study.validation import validate

__all__ = [
    "BetaAnnealing",
    "Counts",
    "Evaluation",
    "Likelihood",
    "Network",
    "Prior",
    "RunConfig",
    "RunSettings",
    "Slab",
    "SlabWarmup",
    "Spike",
    "Support",
    "Training",
    "from_mapping",
    "merge",
    "set_values",
    "to_mapping",
]

_STEP = {"training.schedule": ("step",)}


class Training(Settings):
    """Budget, batches, optimiser and checkpoints."""

    epochs: Integer | None = setting(
        15,
        "Length of the training, if no iterations are set.",
        unit="passes over the training set",
        used_with={"training.iterations": (None,)},
        ge=1,
    )
    iterations: Integer | None = setting(
        None, "Length of the training.", unit="steps of the optimiser", ge=1
    )
    batch_size: Integer = setting(128, "Samples per step.", unit="samples", ge=1)
    draws: Integer = setting(
        1,
        "Draws of z that a sample is decoded from in a step, from one encoding; 5 in the course "
        "project's warm-up.",
        ge=1,
    )
    learning_rate: Number = setting(3e-3, "Learning rate of Adam at the start.", gt=0)
    schedule: Annotated[str, OneOf(choices.LEARNING_RATES)] = setting(
        "cosine", "Learning rate; constant, cosine to zero, or one step down."
    )
    decay_at: Fraction = setting(
        0.5, "When the step schedule steps.", unit=OF_THE_TRAINING, used_with=_STEP
    )
    decay_factor: Number = setting(0.1, "Factor of the step.", used_with=_STEP, gt=0)
    validation_fraction: Number = setting(
        0.05,
        "Part of the training set that is kept for validation, drawn by seed.",
        unit="fraction of the training set",
        ge=0,
        lt=1,
    )
    max_images: Integer | None = setting(
        None,
        "Use only the first so many samples of the training set; null for all.",
        unit="samples",
        ge=2,
    )
    checkpoint_every: Integer = setting(
        1000,
        "Steps between checkpoints, which are written at the end of an epoch.",
        unit="steps of the optimiser",
        ge=1,
    )
    precision: Annotated[str, OneOf(choices.PRECISIONS)] = setting(
        "float32",
        "Of matrix products in training; tf32 is for GPUs that have it, bfloat16 for what computes "
        "faster with it (most CPUs do not). Weights, likelihoods and KL stay float32.",
    )
    init_from: FolderOfRun | None = setting(
        None,
        "Start from the weights of another run of the same model and input shape, by its folder "
        "(fine-tuning), relative to the working directory; {dataset}, {model}, {latent_dim} and "
        "{seed} stand for those of the run. null draws the first weights by seed.",
    )
    keep: Annotated[str, OneOf(choices.KEPT)] = setting(
        "last",
        "Weights that a run leaves; of its last epoch, or of the epoch with the lowest validation "
        "loss, which is measured with all schedules at their end.",
    )
    patience: Integer | None = setting(
        None,
        "Stop after so many epochs in a row without a lower validation loss; null trains to the "
        "end of the budget, to which learning rate and warm-ups are laid out in any case.",
        unit="epochs",
        ge=1,
    )


class Evaluation(Settings):
    """What is measured on the test set."""

    samples: Integer = setting(4, "Draws of z per sample for the ELBO.", ge=1)
    iwae_samples: Integer | None = setting(
        100,
        "Draws of z per sample (K) for the importance-weighted bound; null leaves it out.",
        ge=1,
    )
    iwae_images: Integer | None = setting(
        1000,
        "Test samples that the importance-weighted bound is measured on, the first so many; null "
        "for all. A subset, so compare it with iwae of other runs, not with elbo.",
        unit="samples",
        used_with={"evaluation.iwae_samples": SET},
        ge=1,
    )
    batch_size: Integer = setting(
        500,
        "Samples at a time; for the importance-weighted bound, samples times draws.",
        unit="samples",
        ge=1,
    )
    probe_labels: Integer = setting(
        5000,
        "Labelled training samples that the linear probes of metrics.csv see.",
        unit="samples",
        ge=1,
    )
    probe_curve: Annotated[tuple[Positive, ...], EachOnce()] = setting(
        (),
        "More numbers of labelled training samples to fit probes on, at `shown_latent_dim` only, "
        "for probes.csv; more than there are count as all.",
        unit="samples",
    )
    probe_classifiers: Annotated[
        tuple[Annotated[str, OneOf(choices.CLASSIFIERS)], ...], EachOnce()
    ] = setting(
        ("linear",),
        "Probes of probes.csv; linear, a logistic regression, is always there, two_layer has a "
        "hidden layer of 100 units.",
    )
    max_images: Integer | None = setting(
        None,
        "Use only the first so many samples of the test set; null for all.",
        unit="samples",
        ge=2,
    )


class RunSettings(Settings):
    """Settings of runs: of all of a study, of a model, or of a dataset, whose settings win."""

    beta: Number = setting(
        1.0,
        "Weight of the KL in the objective (a VAE with another than 1 is a beta-VAE, Higgins et "
        "al. 2017); in a tcvae, of the total correlation alone (Chen et al. 2018).",
        ge=0,
    )
    beta_annealing: BetaAnnealing | None = setting(
        None, "Anneal beta from an initial value; null keeps it constant."
    )
    network: Network = group(Network)
    likelihood: Likelihood = group(Likelihood)
    spike: Spike = group(Spike)
    slab: Slab = group(Slab)
    prior: Prior = group(Prior)
    slab_warmup: SlabWarmup | None = setting(
        None, "Eq. 7, which makes a VSC a VSC-WU; null for none."
    )
    counts: Counts = group(Counts)
    support: Support = group(Support)
    training: Training = group(Training)
    evaluation: Evaluation = group(Evaluation)


class RunName(Settings):
    """Which run of a study it is. `model` is the study's name for it, `family` its class."""

    dataset: str = setting(REQUIRED, "Dataset of the run.")
    model: str = setting(REQUIRED, "Name of the model in the study.")
    latent_dim: Integer = setting(REQUIRED, "Latent size.", ge=1)
    seed: Integer = setting(REQUIRED, "Seed of the run.", ge=0)
    family: str = setting(REQUIRED, "Class of the model (study/families.py).")


class RunConfig(RunSettings, RunName):
    """One training and its evaluation."""

    def for_training(self) -> "RunConfig":
        """Return the run with the default evaluation: how a run is measured does not change it."""
        return self.model_copy(update={"evaluation": Evaluation()})


def from_mapping(values: Mapping[str, Any]) -> RunConfig:
    """Return the run of nested plain values. Raise ConfigError for what is not allowed."""
    return validate(RunConfig, values)


def to_mapping(config: Settings) -> dict[str, Any]:
    """Return nested plain values, tuples as lists: what `from_mapping` reads and JSON holds."""
    return config.model_dump(mode="json")


def set_values(settings: Settings) -> dict[str, Any]:
    """Return what was set, as nested plain values: defaults are left out."""
    return settings.model_dump(mode="json", exclude_unset=True)


def merge(*layers: Mapping[str, Any]) -> dict[str, Any]:
    """Return nested mappings merged: the later ones win, and a null in a later one stands."""
    merged: dict[str, Any] = {}
    for layer in layers:
        for name, value in layer.items():
            if isinstance(value, Mapping) and isinstance(merged.get(name), Mapping):
                merged[name] = merge(merged[name], value)
            else:
                merged[name] = merge(value) if isinstance(value, Mapping) else value
    return merged
