"""A setting that no run uses is refused, wherever it was set."""

from typing import Any

import pytest
from sparsevae.jobs.errors import ConfigError
from sparsevae.study.families import FAMILIES, families_using
from sparsevae.study.settings import RunConfig, merge
from sparsevae.study.study import Study

CONFIG: dict[str, Any] = {
    "study": "trial",
    "seeds": [1],
    "models": {"ae": {"family": "ae"}, "vae": {"family": "vae"}, "vsc": {"family": "vsc"}},
    "datasets": {"digits": {"latent_dims": [2]}, "smiley": {"latent_dims": [2], "models": ["ae"]}},
}
PSEUDO = {"kind": "pseudo_inputs"}


def using(start: str) -> str:
    """Families that declare a setting whose name starts so, in the order of the registry."""
    return ", ".join(
        name
        for name, family in FAMILIES.items()
        if any(setting.startswith(start) for setting in family.settings)
    )


OF_A_BOUND = using("beta")


def refused(changes: dict[str, Any]) -> str:
    with pytest.raises(ConfigError) as error:
        Study(merge(CONFIG, changes))
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(
    ("model", "settings", "families"),
    [
        ("vae", {"prior": {"kind": "fixed"}}, using("prior")),
        ("vae", {"prior": {}}, using("prior")),
        ("vae", {"slab_warmup": {}}, "vsc"),
        ("vae", {"spike": {"bias": 0}}, using("spike")),
        ("ae", {"slab": {"variance_floor": 0}}, "vsc"),
        ("ae", {"beta": 2}, OF_A_BOUND),
        ("ae", {"beta_annealing": {"first": 0}}, OF_A_BOUND),
        ("ae", {"training": {"draws": 2}}, OF_A_BOUND),
        ("ae", {"evaluation": {"samples": 2}}, OF_A_BOUND),
        ("ae", {"evaluation": {"iwae_samples": 2}}, OF_A_BOUND),
        ("ae", {"evaluation": {"iwae_images": 2}}, OF_A_BOUND),
    ],
)
def test_a_setting_of_other_families(model, settings, families):
    line = refused({"models": {model: settings}})
    assert line.startswith(f"config: models.{model}.{next(iter(settings))}")
    assert line.endswith(
        f"family {model} has no {name_of(settings)}; allowed for families: {families}"
    )


def name_of(settings: dict[str, Any]) -> str:
    """The name that is refused: a group as a whole, or a setting of a group of all."""
    (group, value), *_ = settings.items()
    of_all = group in ("training", "evaluation")
    return f"{group}.{next(iter(value))}" if of_all else group


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"training": {"decay_at": 0.3}}, "training.schedule: step, which is cosine"),
        ({"training": {"decay_factor": 0.3}}, "training.schedule: step, which is cosine"),
        (
            {"training": {"epochs": 3, "iterations": 20}},
            "training.iterations: null, which is 20",
        ),
        (
            {"likelihood": {"variance_floor": 0.1}},
            "likelihood.family: gaussian, which is bernoulli",
        ),
        ({"network": {"channels": [1, 2, 3]}}, "network.body: conv, which is mlp"),
        (
            {"network": {"body": "conv", "hidden": [9]}},
            "network.body: mlp, which is conv",
        ),
        (
            {"spike": {"relaxation": "straight_through", "sharpness": 3}},
            "spike.relaxation: scaled_sigmoid or concrete or straight_through_concrete, which is "
            "straight_through",
        ),
        (
            {"spike": {"relaxation": "disarm", "sharpness_end": 3}},
            "spike.relaxation: scaled_sigmoid or concrete or straight_through_concrete, which is "
            "disarm",
        ),
        ({"prior": {"pseudo_inputs": 3}}, "prior.kind: pseudo_inputs, which is fixed"),
        ({"prior": {"pseudo_inputs_start": "xavier"}}, "prior.kind: pseudo_inputs, which is fixed"),
        ({"prior": {"selection": "paper"}}, "prior.kind: pseudo_inputs, which is fixed"),
        ({"prior": {"sharpening": 3}}, "prior.kind: pseudo_inputs, which is fixed"),
        ({"prior": {"sparsity_weight": 3}}, "prior.kind: pseudo_inputs, which is fixed"),
        (
            {"prior": PSEUDO | {"sharpening": None, "sharpening_end": 3}},
            "prior.sharpening: a value, which is null",
        ),
        (
            {"evaluation": {"iwae_samples": None, "iwae_images": 30}},
            "evaluation.iwae_samples: a value, which is null",
        ),
    ],
)
def test_a_setting_that_another_setting_switches_off(settings, reason):
    line = refused({"models": {"vsc": settings}})
    assert line.startswith("config: models.vsc.")
    assert line.endswith(f"is used by no run; allowed with {reason}")


def test_the_key_and_the_value_are_named():
    assert refused({"models": {"vae": {"prior": {"spike_prob": 0.1}}}}) == (
        "config: models.vae.prior: {'spike_prob': 0.1} is used by no run; family vae has no prior; "
        f"allowed for families: {using('prior')}"
    )


def test_settings_of_all_runs_need_one_run_that_uses_them():
    changes = {"run": {"prior": {"spike_prob": 0.1}, "beta": 2}}
    runs = Study(merge(CONFIG, changes)).runs
    assert runs["digits", "vsc", 2, 1].prior.spike_prob == 0.1
    assert refused(merge(changes, {"models": {"vsc": None}})).startswith("config: run.prior: ")
    changes = {"run": {"training": {"decay_at": 0.3}}}
    assert refused(changes).startswith("config: run.training.decay_at: 0.3 is used by no run; ")
    assert Study(merge(CONFIG, changes, {"models": {"ae": {"training": {"schedule": "step"}}}}))


def test_settings_of_a_dataset_need_a_run_of_that_dataset():
    changes = {"datasets": {"digits": {"run": {"prior": {"spike_prob": 0.1}}}}}
    assert Study(merge(CONFIG, changes))
    changes = {"datasets": {"smiley": {"run": {"prior": {"spike_prob": 0.1}}}}}
    assert refused(changes).startswith("config: datasets.smiley.run.prior: ")


def test_a_null_switches_off_what_is_not_there():
    changes = {"models": {"vae": {"slab_warmup": None}, "ae": {"beta_annealing": None}}}
    assert Study(merge(CONFIG, changes))


def test_settings_that_a_later_layer_overrides_are_used():
    changes = {"run": {"beta": 2}, "models": {"vae": {"beta": 3}, "vsc": {"beta": 3}}}
    assert Study(merge(CONFIG, changes))


def declared_settings() -> dict[str, Any]:
    """Every setting and group of a run by its dotted name, with its declaration."""
    found: dict[str, Any] = {}
    for name, field in RunConfig.model_fields.items():
        found[name] = field
        for kind in (field.annotation, *getattr(field.annotation, "__args__", ())):
            inner = getattr(kind, "model_fields", {})
            found |= {f"{name}.{part}": declared for part, declared in inner.items()}
    return found


def test_families_use_settings_that_there_are():
    """A misspelled name would leave its setting to every family."""
    named = {setting for family in FAMILIES.values() for setting in family.settings}
    assert named <= declared_settings().keys()
    assert families_using("network.hidden") == tuple(FAMILIES)
    assert families_using("prior.kind") == ("vsc",)


def test_conditions_name_settings_that_there_are():
    """A misspelled condition would refuse its setting everywhere."""
    declared = declared_settings()
    conditions = [
        other
        for field in declared.values()
        for other in (field.json_schema_extra or {}).get("used_with", {})
    ]
    assert len(conditions) > 10
    assert set(conditions) <= declared.keys()
