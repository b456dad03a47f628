"""A model with lists of settings is a grid of models: one variant for each combination.

`models.vae.sweep: {beta: [1, 4]}` makes the models `vae_beta-1` and `vae_beta-4`. A value can be
that of a group, such as `likelihood: [{family: bernoulli}, {family: gaussian}]`. A model without a
sweep is its own only variant.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from sparsevae.jobs.columns import SWEEP, SWEPT
from sparsevae.jobs.errors import ConfigError
from sparsevae.study.settings import merge, set_values
from sparsevae.study.study_settings import NAME_OF_A_MODEL, ModelSettings
from sparsevae.study.validation import shortened, validate

_OF_THE_GRID = ("sweep", "selected_from")


@dataclass(frozen=True)
class Variant:
    """One model to train.

    name: of its runs; base: the model of the config that it belongs to; settings: all that the
    config sets of it; varied: its values of the swept settings, by their dotted names;
    selected_from: the folder of the study that chose further settings.
    """

    name: str
    base: str
    settings: ModelSettings
    varied: dict[str, Any] = field(default_factory=dict)
    selected_from: str | None = None


def columns_of(variant: Variant) -> dict[str, Any]:
    """Return what metrics.csv says of a variant beside its name."""
    values = {
        f"{SWEEP}{key}": _written(v) if isinstance(v, tuple | list | bool) else v
        for key, v in variant.varied.items()
    }
    return {SWEPT: variant.base} | values


def variants(models: Mapping[str, ModelSettings]) -> dict[str, Variant]:
    """Return the variants of all models by name. Raise ConfigError for a grid that makes none."""
    found: dict[str, Variant] = {}
    for base, settings in models.items():
        for variant in _grid(base, settings):
            if variant.name in found or (variant.name in models and variant.name != base):
                raise ConfigError(
                    f"config: models.{base}.sweep: makes {variant.name}, which is there already; "
                    "give each value once, or rename the model"
                )
            found[variant.name] = variant
    return found


def _grid(base: str, settings: ModelSettings) -> Iterator[Variant]:
    own = {k: v for k, v in set_values(settings).items() if k not in _OF_THE_GRID}
    short = _short_names(settings.sweep)
    for key in settings.sweep:
        if _is_set(own, key):
            raise ConfigError(
                f"config: models.{base}.sweep: {key} is set for the model too; take one out"
            )
    for values in product(*settings.sweep.values()):
        given = dict(zip(settings.sweep, values, strict=True))
        whole = merge(own, *(nested(key, value) for key, value in given.items()))
        checked = validate(ModelSettings, whole, source=f"config: models.{base}.sweep: ")
        leaves = {key: _leaves(key, value) for key, value in given.items()}
        varied = {leaf: _value(checked, leaf) for of_key in leaves.values() for leaf in of_key}
        parts = [
            "-".join([short[key], *(_written(varied[leaf]) for leaf in of_key)])
            for key, of_key in leaves.items()
        ]
        name = "_".join([base, *parts])
        if settings.sweep and not re.fullmatch(NAME_OF_A_MODEL, name):
            raise ConfigError(
                f"config: models.{base}.sweep: the name {shortened(name)} of a variant is not "
                f"allowed; allowed: names of the form {NAME_OF_A_MODEL}"
            )
        yield Variant(name, base, checked, varied, settings.selected_from)


def nested(key: str, value: Any) -> dict[str, Any]:
    """Return a value below its dotted name, as nested mappings."""
    *groups, last = key.split(".")
    made = {last: value}
    for group in reversed(groups):
        made = {group: made}
    return made


def selected_settings(folder: str, dataset: str, model: str, place: str) -> dict[str, Any]:
    """Return the swept settings of the variant that another study chose, as nested mappings.

    folder: of that study; its table `selection` has a row for the dataset and the model. place: the
    key of the config that asks. Raise ConfigError if there is no such row.
    """
    file = Path(folder, "tables", "selection.csv")
    try:
        with file.open(encoding="utf-8", newline="") as text:
            rows = list(csv.DictReader(text))
    except OSError as error:
        raise ConfigError(f"{place}: {file}: {error.strerror}; run that study first") from None
    for row in rows:
        if (row.get("dataset"), row.get("model")) == (dataset, model):
            swept = {k.removeprefix(SWEEP): v for k, v in row.items() if k.startswith(SWEEP)}
            return merge(*(nested(key, value) for key, value in swept.items() if value))
    there = ", ".join(f"{row['model']} on {row['dataset']}" for row in rows)
    raise ConfigError(f"{place}: {file} has no {model} on {dataset}; it has {there}")


def _short_names(keys: Mapping[str, Any]) -> dict[str, str]:
    """The last part of each dotted name, or all of it where two end alike."""
    ends = Counter(key.rsplit(".", 1)[-1] for key in keys)
    return {k: k if ends[e] > 1 else e for k in keys for e in [k.rsplit(".", 1)[-1]]}


def _written(value: Any) -> str:
    """A value as part of a name of files."""
    if isinstance(value, tuple | list):
        return "x".join(map(_written, value))
    if value is None or isinstance(value, bool):
        return str(value).lower()
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text.replace("+", "").lower()


def _leaves(key: str, value: Any) -> list[str]:
    """Dotted names of the settings that a value of a sweep sets: of a group, those in it."""
    if not isinstance(value, Mapping):
        return [key]
    return [leaf for name, below in value.items() for leaf in _leaves(f"{key}.{name}", below)]


def _value(settings: ModelSettings, key: str) -> Any:
    value: Any = settings
    for part in key.split("."):
        value = getattr(value, part)
    return value


def _is_set(values: Mapping[str, Any], key: str) -> bool:
    node: Any = values
    for part in key.split("."):
        if not isinstance(node, Mapping) or part not in node:
            return False
        node = node[part]
    return True
