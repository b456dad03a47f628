"""Machines that lack something: a GPU, a home that can be written to, file locks, a simple path."""

import os
import shutil
import subprocess
import sys

import pytest
from checkout import REPOSITORY, SMOKE, Checkout
from other_user import ONLY_ROOT, as_user, open_folder

DATA = "resources/datasets/digits/train.npz"
RUN = "results/smoke/runs/digits/ae/latent-2/seed-1"
NOBODY = 65534
HAS_GPU = any(os.path.exists(f"/dev/{name}") for name in ("nvidia0", "dxg", "kfd"))  # noqa: PTH110


@pytest.fixture(scope="module")
def fresh(new_checkout) -> Checkout:
    return new_checkout()


@pytest.mark.skipif(HAS_GPU, reason="this machine has a GPU")
def test_a_gpu_that_is_not_there_stops_a_training_before_any_job(fresh):
    wanted = (f"{RUN}/metrics.json", *SMOKE, "--config", "device=cuda")
    result = fresh.snakemake(*wanted)
    assert result.returncode == 1
    assert result.stderr.count("ConfigError: device: cuda is asked for and this machine") == 1
    assert "Traceback" not in result.stderr
    assert not (fresh.root / DATA).exists()
    assert fresh.planned(*wanted) == {"prepare_digits": 1, "train_and_evaluate": 1}
    # The lock is free, and what needs no GPU is made.
    assert fresh.snakemake(DATA, *SMOKE, "--config", "device=cuda").returncode == 0


def test_a_file_system_without_locks_chmod_links_and_fsync_still_keeps_a_run(fresh):
    result = fresh.snakemake(
        f"{RUN}/metrics.json",
        *SMOKE,
        SPARSEVAE_POOR=str(fresh.root / "results"),
        PYTHONPATH=str(REPOSITORY / "tests/support/poor_file_system"),
    )
    assert result.returncode == 0, result.stdout + result.stderr
    warnings = [line for line in result.stderr.splitlines() if "its file system has no" in line]
    assert len(warnings) == 2
    assert (fresh.root / RUN / "metrics.json").exists()
    log = (fresh.root / "results/smoke/logs/runs/digits/ae/latent-2/seed-1.log").read_text(
        encoding="utf-8"
    )
    assert log.count("no locks on this file system") == 1


@pytest.mark.parametrize(
    ("name", "python"), [("my study", True), ("R&D", True), ("a{b}", False)], ids=str
)
def test_a_path_that_snakemake_cannot_stand_is_one_line(fresh, tmp_path, name, python):
    """The space is in the path of Python, as of a virtual environment in the checkout."""
    folder = tmp_path / name
    shutil.copytree(fresh.root, folder, ignore=shutil.ignore_patterns("results", ".snakemake"))
    (folder / "venv").symlink_to(sys.prefix)
    command = [str(folder / "venv/bin/python") if python else sys.executable, "-m", "snakemake"]
    done = subprocess.run(
        [*command, "--cores", "1", "--dry-run", *SMOKE],
        cwd=folder,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    complaints = [line for line in done.stderr.splitlines() if "Error" in line]
    assert len(complaints) == 1, done.stderr
    assert complaints[0].startswith(f"ConfigError: {folder}")
    assert "Snakemake cannot work with" in complaints[0]


@ONLY_ROOT
def test_with_another_cache_a_home_may_be_read_only(fresh):
    with open_folder() as folder:
        home, work = folder / "home", folder / "work"
        home.mkdir()
        work.mkdir()
        os.chown(work, NOBODY, NOBODY)
        command = as_user(NOBODY, sys.executable, "-m", "snakemake", "--cores", "1", DATA)
        command += ["--snakefile", str(REPOSITORY / "Snakefile"), SMOKE[0]]
        surroundings = {"PATH": os.environ["PATH"], "HOME": str(home)}
        done = subprocess.run(
            [*command, *(str(REPOSITORY / file) for file in SMOKE[1:])],
            cwd=work,
            env=surroundings | {"XDG_CACHE_HOME": str(work / ".cache")},
            text=True,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert list(home.iterdir()) == []
