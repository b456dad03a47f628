"""The same study elsewhere: another folder, user, locale, time zone, order of hashes and of jobs,
and a repository that cannot be written to. The bytes are the same."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout import SMOKE, copy_repository, results_of
from other_user import ONLY_ROOT, as_user, open_folder

NOBODY = 65534
pytestmark = ONLY_ROOT


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as folder:
        yield folder


def test_another_machine_makes_the_same_bytes(folder, smoke):
    repository, work, home = (folder / name for name in ("repository", "work", "home"))
    repository.mkdir()
    copy_repository(repository)
    for own in (work, home):
        own.mkdir()
        os.chown(own, NOBODY, NOBODY)
    before = sorted(repository.rglob("*"))
    surroundings = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LC_ALL": "C",
        "TZ": "Asia/Kathmandu",
        "PYTHONHASHSEED": "random",
    }
    configs = [str(repository / file) for file in SMOKE[1:]]
    command = as_user(NOBODY, sys.executable, "-m", "snakemake", "--cores", "1")
    command += ["--directory", str(work), "--snakefile", str(repository / "Snakefile")]
    command += [SMOKE[0], *configs]
    result = subprocess.run(
        command, cwd=home, env=surroundings, text=True, capture_output=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert results_of(work / "results/smoke") == results_of(smoke.root / "results/smoke")
    assert sorted(repository.rglob("*")) == before
    owners = {path.stat().st_uid for path in (work / "results").rglob("*")}
    assert owners == {NOBODY}
