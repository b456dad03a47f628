import dataclasses
import json
from pathlib import Path
from typing import Any, get_type_hints

import pytest
import yaml
from jsonschema import Draft202012Validator
from sparsevae.distributions.likelihoods import DECODER_HEADS
from sparsevae.distributions.relaxations import RELAXATIONS
from sparsevae.distributions.selection import SELECTIONS
from sparsevae.evaluation.probes import CLASSIFIERS
from sparsevae.jobs.errors import ConfigError
from sparsevae.models.networks import DECODERS, ENCODERS
from sparsevae.models.registry import FAMILIES
from sparsevae.models.vsc import PRIORS
from sparsevae.study.settings import Prior, RunConfig, SlabWarmup, from_mapping, merge, to_mapping

IDENTITY = {"dataset": "digits", "model": "vsc", "latent_dim": 8, "seed": 1, "family": "vsc"}
SCHEMA = yaml.safe_load(
    (Path(__file__).parents[3] / "workflow/schemas/config.schema.yaml").read_text()
)
SETTINGS = SCHEMA["$defs"]["settings"]["properties"]


def test_a_run_survives_json():
    """Params, config.json and cluster jobs carry it so; a null is kept, a tuple comes back."""
    run = from_mapping(
        IDENTITY
        | {
            "network": {"hidden": [30, 20]},
            "slab_warmup": {"start": 0.1},
            "spike": {"sharpness_end": 7},
            "training": {"epochs": None, "iterations": 90},
        }
    )
    assert from_mapping(json.loads(json.dumps(to_mapping(run)))) == run
    assert run.network.hidden == (30, 20)
    assert run.slab_warmup == SlabWarmup(start=0.1)
    assert run.training.epochs is None


def test_every_setting_is_written_defaults_included():
    settings = to_mapping(from_mapping(IDENTITY))
    assert list(settings) == [field.name for field in dataclasses.fields(RunConfig)]
    assert settings["prior"] == dataclasses.asdict(Prior())
    assert settings["slab_warmup"] is None


def test_whole_numbers_become_fractions_where_the_setting_is_one():
    """`beta: 1` and `beta: 1.0` are one run, not two; a count stays a count."""
    run = from_mapping(IDENTITY | {"beta": 1, "spike": {"sharpness_end": 3}})
    assert isinstance(run.beta, float)
    assert isinstance(run.spike.sharpness_end, float)
    assert isinstance(run.latent_dim, int)
    assert json.dumps(to_mapping(run)) == json.dumps(
        to_mapping(from_mapping(IDENTITY | {"beta": 1.0, "spike": {"sharpness_end": 3.0}}))
    )


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"betta": 2.0}, "betta: no such key; allowed: dataset, model, latent_dim, seed"),
        ({"prior": {"alpha": 0.1}}, "prior.alpha: no such key; allowed: kind, spike_prob"),
    ],
)
def test_unknown_keys_are_named(settings, message):
    with pytest.raises(ConfigError) as error:
        from_mapping(IDENTITY | settings)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


def test_a_missing_key_is_named():
    with pytest.raises(ConfigError, match=r"^run: .*'seed'"):
        from_mapping({name: value for name, value in IDENTITY.items() if name != "seed"})


def test_later_layers_win_key_by_key():
    merged = merge(
        {"prior": {"kind": "fixed", "spike_prob": 0.5}, "beta": 1.0, "slab_warmup": {"end": 0.5}},
        {"prior": {"spike_prob": 0.1}, "slab_warmup": None},
        {"prior": {"pseudo_inputs": 4}, "network": {"hidden": [10]}},
        {"network": {"hidden": [20, 30]}},
    )
    assert merged == {
        "prior": {"kind": "fixed", "spike_prob": 0.1, "pseudo_inputs": 4},
        "beta": 1.0,
        "slab_warmup": None,
        "network": {"hidden": [20, 30]},
    }


def test_a_section_comes_back_after_a_null():
    assert merge({"slab_warmup": None}, {"slab_warmup": {"end": 0.2}}) == {
        "slab_warmup": {"end": 0.2}
    }


def test_merging_leaves_its_layers_as_they_are():
    first = {"prior": {"kind": "fixed"}}
    merged = merge(first, {"prior": {"kind": "pseudo_inputs"}})
    merged["prior"]["kind"] = "other"
    merge(first)["prior"]["kind"] = "other"
    assert first == {"prior": {"kind": "fixed"}}


def settings_of(kind: type) -> set[str]:
    return {field.name for field in dataclasses.fields(kind)}


def test_schema_and_settings_have_the_same_keys():
    identity = {"dataset", "model", "latent_dim", "seed", "family"}
    assert set(SETTINGS) == settings_of(RunConfig) - identity
    for name, hint in get_type_hints(RunConfig).items():
        for kind in (hint, *getattr(hint, "__args__", ())):
            if dataclasses.is_dataclass(kind):
                assert set(SETTINGS[name]["properties"]) == settings_of(kind), name


def test_schema_allows_every_default():
    defaults = to_mapping(from_mapping(IDENTITY))
    settings = {name: defaults[name] for name in SETTINGS} | {
        "slab_warmup": to_mapping(SlabWarmup())
    }
    schema: dict[str, Any] = {"$ref": "#/$defs/settings", "$defs": SCHEMA["$defs"]}
    assert not list(Draft202012Validator(schema).iter_errors(settings))


@pytest.mark.parametrize(
    ("section", "key", "names"),
    [
        ("network", "body", ENCODERS),
        ("network", "body", DECODERS),
        ("likelihood", "family", DECODER_HEADS),
        ("spike", "relaxation", [*RELAXATIONS, "disarm"]),
        ("prior", "kind", PRIORS),
        ("prior", "selection", ["mixture", *SELECTIONS]),
    ],
)
def test_schema_offers_what_the_code_knows(section, key, names):
    assert SETTINGS[section]["properties"][key]["enum"] == list(names)


def test_schema_offers_the_classifiers_of_the_probes():
    offered = SETTINGS["evaluation"]["properties"]["probe_classifiers"]["items"]["enum"]
    assert offered == list(CLASSIFIERS)


def test_schema_offers_the_families_of_the_registry():
    assert SCHEMA["$defs"]["model"]["properties"]["family"]["enum"] == list(FAMILIES)
