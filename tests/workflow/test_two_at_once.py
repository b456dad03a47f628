"""Two snakemakes that write to one results folder, and so two jobs that own one run: no corruption.

In half of the tries they share the working folder, too, without Snakemake's own lock (as after
`--unlock` while the jobs of a snakemake that was killed live on); in the others each has its own.
"""

import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from checkout import Checkout, results_of
from counts import tries

SEED = int(os.environ.get("SPARSEVAE_FAULTS_SEED", "20261123"))
RUN = "two/runs/digits/ae/latent-2/seed-1/metrics.json"


def study_in(checkout: Checkout, results: Path) -> list[str]:
    """Writes a study of one run that saves a checkpoint every few steps; how to ask for the run."""
    training = {"epochs": 30, "checkpoint_every": 5}
    settings = {"network": {"hidden": [8]}, "training": training}
    study = {
        "study": "two",
        "results_dir": str(results),
        "seeds": [1],
        "models": {"ae": {"family": "ae"}},
        "datasets": {"digits": {"latent_dims": [2], "run": settings}},
    }
    (checkout.root / "study.yaml").write_text(yaml.safe_dump(study))
    return ["--configfile", "study.yaml", "--", str(results / RUN)]


@pytest.fixture(scope="module")
def undisturbed(new_checkout, tmp_path_factory) -> dict[str, bytes]:
    checkout, results = new_checkout(), tmp_path_factory.mktemp("alone")
    assert checkout.snakemake(*study_in(checkout, results)).returncode == 0
    return results_of(results / "two")


def start(checkout: Checkout, log: Path, *arguments: str) -> subprocess.Popen:
    with log.open("w", encoding="utf-8") as screen:
        return subprocess.Popen(
            [sys.executable, "-m", "snakemake", "--cores", "1", *arguments],
            cwd=checkout.root,
            stdout=screen,
            stderr=subprocess.STDOUT,
        )


@pytest.mark.parametrize("number_of_tries", [2, pytest.param(tries(20, 8), marks=pytest.mark.slow)])
def test_two_snakemakes_on_one_results_folder(new_checkout, tmp_path, undisturbed, number_of_tries):
    chance = random.Random(SEED)
    checkouts = [new_checkout(), new_checkout()]
    for number in range(number_of_tries):
        results = tmp_path / f"results-{number}"
        pair = checkouts if number % 2 else checkouts[:1] * 2
        processes = []
        for index, checkout in enumerate(pair):
            log = tmp_path / f"{number}-{index}.log"
            processes.append(start(checkout, log, "--nolock", *study_in(checkout, results)))
            time.sleep(chance.uniform(0, 2) * (1 - index))
        # One of the two may give up, with one line, and is then called again.
        codes = [process.wait(timeout=300) for process in processes]
        if any(codes):
            again = checkouts[0].snakemake(*study_in(checkouts[0], results))
            assert again.returncode == 0, f"seed {SEED}, try {number}: {again.stderr}"
        assert results_of(results / "two") == undisturbed, f"seed {SEED}, try {number}"
        shutil.rmtree(results)
