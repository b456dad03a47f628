"""A model card: front matter that YAML reads, and numbers that are the run's."""

import pytest
import yaml
from sparsevae.report.card import card, card_facts
from sparsevae.study.study import Study

RUN = {"dataset": "digits", "model": "nan", "family": "vsc", "latent_dim": 4, "seed": 1}
DATA = {"shape": [1, 8, 8], "classes": ["0", "no"], "train_size": 90, "test_size": 10}
METRICS = {"iwae": -30.125, "iwae_test_standard_error": 0.5, "kl": None, "collapsed": 0}
SEEDS = [METRICS, METRICS | {"iwae": -32.125}]


def made(metrics=METRICS, of_seeds=SEEDS) -> str:
    return card(RUN, {"prior": {"spike_prob": 0.2}}, DATA, metrics, of_seeds)


def test_the_front_matter_is_what_hubs_read():
    _, header, body = made().split("---\n", 2)
    about = yaml.safe_load(header)
    assert (about["license"], about["library_name"]) == ("apache-2.0", "sparsevae")
    assert about["datasets"] == ["digits"]
    ((model,),) = [about["model-index"]]
    (result,) = model["results"]
    assert {"type", "name", "value"} == result["metrics"][0].keys()
    assert result["metrics"] == [{"type": "iwae", "name": "iwae", "value": -30.125}]
    assert result["task"]["type"]
    assert result["dataset"]["type"]
    assert result["dataset"]["name"]
    assert body.startswith("\n# nan-digits-latent-4-seed-1\n")


def test_measures_have_the_error_of_the_run_and_the_spread_of_the_seeds():
    row = next(line for line in made().splitlines() if line.startswith("| `iwae`"))
    assert row.split(" | ")[1:4] == ["-30.12 ± 0.5", "-31.12", "1.414"]
    assert "| `kl`" not in made()
    assert "spread over seeds" not in made()


def test_what_is_wrong_with_a_run_is_among_its_limits():
    assert "collapsed" not in made()
    limits = made(METRICS | {"collapsed": 1}, [METRICS]).split("## Limits")[1]
    assert "This run collapsed" in limits
    assert "one seed" in limits


def test_the_facts_of_a_run_are_its_own():
    config = {"study": "s", "seeds": [1], "models": {"v": {"family": "vae", "beta": 4}}}
    study = Study(config | {"datasets": {"digits": {"latent_dims": [3]}}})
    facts = card_facts(study, study.runs["digits", "v", 3, 1])
    assert facts["run"]["family"] == "vae"
    assert facts["settings"] == {"beta": 4}  # and no default
    assert facts["data"]["shape"] == [1, 8, 8]
    assert facts["data"]["train_size"] + facts["data"]["test_size"] == 1797


@pytest.mark.parametrize("word", ["spike_prob: 0.2", "(1, 8, 8), 90 for training and 10", "0, no"])
def test_settings_and_data_are_stated(word):
    assert word in made()
