import errno
import fcntl
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sparsevae.jobs.errors import Locked
from sparsevae.jobs.locks import locked

PACKAGE = Path(__file__).parents[3] / "workflow/scripts"
HOLDER = """
import sys, time
from pathlib import Path
from sparsevae.jobs.locks import locked
with locked(Path(sys.argv[1]), 0.0):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the lock for some seconds."""
    started = []

    def start(seconds: float) -> Path:
        path = tmp_path / "run.lock"
        command = [sys.executable, "-c", HOLDER, str(path), str(seconds)]
        process = subprocess.Popen(command, cwd=PACKAGE, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout.readline() == "held\n"
        return path

    yield start
    for process in started:
        process.kill()
        process.wait()


def test_a_lock_that_is_held_is_waited_for(holder):
    path = holder(0.5)
    with locked(path, seconds=20.0):
        pass


def test_after_that_the_error_names_the_other_process(holder):
    path = holder(60)
    line = r"run\.lock: process \d+ on .* is at this job already; wait"
    with pytest.raises(Locked, match=line), locked(path, seconds=0.3):
        pass


def test_a_lock_ends_with_its_process(holder, tmp_path):
    path = holder(0)
    time.sleep(0.1)
    with locked(path, seconds=20.0):
        assert path.read_text().startswith("process ")


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK, errno.EINVAL])
def test_without_locks_on_the_file_system_the_block_runs(tmp_path, monkeypatch, number):
    def refuse(*arguments: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with locked(tmp_path / "run.lock", seconds=0.0) as held:
        assert not held


def test_a_disk_that_fails_is_no_file_system_without_locks(tmp_path, monkeypatch):
    def fail(*arguments: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(fcntl, "flock", fail)
    with pytest.raises(OSError, match="Input/output"), locked(tmp_path / "run.lock", seconds=0.0):
        pass


def test_a_block_that_fails_frees_its_lock(tmp_path):
    with pytest.raises(ZeroDivisionError), locked(tmp_path / "run.lock", seconds=0.0):
        raise ZeroDivisionError
    with locked(tmp_path / "run.lock", seconds=0.0):
        pass
