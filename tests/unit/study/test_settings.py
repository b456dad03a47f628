import json

import pytest
from sparsevae.distributions.likelihoods import DECODER_HEADS
from sparsevae.distributions.relaxations import RELAXATIONS
from sparsevae.distributions.selection import SELECTIONS
from sparsevae.distributions.spike_slab import LOG_SPIKES
from sparsevae.evaluation.probes import CLASSIFIERS
from sparsevae.jobs.errors import ConfigError
from sparsevae.models.networks import DECODERS, ENCODERS
from sparsevae.models.schedules import LEARNING_RATES
from sparsevae.models.vsc import PRIORS
from sparsevae.study import choices
from sparsevae.study.settings import (
    Prior,
    RunConfig,
    RunSettings,
    SlabWarmup,
    from_mapping,
    merge,
    set_values,
    to_mapping,
)

IDENTITY = {"dataset": "digits", "model": "vsc", "latent_dim": 8, "seed": 1, "family": "vsc"}


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


def test_a_run_is_a_value():
    run, same = (from_mapping(IDENTITY | {"beta": beta}) for beta in (1, 1.0))
    assert run == same
    assert {run: "a key"}[same] == "a key"
    assert run != from_mapping(IDENTITY | {"beta": 2})
    with pytest.raises(ValueError, match="frozen"):
        run.beta = 2.0


def test_every_setting_is_written_defaults_included():
    settings = to_mapping(from_mapping(IDENTITY))
    assert list(settings) == [
        *("dataset", "model", "latent_dim", "seed", "family", "beta", "beta_annealing", "network"),
        *("likelihood", "spike", "slab", "prior", "slab_warmup", "counts", "support", "training"),
        "evaluation",
    ]
    assert settings["prior"] == to_mapping(Prior())
    assert list(settings["prior"]) == list(Prior.model_fields)
    assert settings["slab_warmup"] is None
    assert settings["network"]["hidden"] == [400]


def test_only_what_was_set_is_merged():
    """A default of a layer must not hide what a layer below it has set."""
    layer = RunSettings.model_validate({"prior": {"spike_prob": 0.1}, "slab_warmup": None})
    assert set_values(layer) == {"prior": {"spike_prob": 0.1}, "slab_warmup": None}


def test_whole_numbers_become_fractions_where_the_setting_is_one():
    """`beta: 1` and `beta: 1.0` are one run, not two; a count stays a count."""
    run = from_mapping(IDENTITY | {"beta": 1, "spike": {"sharpness_end": 3}})
    assert isinstance(run.beta, float)
    assert isinstance(run.spike.sharpness_end, float)
    assert isinstance(run.latent_dim, int)
    assert json.dumps(to_mapping(run)) == json.dumps(
        to_mapping(from_mapping(IDENTITY | {"beta": 1.0, "spike": {"sharpness_end": 3.0}}))
    )


def test_how_a_run_is_measured_is_no_part_of_its_training():
    one, other = (from_mapping(IDENTITY | {"evaluation": {"samples": n}}) for n in (2, 3))
    assert one.for_training() == other.for_training()
    assert one.for_training() != from_mapping(IDENTITY | {"beta": 2}).for_training()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"betta": 2.0}, "betta: no such key; allowed: dataset, model, latent_dim, seed"),
        ({"prior": {"alpha": 0.1}}, "prior.alpha: no such key; allowed: kind, spike_prob"),
        ({"latent_dim": 0}, "latent_dim: 0 is not allowed; allowed: integer at least 1"),
    ],
)
def test_unknown_keys_are_named(settings, message):
    with pytest.raises(ConfigError) as error:
        from_mapping(IDENTITY | settings)
    assert str(error.value).startswith(message)
    assert "\n" not in str(error.value)


def test_a_missing_key_is_named():
    with pytest.raises(ConfigError, match=r"^seed: missing; Seed of the run"):
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


def test_every_default_is_allowed():
    """Pydantic trusts defaults; a config with all of them written out must be allowed too."""
    written = to_mapping(from_mapping(IDENTITY | {"slab_warmup": {}, "beta_annealing": {}}))
    assert isinstance(from_mapping(written), RunConfig)


@pytest.mark.parametrize(
    ("group", "key", "names"),
    [
        ("network", "body", ENCODERS),
        ("network", "body", DECODERS),
        ("likelihood", "family", DECODER_HEADS),
        ("spike", "head", LOG_SPIKES),
        ("spike", "relaxation", [*RELAXATIONS, "disarm"]),
        ("prior", "kind", PRIORS),
        ("prior", "selection", ["mixture", *SELECTIONS]),
        ("training", "schedule", LEARNING_RATES),
    ],
)
def test_what_can_be_chosen_is_what_the_code_has(group, key, names):
    for name in names:
        assert from_mapping(IDENTITY | {group: {key: name}})
    with pytest.raises(ConfigError, match=rf"allowed: {', '.join(names)}$"):
        from_mapping(IDENTITY | {group: {key: "another"}})


def test_the_probes_that_can_be_chosen_are_those_of_the_code():
    names = list(CLASSIFIERS)
    assert from_mapping(IDENTITY | {"evaluation": {"probe_classifiers": names}})


@pytest.mark.parametrize("registry", [{"a": 1}, {"a": 1, "b": 2, "c": 3}, {"a": 1, "c": 3}])
def test_a_registry_cannot_differ_from_its_names(registry):
    with pytest.raises(NotImplementedError, match=r"names without code: \["):
        choices.implementing(("b", "a"), registry)


def test_a_registry_has_the_order_of_its_names():
    assert list(choices.implementing(("b", "a"), {"a": 1, "b": 2})) == ["b", "a"]
