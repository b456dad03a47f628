"""A wrong config stops before any job, with one line that names the key and what is allowed."""

from collections.abc import Callable

import pytest
import yaml
from checkout import Checkout

BASE = {
    "study": "bad",
    "seeds": [1],
    "models": {"vsc": {"family": "vsc"}},
    "datasets": {"digits": {"latent_dims": [4]}},
}


@pytest.fixture(scope="module")
def fresh(new_checkout) -> Checkout:
    return new_checkout()


CASES = {
    "unknown key": ({"epoch": 3}, "epoch", "no such key; allowed: study, "),
    "unknown nested key": (
        {"run": {"training": {"epoch": 3}}},
        "run.training.epoch",
        "no such key; allowed: epochs, ",
    ),
    "negative latent size": (
        {"datasets": {"digits": {"latent_dims": [-4]}}},
        "datasets.digits.latent_dims.0: -4",
        "at least 1",
    ),
    "no such family": (
        {"models": {"vsc": {"family": "gan"}}},
        "models.vsc.family",
        "ae, vae, tcvae, vsc",
    ),
    "no such model": (
        {"datasets": {"digits": {"latent_dims": [4], "models": ["gan"]}}},
        "datasets.digits.models: gan",
        "allowed: vsc",
    ),
    "no such dataset": (
        {"datasets": {"cifar": {"latent_dims": [4]}}},
        "datasets.cifar",
        "allowed: digits, smiley, mnist, fashion_mnist",
    ),
    "alpha of 1": (
        {"models": {"vsc": {"family": "vsc", "prior": {"spike_prob": 1.0}}}},
        "models.vsc.prior.spike_prob: 1.0",
        "number at least 1e-06 and at most 0.999999",
    ),
    "latent grid without two latents": (
        {"figures": ["latent_grid"]},
        "figures: latent_grid needs latent size 2",
        "datasets.digits.latent_dims has 4",
    ),
    "missing key": ({"seeds": None}, "seeds: None", "list: integer at least 0"),
    "a prior of a model that has none": (
        {"models": {"vae": {"family": "vae", "prior": {"kind": "fixed"}}}},
        "models.vae.prior",
        "allowed for families: vsc",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_one_line_names_the_key_and_what_is_allowed(fresh, case):
    check(fresh, case, fresh.parsed)


def test_the_command_line_ends_with_the_same_line(fresh):
    check(fresh, "unknown nested key", fresh.snakemake)


def check(fresh: Checkout, case: str, call: Callable) -> None:
    change, key, allowed = CASES[case]
    (fresh.root / "bad.yaml").write_text(yaml.safe_dump(BASE | change))
    result = call("--configfile", "bad.yaml")
    complaint = [line for line in result.stderr.splitlines() if "Error" in line]
    assert result.returncode != 0
    assert len(complaint) == 1, result.stderr
    assert "Traceback" not in result.stderr
    assert key in complaint[0]
    assert allowed in complaint[0]
    assert not (fresh.root / "results").exists()
