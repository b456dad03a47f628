import datetime
from typing import Any

import pytest
from sparsevae.jobs.errors import ConfigError
from sparsevae.study.settings import merge
from sparsevae.study.study_settings import StudySettings
from sparsevae.study.validation import validate

CONFIG: dict[str, Any] = {
    "study": "trial",
    "seeds": [1],
    "models": {"vae": {"family": "vae"}},
    "datasets": {"digits": {"latent_dims": [2]}},
}


def read(config: Any) -> StudySettings:
    return validate(StudySettings, config, source="config: ")


def message(config: Any) -> str:
    with pytest.raises(ConfigError) as error:
        read(config)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_an_allowed_config_passes():
    read(CONFIG)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"run": {"prior": {"alpha": 0.1}}}, "run.prior.alpha: no such key; allowed: kind, spike"),
        ({"typo": 1}, "typo: no such key; allowed: study, results_dir"),
        ({"models": {"vae": {"bias": 1}}}, "models.vae.bias: no such key; allowed: family, beta"),
        ({"models": {"vae": {"family": "vea"}}}, "models.vae.family: 'vea' is not allowed; "),
        ({"run": {"beta": "big"}}, "run.beta: 'big' is not allowed; allowed: number at least 0"),
        ({"run": {"beta": True}}, "run.beta: True is not allowed; allowed: number at least 0"),
        ({"run": {"beta": -1}}, "run.beta: -1 is not allowed; allowed: number at least 0"),
        (
            {"run": {"beta": float("nan")}},
            "run.beta: nan is not allowed; allowed: number at least 0",
        ),
        (
            {"run": {"prior": {"spike_prob": 0}}},
            "run.prior.spike_prob: 0 is not allowed; allowed: number at least 1e-06 and at most "
            "0.999999",
        ),
        (
            {"run": {"slab_warmup": {"end": 2}}},
            "run.slab_warmup.end: 2 is not allowed; allowed: number at least 0 and at most 1",
        ),
        (
            {"run": {"slab_warmup": True}},
            "run.slab_warmup: True is not allowed; allowed: mapping or null",
        ),
        ({"run": {"network": 3}}, "run.network: 3 is not allowed; allowed: mapping"),
        ({"seeds": [1, 1]}, "seeds: [1, 1] is not allowed; allowed: each value once"),
        ({"seeds": [-1]}, "seeds.0: -1 is not allowed; allowed: integer at least 0"),
        ({"seeds": []}, "seeds: [] is not allowed; allowed: list: integer at least 0, at least 1"),
        ({"seeds": 1}, "seeds: 1 is not allowed; allowed: list: integer at least 0"),
        ({"study": "a b"}, "study: 'a b' is not allowed; allowed: text of the form ^[A-Za"),
        (
            {"models": {"VAE": {"family": "vae"}}},
            "models.VAE: 'VAE' is not allowed; allowed: names of the form ^[a-z0-9]",
        ),
        ({"figures": ["pie"]}, "figures.0: 'pie' is not allowed; allowed: "),
        (
            {"mirrors": {"mnist": ["ftp://a"]}},
            "mirrors.mnist.0: 'ftp://a' is not allowed; allowed: text of the form ^https?://",
        ),
        (
            {"mirrors": {"digits": ["https://a"]}},
            "mirrors.digits: 'digits' is not allowed; allowed: mnist, fashion_mnist, uci_har",
        ),
        (
            {"run": {"network": {"channels": [1, 2]}}},
            "run.network.channels: [1, 2] is not allowed; allowed: list of 3: integer at least 1",
        ),
    ],
)
def test_the_key_the_value_and_what_is_allowed_are_named(changes, expected):
    assert message(merge(CONFIG, changes)).startswith(f"config: {expected}")


@pytest.mark.parametrize("name", ["study", "seeds", "models", "datasets"])
def test_a_missing_key_is_explained(name):
    config = {key: value for key, value in CONFIG.items() if key != name}
    description = StudySettings.model_fields[name].description
    assert message(config) == f"config: {name}: missing; {description}"


def test_a_missing_key_further_down_is_named_with_its_path():
    config = merge(CONFIG, {"models": {"vae": None}}) | {"models": {"vae": {"beta": 2}}}
    assert message(config) == "config: models.vae.family: missing; Class of the model."


def test_a_config_that_is_no_mapping_is_named():
    assert message([1]) == "config: [1] is not allowed; allowed: mapping"


def test_a_name_of_two_lines_is_shown_on_one():
    assert message(CONFIG | {"a\nb": 1}).startswith("config: a b: no such key; allowed: study")
    assert message(CONFIG | {"models": {"a\nb": {}}}).startswith("config: models.a b")


def test_long_values_are_cut():
    line = message(merge(CONFIG, {"run": {"beta": "x" * 500}}))
    assert len(line) < 150
    assert "xxx..." in line


def test_the_first_of_several_errors_is_shown():
    line = message(merge(CONFIG, {"run": {"spike": {"bias": "b"}, "beta": "a"}}))
    assert line.startswith("config: run.beta: 'a'")


@pytest.mark.parametrize("least", [1e-7, 0.9999999, 1.0, 0.0])
def test_a_prior_that_would_be_clamped_is_refused(least):
    """The spike and slab keeps g in [1e-6, 1 - 1e-6]: another alpha would not be the one asked."""
    line = message(merge(CONFIG, {"run": {"prior": {"spike_prob": least}}}))
    assert "allowed: number at least 1e-06 and at most 0.999999" in line
    for taken in (1e-6, 1 - 1e-6):
        assert read(merge(CONFIG, {"run": {"prior": {"spike_prob": taken}}}))


def test_numbers_that_yaml_takes_for_text_are_read():
    """1e-3 is text in YAML 1.1, and so is all that is nested in --config."""
    settings = read(
        merge(
            CONFIG,
            {
                "seeds": ["1", "2"],
                "run": {
                    "beta": "1e-3",
                    "training": {"epochs": "3", "learning_rate": "+2.5E-4"},
                    "network": {"hidden": ["30"]},
                    "slab_warmup": {"in_kl": "false"},
                    "beta_annealing": "null",
                },
                "datasets_dir": "null",
            },
        )
    )
    assert settings.seeds == (1, 2)
    assert settings.run.beta == 0.001
    assert settings.run.training.epochs == 3
    assert settings.run.training.learning_rate == 0.00025
    assert settings.run.network.hidden == (30,)
    assert settings.run.slab_warmup is not None
    assert settings.run.slab_warmup.in_kl is False
    assert settings.run.beta_annealing is None
    assert settings.datasets_dir is None


@pytest.mark.parametrize("text", ["1e-3", "3.0", "010", "0x10", "1_000", "3 ", "", "nan", "9" * 40])
def test_text_that_is_no_whole_number_is_none(text):
    line = message(merge(CONFIG, {"run": {"training": {"epochs": text}}}))
    assert line.endswith("is not allowed; allowed: integer at least 1 or null")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"study": False}, "study: False is not allowed; allowed: text of the form ^"),
        ({"study": 1}, "study: 1 is not allowed; "),
        ({"study": 2.5}, "study: 2.5 is not allowed; "),
        ({"study": datetime.date(2026, 1, 2)}, "study: 2026-01-02 is not allowed; "),
        ({"models": {True: {"family": "vae"}}}, "models.True: True is not allowed; allowed: names"),
        ({"models": {1: {"family": "vae"}}}, "models.1: 1 is not allowed; allowed: names"),
        (
            {"models": {datetime.date(2026, 1, 2): {"family": "vae"}}},
            "models.2026-01-02: 2026-01-02 is not allowed; allowed: names",
        ),
        ({"datasets": {False: {"latent_dims": [2]}}}, "datasets.False: False is not allowed; "),
        (
            {"datasets": {"digits": {"latent_dims": [2], "models": [False]}}},
            "datasets.digits.models.0: False is not allowed; allowed: text; ",
        ),
        ({False: 1}, "False: False is not allowed; allowed: study, results_dir"),
        ({"models": {"vae": {"family": True}}}, "models.vae.family: True is not allowed; "),
    ],
)
def test_a_word_that_yaml_read_as_something_else_is_to_be_quoted(changes, expected):
    line = message(CONFIG | changes)
    assert line.startswith(f"config: {expected}")
    assert "YAML reads" in line
    assert line.endswith("quote what is meant as text")


def test_a_whole_number_with_a_point_is_to_be_written_without():
    line = message(merge(CONFIG, {"datasets": {"digits": {"latent_dims": [2.0]}}}))
    assert line == (
        "config: datasets.digits.latent_dims.0: 2.0 is not allowed; allowed: integer at least 1; "
        "write 2"
    )
