"""A lock on a file, so that of two jobs that think they own a run one waits, or fails in one line.

A cluster's jobs live on when the snakemake that submitted them was killed, and the next one submits
them again. The lock is the operating system's (flock): it ends with its process, however that ends,
and its file stays behind without meaning anything.
"""

import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sparsevae.jobs.errors import Locked

_BETWEEN_TRIES = 0.2


@contextmanager
def locked(path: Path, seconds: float) -> Iterator[None]:
    """Holds the lock on `path` while the block runs. Raises Locked if it is not free in time."""
    with path.open("a+", encoding="utf-8") as file:
        if not _acquired(file.fileno()) and not _acquired_in_time(file.fileno(), seconds):
            holder = path.read_text(encoding="utf-8").strip() or "another process"
            raise Locked(
                f"{path}: {holder} is at this job already; "
                "wait until it has ended, or end it (kill, scancel), and start again"
            )
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}\n")
        file.flush()
        yield


def _acquired(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _acquired_in_time(descriptor: int, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        time.sleep(_BETWEEN_TRIES)
        if _acquired(descriptor):
            return True
    return False
