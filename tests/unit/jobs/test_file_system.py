import errno
import fcntl
import os
from pathlib import Path

import pytest
from sparsevae.jobs.file_system import lacks


def refuse(*arguments: object) -> None:
    raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))


def test_a_usual_folder_lacks_nothing_and_is_left_as_it_was(tmp_path):
    assert lacks(tmp_path / "results/quick") == []
    assert list((tmp_path / "results/quick").iterdir()) == []


@pytest.mark.parametrize(
    ("module", "name", "said"), [(fcntl, "flock", "locks"), (os, "fsync", "fsync")]
)
def test_what_a_file_system_refuses_is_one_line(tmp_path, monkeypatch, module, name, said):
    monkeypatch.setattr(module, name, refuse)
    [line] = lacks(tmp_path)
    assert line.startswith(f"WARNING: {tmp_path}: its file system has no {said}")
    assert "\n" not in line


def test_a_folder_that_cannot_be_written_to_is_left_to_the_first_job():
    assert lacks(Path("/dev/null/results")) == []
