"""The same study elsewhere: another folder, user, locale, time zone and order of hashes, and a
repository that cannot be written to. The bytes are the same."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout import SMOKE, copy_repository, results_of

NOBODY = 65534
pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None,
    reason="only root with setpriv can become another user",
)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """Where another user can get in; pytest's own folders are their owner's."""
    folder = Path(tempfile.mkdtemp(prefix="sparsevae-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_nobody(*command: str) -> list[str]:
    """As another user who owns nothing; who may read all, as Python may be in a user's home."""
    user = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    reads = [f"--{kind}-caps=-all,+dac_read_search" for kind in ("inh", "ambient")]
    return ["setpriv", *user, *reads, *command]


def test_another_machine_makes_the_same_bytes(open_folder, smoke):
    repository, work, home = (open_folder / name for name in ("repository", "work", "home"))
    repository.mkdir()
    copy_repository(repository)
    for folder in (work, home):
        folder.mkdir()
        os.chown(folder, NOBODY, NOBODY)
    before = sorted(repository.rglob("*"))
    surroundings = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "LC_ALL": "C",
        "TZ": "Asia/Kathmandu",
        "PYTHONHASHSEED": "random",
    }
    configs = [str(repository / file) for file in SMOKE[1:]]
    command = as_nobody(sys.executable, "-m", "snakemake", "--cores", "2", "--directory", str(work))
    command += ["--snakefile", str(repository / "Snakefile"), SMOKE[0], *configs]
    result = subprocess.run(
        command, cwd=home, env=surroundings, text=True, capture_output=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    assert results_of(work / "results/smoke") == results_of(smoke.root / "results/smoke")
    assert sorted(repository.rglob("*")) == before
    owners = {path.stat().st_uid for path in (work / "results").rglob("*")}
    assert owners == {NOBODY}
