"""The stages of the continuous integration run every test once, and fail when one of them fails."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from checkout import REPOSITORY

STAGES = ("lint", "test", "test-slow")


def stub(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize("failing", [None, *STAGES])
def test_the_integration_ends_at_the_first_stage_that_fails(failing, tmp_path):
    calls = tmp_path / "calls"
    stub(tmp_path, "make", f'echo "$@" >> {calls}; [ "$*" != "{failing}" ]')
    stub(tmp_path, "apt-get", "exit 0")
    done = subprocess.run(
        ["bash", REPOSITORY / ".ci/run"],
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        check=False,
    )
    wanted = STAGES[: STAGES.index(failing) + 1] if failing else STAGES
    assert calls.read_text(encoding="utf-8").split() == list(wanted)
    assert (done.returncode == 0) == (failing is None)


def pytest_of(target: str) -> list[str]:
    """The arguments that a target of the Makefile gives to pytest."""
    done = subprocess.run(
        ["make", "--dry-run", target], cwd=REPOSITORY, text=True, capture_output=True, check=True
    )
    [line] = [line for line in done.stdout.splitlines() if "-m pytest" in line]
    return shlex.split(line.partition("-m pytest")[2])


def run_pytest(*arguments: str, **variables: str) -> str:
    """The output of a pytest beside this one."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    command = [sys.executable, "-m", "pytest", *arguments, "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "--numprocesses", "0"],
        cwd=REPOSITORY,
        env=ours | variables,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_two_stages_are_what_is_slow_and_all_else():
    every = pytest_of("test-all")
    assert pytest_of("test") == [*every, "-m", "not slow"]
    assert pytest_of("test-slow") == [*every, "-m", "slow"]


def test_every_file_of_tests_is_below_a_path_that_pytest_searches():
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    paths = settings["tool"]["pytest"]["ini_options"]["testpaths"]
    files = list((REPOSITORY / "tests").rglob("test_*.py"))
    assert len(files) > 100
    missed = [f for f in files if not any(f.is_relative_to(REPOSITORY / path) for path in paths)]
    assert missed == []


@pytest.mark.parametrize(("stage", "folder"), [("test", "workflow"), ("test-slow", "slow")])
def test_a_stage_finds_its_tests_and_leaves_out_the_others(stage, folder):
    suites = ("tests/slow", "tests/workflow/test_environments.py")
    said = run_pytest(*pytest_of(stage), *suites, "--collect-only", "-q")
    assert set(re.findall(r"^tests/(\w+)/\S+\.py::", said, re.M)) == {folder}


def test_what_skips_for_want_of_a_program_runs_no_study(tmp_path):
    """Browser and cluster, where only Python is on the path."""
    (tmp_path / "bin").mkdir()
    suites = ("tests/browser", "tests/slow/test_slurm.py")
    folder = tmp_path / "pytest"
    said = run_pytest(*suites, "-q", f"--basetemp={folder}", PATH=str(tmp_path / "bin"))
    assert re.search(r"^\d+ skipped", said, re.M), said
    assert not folder.exists()


def test_no_two_files_of_tests_have_the_same_name():
    """pytest imports them by name, and collects neither of two."""
    names = [file.name for file in (REPOSITORY / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
