"""A new setting is one declaration and its use, a new model one file and a registry line."""

import json
import os
import subprocess
import sys

import pytest
import yaml
from checkout import REPOSITORY, Checkout

PACKAGE = "workflow/scripts/sparsevae"
STUDY = {
    "study": "new",
    "seeds": [1],
    "run": {
        "network": {"hidden": [8]},
        "training": {"epochs": 1},
        "evaluation": {"iwae_images": 10, "max_images": 50},
    },
    "models": {"mine": {"family": "halved", "training": {"gain": "5e-1"}}},
    "datasets": {"digits": {"latent_dims": [2]}},
}
SETTING = """    gain: Number = setting(
        1.0,
        "Factor of the new model's objective.",
        unit="units of its own",
        used_with={"training.schedule": ("cosine",)},
        gt=0,
    )
    learning_rate:"""
MODEL = '''"""A VAE whose objective is scaled."""

from dataclasses import replace

from sparsevae.models.vae import VAE


class Halved(VAE):
    """loss = gain (reconstruction + beta KL)."""

    def objective(self, inputs, schedule, noise):
        terms = super().objective(inputs, schedule, noise)
        return replace(terms, loss=self.config.training.gain * terms.loss)
'''
LINE = """FAMILIES: dict[str, Family] = {
    "halved": Family("halved", "Halved", (*OF_A_BOUND, "training.gain")),"""


@pytest.fixture(scope="module")
def extended(new_checkout) -> Checkout:
    """A checkout with the setting `training.gain` and the family `halved`, and its study."""
    checkout = new_checkout()
    checkout.edit(f"{PACKAGE}/study/settings.py", "    learning_rate:", SETTING)
    (checkout.root / f"{PACKAGE}/models/halved.py").write_text(MODEL, encoding="utf-8")
    families = f"{PACKAGE}/study/families.py"
    checkout.edit(families, "FAMILIES: dict[str, Family] = {", LINE)
    (checkout.root / "new.yaml").write_text(yaml.safe_dump(STUDY), encoding="utf-8")
    return checkout


def python(checkout: Checkout, *arguments: str) -> str:
    path = os.pathsep.join([str(checkout.root / "workflow/scripts"), str(REPOSITORY / "tools")])
    command = [sys.executable, *arguments]
    environment = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(
        command, cwd=checkout.root, env=environment, text=True, capture_output=True, check=False
    )
    return done.stdout + done.stderr


def test_they_are_in_the_reference_and_in_the_schema_of_editors(extended):
    assert not python(extended, "-m", "config_reference", "config")
    readme = (extended.root / "config/README.md").read_text(encoding="utf-8")
    assert (
        "| `training.gain` | Factor of the new model's objective. For families halved. Used if "
        "`training.schedule` is cosine. | number more than 0; units of its own | `1.0` |" in readme
    )
    text = (extended.root / "config/config.schema.json").read_text(encoding="utf-8")
    definitions = json.loads(text)["$defs"]
    assert definitions["Training"]["properties"]["gain"]["exclusiveMinimum"] == 0
    assert "halved" in definitions["ModelSettings"]["properties"]["family"]["enum"]


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (
            {"family": "halved", "training": {"gain": 0}},
            "models.mine.training.gain: 0 is not allowed; allowed: number more than 0",
        ),
        (
            {"family": "vae", "training": {"gain": 2}},
            "family vae has no training.gain; allowed for families: halved",
        ),
        (
            {"family": "halved", "training": {"gain": 2, "schedule": "step"}},
            "allowed with training.schedule: cosine, which is step",
        ),
        ({"family": "half"}, "models.mine.family: 'half' is not allowed; allowed: halved, ae, vae"),
    ],
)
def test_they_are_checked(extended, model, expected):
    wrong = {**STUDY, "models": {"mine": model}}
    (extended.root / "wrong.yaml").write_text(yaml.safe_dump(wrong), encoding="utf-8")
    line = python(extended, "-m", "check_config", "wrong.yaml")
    assert line.startswith("ConfigError: ")
    assert expected in line


def test_a_study_uses_them(extended):
    folder = extended.root / "results/new/runs/digits/mine/latent-2/seed-1"
    result = extended.snakemake("--configfile", "new.yaml", "--until", "train_and_evaluate")
    assert result.returncode == 0, result.stdout + result.stderr
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert config["family"] == "halved"
    assert config["training"]["gain"] == 0.5
    header, first, *_ = (folder / "history.csv").read_text(encoding="utf-8").splitlines()
    row = dict(zip(header.split(","), map(float, first.split(",")), strict=True))
    whole = row["train_reconstruction"] + row["train_kl_slab"]
    assert row["train_loss"] == pytest.approx(0.5 * whole, rel=1e-5)


def test_an_edit_of_a_family_trains_only_its_own_runs_again(extended):
    """importlib is not followed: each run's digest starts from its own family's module."""
    both = {**STUDY, "models": {**STUDY["models"], "vae": {"family": "vae"}}}
    (extended.root / "both.yaml").write_text(yaml.safe_dump(both), encoding="utf-8")
    arguments = ("--configfile", "both.yaml", "--until", "train_and_evaluate")
    assert extended.snakemake(*arguments).returncode == 0
    assert extended.planned(*arguments) == {}
    extended.edit(f"{PACKAGE}/models/halved.py", "scaled.", "scaled again.")
    assert extended.planned(*arguments) == {"train_and_evaluate": 1}
    extended.edit(f"{PACKAGE}/models/halved.py", "scaled again.", "scaled.")
    extended.edit(f"{PACKAGE}/study/families.py", '"halved": Family', '"more": Family')
    (extended.root / "vae.yaml").write_text(
        yaml.safe_dump({**both, "models": {"vae": {"family": "vae"}}}), encoding="utf-8"
    )
    assert extended.planned("--configfile", "vae.yaml", "--until", "train_and_evaluate") == {}
