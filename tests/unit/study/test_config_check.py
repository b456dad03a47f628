from pathlib import Path
from typing import Any

import pytest
import yaml
from sparsevae.jobs.errors import ConfigError
from sparsevae.study.config_check import check_against_schema
from sparsevae.study.settings import merge

SCHEMA = Path(__file__).parents[3] / "workflow/schemas/config.schema.yaml"
CONFIG: dict[str, Any] = {
    "study": "trial",
    "seeds": [1],
    "models": {"vae": {"family": "vae"}},
    "datasets": {"digits": {"latent_dims": [2]}},
}


def message(config: Any) -> str:
    with pytest.raises(ConfigError) as error:
        check_against_schema(config, SCHEMA)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_an_allowed_config_passes():
    check_against_schema(CONFIG, SCHEMA)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"run": {"prior": {"alpha": 0.1}}}, "run.prior.alpha: no such key; allowed: kind, spike"),
        ({"typo": 1}, "typo: no such key; allowed: study, results_dir"),
        ({"models": {"vae": {"family": "vea"}}}, "models.vae.family: 'vea' is not allowed; "),
        ({"run": {"beta": "1e-3"}}, "run.beta: '1e-3' is not allowed; allowed: number"),
        ({"run": {"beta": True}}, "run.beta: True is not allowed; allowed: number"),
        ({"run": {"beta": -1}}, "run.beta: -1 is not allowed; allowed: at least 0"),
        (
            {"run": {"prior": {"spike_prob": 0}}},
            "run.prior.spike_prob: 0 is not allowed; allowed: more than 0 and less than 1",
        ),
        (
            {"run": {"prior": {"spike_prob": 1.5}}},
            "run.prior.spike_prob: 1.5 is not allowed; allowed: more than 0 and less than 1",
        ),
        (
            {"run": {"slab_warmup": {"end": 2}}},
            "run.slab_warmup.end: 2 is not allowed; allowed: at most 1",
        ),
        (
            {"run": {"slab_warmup": True}},
            "run.slab_warmup: True is not allowed; allowed: object or null",
        ),
        ({"seeds": [1, 1]}, "seeds: [1, 1] is not allowed; allowed: each value once"),
        ({"seeds": [-1]}, "seeds.0: -1 is not allowed; allowed: at least 0"),
        ({"study": "a b"}, "study: 'a b' is not allowed; allowed: names of the form ^[A-Za"),
        (
            {"models": {"VAE": {"family": "vae"}}},
            "models.VAE: 'VAE' is not allowed; allowed: names ",
        ),
        (
            {"datasets": {"cifar": {"latent_dims": [2]}}},
            "datasets.cifar: 'cifar' is not allowed; allowed: digits, smiley, mnist, fashion_mnist",
        ),
        ({"figures": ["pie"]}, "figures.0: 'pie' is not allowed; allowed: training_history, "),
        ({"mirrors": {"mnist": ["ftp://a"]}}, "mirrors.mnist.0: 'ftp://a' is not allowed; "),
        ({"run": {"network": {"channels": [1, 2]}}}, "run.network.channels: [1, 2] is not allowed"),
    ],
)
def test_the_key_the_value_and_what_is_allowed_are_named(changes, expected):
    assert message(merge(CONFIG, changes)).startswith(f"config: {expected}")


@pytest.mark.parametrize("name", ["study", "seeds", "models", "datasets"])
def test_a_missing_key_is_explained(name):
    config = {key: value for key, value in CONFIG.items() if key != name}
    description = yaml.safe_load(SCHEMA.read_text())["properties"][name]["description"]
    assert message(config) == f"config: {name}: missing; {description}"


def test_a_missing_key_further_down_is_named_with_its_path():
    config = merge(CONFIG, {"models": {"vae": None}}) | {"models": {"vae": {"beta": 2}}}
    assert message(config) == "config: models.vae.family: missing; Class of the model."


def test_long_values_are_cut():
    line = message(merge(CONFIG, {"run": {"beta": "x" * 500}}))
    assert len(line) < 150
    assert "xxx..." in line


def test_the_first_of_several_errors_is_shown():
    line = message(merge(CONFIG, {"run": {"spike": {"bias": "b"}, "beta": "a"}}))
    assert line.startswith("config: run.beta: 'a'")
