"""Commands as another user of the machine, and a folder that all users can get to."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ONLY_ROOT = pytest.mark.skipif(
    os.geteuid() != 0 or shutil.which("setpriv") is None,
    reason="only root with setpriv can become another user",
)


@contextmanager
def open_folder() -> Iterator[Path]:
    """Where another user can get in; pytest's own folders are their owner's."""
    folder = Path(tempfile.mkdtemp(prefix="sparsevae-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def as_user(number: int, *command: str) -> list[str]:
    """As a user who owns nothing, and who may read all, as Python may be in a user's home."""
    user = [f"--reuid={number}", f"--regid={number}", "--clear-groups"]
    reads = [f"--{kind}-caps=-all,+dac_read_search" for kind in ("inh", "ambient")]
    return ["setpriv", *user, *reads, *command]
