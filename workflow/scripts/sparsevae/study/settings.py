"""Every setting that can change a run's result, with its default: the one home of defaults.

Types, ranges and descriptions are in workflow/schemas/config.schema.yaml; the same names, one level
each. A run's settings are plain frozen dataclasses, so that a run is a value: equal settings, equal
bytes. No torch here: the Snakefile imports this module.
"""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Any, get_args, get_type_hints

from sparsevae.jobs.errors import ConfigError


@dataclass(frozen=True)
class Network:
    """Encoder and decoder bodies; the decoder mirrors the encoder (models/networks.py)."""

    body: str = "mlp"
    hidden: tuple[int, ...] = (400,)
    channels: tuple[int, ...] = (16, 32, 64)
    full_gain_latents: int | None = None


@dataclass(frozen=True)
class Likelihood:
    """p(x|z) and the scale of the inputs that it sees (sparsevae/distributions/likelihoods.py)."""

    family: str = "bernoulli"
    variance_floor: float = 1e-6
    inputs: str = "unit_interval"


@dataclass(frozen=True)
class Spike:
    """Spike probability head and the relaxation that training uses for its gradient."""

    head: str = "sigmoid"
    bias: float = 2.0
    relaxation: str = "concrete"
    sharpness: float | None = None
    sharpness_end: float | None = None


@dataclass(frozen=True)
class Slab:
    """Least variance of the slab; None: 0.1 with pseudo-inputs, 0 with a fixed prior."""

    variance_floor: float | None = None


@dataclass(frozen=True)
class Prior:
    """Prior of the spike and slab: fixed alpha (ICLR version) or pseudo-inputs (UAI paper)."""

    kind: str = "fixed"
    spike_prob: float = 0.5
    pseudo_inputs: int = 20
    pseudo_inputs_start: str = "samples"
    selection: str = "mixture"
    sharpening: float | None = 5.0
    sharpening_end: float | None = 15.0
    sparsity_weight: float = 1.0


@dataclass(frozen=True)
class SlabWarmup:
    """Eq. 7: lambda is 0 until `start`, then rises to 1 at `end` (fractions of the training)."""

    start: float = 0.0
    end: float = 0.6
    in_kl: bool = True


@dataclass(frozen=True)
class BetaAnnealing:
    """beta is `first` until `start`, then goes to its own value at `end` (fractions)."""

    first: float = 1.0
    start: float = 0.3
    end: float = 0.6


@dataclass(frozen=True)
class Training:
    """Budget, batches, optimiser and checkpoints."""

    epochs: int | None = 15
    iterations: int | None = None
    batch_size: int = 128
    draws: int = 1
    learning_rate: float = 3e-3
    schedule: str = "cosine"
    decay_at: float = 0.5
    decay_factor: float = 0.1
    validation_fraction: float = 0.05
    max_images: int | None = None
    checkpoint_every: int = 1000
    precision: str = "float32"


@dataclass(frozen=True)
class Evaluation:
    """What is measured on the test set."""

    samples: int = 4
    iwae_samples: int | None = 100
    iwae_images: int | None = 1000
    batch_size: int = 500
    probe_labels: int = 5000
    probe_curve: tuple[int, ...] = ()
    probe_classifiers: tuple[str, ...] = ("linear",)
    max_images: int | None = None


@dataclass(frozen=True)
class RunConfig:
    """One training and its evaluation. `model` is the study's name for it, `family` the class."""

    dataset: str
    model: str
    latent_dim: int
    seed: int
    family: str
    beta: float = 1.0
    beta_annealing: BetaAnnealing | None = None
    network: Network = field(default_factory=Network)
    likelihood: Likelihood = field(default_factory=Likelihood)
    spike: Spike = field(default_factory=Spike)
    slab: Slab = field(default_factory=Slab)
    prior: Prior = field(default_factory=Prior)
    slab_warmup: SlabWarmup | None = None
    training: Training = field(default_factory=Training)
    evaluation: Evaluation = field(default_factory=Evaluation)

    def for_training(self) -> "RunConfig":
        """The same with the default evaluation: how a run is measured does not change it."""
        return dataclasses.replace(self, evaluation=Evaluation())


def from_mapping(values: Mapping[str, Any], kind: type = RunConfig, key: str = "") -> Any:
    """A dataclass from nested plain values. Raises ConfigError for an unknown or missing key."""
    fields = {entry.name: entry for entry in dataclasses.fields(kind)}
    for name in values:
        if name not in fields:
            raise ConfigError(f"{_join(key, name)}: no such key; allowed: {', '.join(fields)}")
    hints = get_type_hints(kind)
    try:
        return kind(
            **{name: _convert(v, hints[name], _join(key, name)) for name, v in values.items()}
        )
    except TypeError as error:
        raise ConfigError(f"{key or 'run'}: {error}") from None


def to_mapping(config: Any) -> dict[str, Any]:
    """Nested plain values, tuples as lists: what `from_mapping` reads, JSON and params carry."""
    return {
        name: _plain(getattr(config, name)) for name in (f.name for f in dataclasses.fields(config))
    }


def merge(*layers: Mapping[str, Any]) -> dict[str, Any]:
    """Nested mappings merged, the later ones win; a null in a later one stands."""
    merged: dict[str, Any] = {}
    for layer in layers:
        for name, value in layer.items():
            if isinstance(value, Mapping) and isinstance(merged.get(name), Mapping):
                merged[name] = merge(merged[name], value)
            else:
                merged[name] = merge(value) if isinstance(value, Mapping) else value
    return merged


def _convert(value: Any, hint: Any, key: str) -> Any:
    options = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    for option in options:
        if dataclasses.is_dataclass(option) and isinstance(value, Mapping):
            return from_mapping(value, option, key)
    if float in options and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return tuple(value) if isinstance(value, list) else value


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return to_mapping(value)
    return list(value) if isinstance(value, tuple) else value


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
