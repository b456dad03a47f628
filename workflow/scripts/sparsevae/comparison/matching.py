"""Which of a study's models a published number can be compared with.

A row of the published numbers has the settings that its model was trained with (empty: not known,
or without meaning for it). SETTINGS is the one list of them. For each kind of measure a setting
either must match, as the number is of another quantity or another model otherwise, or it is part of
the recipe: then the row is compared, and its note has the difference. Settings that are not listed
(network, optimiser, budget, relaxation, head and floor of the slab, sharpening and number of
pseudo-inputs, schedule of the warm-up) are recipe as well: a better one is what a study may find.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

Run = Mapping[str, Any]

# Kinds of measure, by the start of a published measure's name.
_KINDS = {
    "loss": "bound",
    "elbo": "bound",
    "accuracy": "accuracy",
    "correlation": "factors",
    "spike": "classes",
}
_ALL = frozenset(_KINDS.values())


@dataclass(frozen=True)
class Setting:
    """A setting of a run by its key, the kinds of measure for which it must match, and why."""

    key: str
    must: frozenset[str]
    why: str


SETTINGS = {
    "family": Setting("family", _ALL, "another family is another model"),
    "prior_kind": Setting("prior.kind", _ALL, "the two versions of the paper have two models"),
    "alpha": Setting("prior.spike_prob", _ALL, "published numbers are given for each alpha"),
    "beta": Setting(
        "beta",
        _ALL - {"factors"},
        "it weights the KL, so it moves bounds and codes; for correlations with factors the paper "
        "tuned it, so a tuned one is compared",
    ),
    "slab_warmup": Setting("slab_warmup", _ALL, "VSC and VSC-WU are what studies compare"),
    "sparsity_weight": Setting(
        "prior.sparsity_weight",
        frozenset({"bound", "classes"}),
        "with alpha it sets how many latents are on, and what that costs; for correlations it is "
        "tuned like beta",
    ),
    "selection": Setting(
        "prior.selection",
        frozenset({"bound"}),
        "elbo_selected is the bound with the KL to the pseudo-input that the selection picks",
    ),
    "annealing": Setting("beta_annealing", frozenset(), "a schedule: training ends at beta"),
    "likelihood": Setting(
        "likelihood.family",
        frozenset({"bound", "accuracy"}),
        "nats of two likelihoods differ by more than models do; correlations and spike "
        "probabilities have no units",
    ),
    "inputs": Setting(
        "likelihood.inputs", frozenset({"bound", "accuracy"}), "as for the likelihood"
    ),
    "max_images": Setting(
        "training.max_images", _ALL, "fewer training images are another training set"
    ),
    "probe_labels": Setting(
        "evaluation.probe_labels", frozenset({"accuracy"}), "accuracy rises with the labels"
    ),
}
# These mean something with spikes only, and these with pseudo-inputs only.
_OF_SPIKES = ("prior_kind", "alpha", "slab_warmup")
_OF_PSEUDO_INPUTS = ("sparsity_weight", "selection")
# How a study writes the values that a row has as a word.
_WORDS = {
    "slab_warmup": {"no": "null", "yes": "set"},
    "annealing": {"no": "null", "yes": "set"},
    "max_images": {"all": "null"},
}


def kind_of(measure: str) -> str:
    """Return the kind of a published measure: bound, accuracy, factors or classes."""
    return _KINDS[measure.split("_")[0]]


def identity(run: Run) -> dict[str, Any]:
    """Return SETTINGS of a run (to_mapping); None for what means nothing in its family."""
    values = {name: _at(run, setting.key) for name, setting in SETTINGS.items()}
    values["slab_warmup"] = "no" if run["slab_warmup"] is None else "yes"
    values["annealing"] = "no" if run["beta_annealing"] is None else "yes"
    values["max_images"] = "all" if values["max_images"] is None else values["max_images"]
    if run["family"] != "vsc":
        values |= dict.fromkeys(_OF_SPIKES)
    if values["prior_kind"] != "pseudo_inputs":
        values |= dict.fromkeys(_OF_PSEUDO_INPUTS)
    return values


def demanded(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings of a row that a run must have, for the kind of its measure."""
    kind = kind_of(row["measure"])
    return {name: value for name, value in _stated(row).items() if kind in SETTINGS[name].must}


def differences(row: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """Return the demanded settings that a run does not have, with its values; none if it fits."""
    return _unlike(demanded(row), run)


def recipe_differences(row: Mapping[str, Any], run: Run) -> dict[str, Any]:
    """Return the settings of the recipe in which a run differs from a row, with its values."""
    must = demanded(row)
    return _unlike({k: v for k, v in _stated(row).items() if k not in must}, run)


def fitting(row: Mapping[str, Any], runs: Sequence[Run]) -> list[Run]:
    """Return the runs on the row's dataset that it can be compared with, of any latent size."""
    return [run for run in runs if run["dataset"] == row["dataset"] and not differences(row, run)]


def apart_from(run: Run, name: str) -> str:
    """Return all of a model's settings but one of SETTINGS, as text to compare models by."""
    rest = {key: value for key, value in run.items() if key not in ("dataset", "model")}
    *above, last = SETTINGS[name].key.split(".")
    if above:
        rest[above[0]] = {key: value for key, value in rest[above[0]].items() if key != last}
    else:
        del rest[last]
    return json.dumps(rest, sort_keys=True)


def describe(settings: Mapping[str, Any]) -> str:
    """Return settings as a study would write them, for example `beta=1; slab_warmup=null`."""
    parts = []
    for name, value in settings.items():
        text = f"{value:g}" if isinstance(value, float) else str(value)
        parts.append(f"{SETTINGS[name].key}={_WORDS.get(name, {}).get(text, text)}")
    return "; ".join(parts)


def _stated(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in SETTINGS if not pd.isna(row[name])}


def _unlike(settings: Mapping[str, Any], run: Run) -> dict[str, Any]:
    have = identity(run)
    return {name: have[name] for name, value in settings.items() if have[name] != value}


def _at(run: Run, key: str) -> Any:
    value: Any = run
    for part in key.split("."):
        value = value[part]
    return value
