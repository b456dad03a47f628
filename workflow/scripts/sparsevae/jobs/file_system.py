"""What some file systems refuse (Lustre without flock, CIFS, FUSE), and what is done without it.

A refusal is no reason to lose a study: a study says once, when it starts, what its folder lacks,
and jobs go on. Errors that mean damage or a full disk are not among the refusals.
"""

import contextlib
import errno
import fcntl
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

REFUSALS = frozenset(
    {errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOLCK, errno.EINVAL, errno.ENOTTY}
)


def refused(error: OSError) -> bool:
    """Return whether a file system does not offer what it was asked for."""
    return error.errno in REFUSALS


def sync(descriptor: int) -> None:
    """Have a file's contents written to the disk, if the file system knows how."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if not refused(error):
            raise


def try_lock(descriptor: int) -> bool:
    """Take the lock on a file if it is free. Raises OSError if the file system has no locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


_OFFERED: dict[str, Callable[[int], object]] = {
    "no locks (flock): nothing keeps two jobs off the same run, so do not start a study twice at a"
    " time": try_lock,
    "no fsync: a power cut may cost what was written in the last minutes": lambda d: os.fsync(d),
}


def lacks(folder: Path) -> list[str]:
    """Return a line for each thing that the file system of `folder` does not offer.

    None for a folder that cannot be written to: the first job reports that.
    """
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            refusals = [line for line, call in _OFFERED.items() if _refuses(call, file.fileno())]
            return [f"WARNING: {folder}: its file system has {line}" for line in refusals]
    return []


def _refuses(call: Callable[[int], object], descriptor: int) -> bool:
    try:
        call(descriptor)
    except OSError as error:
        return refused(error)
    return False
