"""Paths, and what the report, editors and the reference take from the declarations."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from config_reference import file_schema, reference
from jsonschema import Draft202012Validator
from sparsevae.figures.catalogue import figure_names
from sparsevae.jobs.errors import ConfigError
from sparsevae.study.families import FAMILIES
from sparsevae.study.study import Study

CONFIG_FOLDER = Path(__file__).parents[3] / "config"
CONFIGS = sorted(CONFIG_FOLDER.glob("*.yaml"))
CONFIG: dict[str, Any] = {
    "study": "trial",
    "seeds": [1],
    "models": {"vae": {"family": "vae"}},
    "datasets": {"digits": {"latent_dims": [2]}},
}


@pytest.mark.parametrize("key", ["results_dir", "datasets_dir", "container"])
def test_home_and_variables_in_paths_are_expanded(key, monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.setenv("SCRATCH", "/scratch")
    values = ("~/x", "$SCRATCH/x", "${SCRATCH}/x", "~", "docker://a/b")
    found = [getattr(Study(CONFIG | {key: value}).settings, key) for value in values]
    assert found == ["/home/me/x", "/scratch/x", "/scratch/x", "/home/me", "docker://a/b"]


def test_files_go_where_the_home_is(monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    assert Study(CONFIG | {"results_dir": "~/r"}).folder == Path("/home/me/r/trial")


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("results_dir", "$NOT_SET_AT_ALL/x", "environment variables that are set"),
        ("datasets_dir", "${NOT_SET_AT_ALL}", "environment variables that are set"),
        ("container", "$NOT_SET_AT_ALL.sif", "environment variables that are set"),
        ("results_dir", "~no_such_user/x", "~, and ~user of users that this machine knows"),
        ("results_dir", "r{x}", "paths without {, }, *, ? and line breaks, which Snakemake"),
        ("results_dir", "", "text"),
    ],
)
def test_paths_that_name_nothing(key, value, expected, monkeypatch):
    monkeypatch.delenv("NOT_SET_AT_ALL", raising=False)
    with pytest.raises(ConfigError) as error:
        Study(CONFIG | {key: value})
    assert str(error.value).startswith(
        f"config: {key}: {value!r} is not allowed; allowed: {expected}"
    )


def test_written_files_are_up_to_date():
    assert (CONFIG_FOLDER / "README.md").read_text(encoding="utf-8") == reference(), "make docs"
    assert (CONFIG_FOLDER / "config.schema.json").read_text(encoding="utf-8") == file_schema()


@pytest.mark.parametrize("file", CONFIGS, ids=lambda file: file.stem)
def test_editors_find_the_schema_and_find_no_fault_in_a_config(file):
    text = file.read_text(encoding="utf-8")
    assert text.splitlines()[0] == "# yaml-language-server: $schema=config.schema.json"
    validator = Draft202012Validator(json.loads(file_schema()))
    assert not list(validator.iter_errors(yaml.safe_load(text)))


@pytest.mark.parametrize(
    "wrong",
    [
        {"typo": 1},
        {"run": {"beta": -1}},
        {"models": {"vae": {"family": "vea"}}},
        {"datasets": {"digits": {"latent_dims": []}}},
        {"seeds": [1, 1]},
        {"figures": ["pie"]},
    ],
)
def test_editors_find_what_a_study_refuses(wrong):
    assert list(Draft202012Validator(json.loads(file_schema())).iter_errors(wrong))


def test_choices_are_those_of_the_registries():
    schema = json.loads(file_schema())
    study, model = schema["properties"], schema["$defs"]["ModelSettings"]["properties"]
    assert study["figures"]["items"]["enum"] == list(figure_names())
    assert model["family"]["enum"] == list(FAMILIES)


def test_every_setting_is_in_the_reference_with_its_default():
    lines = reference().splitlines()
    rows = {line.split("|")[1].strip(): line for line in lines if line.startswith("| `")}
    assert rows["`beta_annealing.first`"].endswith("| `1.0` |")
    assert rows["`training.decay_at`"].endswith("; fraction of the training | `0.5` |")
    assert "Used if `training.schedule` is step." in rows["`training.decay_at`"]
    assert "For families vsc." in rows["`slab`"]
    assert all(row.split(" | ")[1].strip() for row in rows.values()), "a setting is not described"
