"""What every script does around its work: a lock, a log, progress now and then, one-line errors."""

import errno
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any, TextIO

from sparsevae.jobs import storage
from sparsevae.jobs.errors import UserError
from sparsevae.jobs.locks import locked

SECONDS_BETWEEN_LINES = 15.0
SECONDS_FOR_ANOTHER = 60.0
# What a user can mend: no space, no quota, no permission, a read-only disk, an input/output error.
_OF_THE_DISK = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.EIO,
    errno.ESTALE,
)


@contextmanager
def job(snakemake: Any) -> Iterator[Callable[[str], None]]:
    """Yields `report(line)`, which writes to the rule's log and, at most every 15 s, to the screen.

    A line that begins with WARNING is on the screen at once. A UserError, or a disk that is full or
    not to be written, ends the job with one line, anything else with its traceback in the log. Two
    jobs of the same outputs have the same log, beside which their lock is; who holds it clears away
    what a job that was killed left unfinished.
    """
    path = Path(snakemake.log[0])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with (
            _ended_by_interrupts(),
            locked(path.with_suffix(".lock"), SECONDS_FOR_ANOTHER),
            path.open("w", buffering=1, encoding="utf-8") as log,
        ):
            try:
                storage.remove_leftovers(snakemake.output)
                yield _reporter(log)
            except Exception as error:
                log.write(_line(error) + "\n" if _mendable(error) else traceback.format_exc())
                raise
    except Exception as error:
        if not _mendable(error):
            raise
        print(_line(error), file=sys.stderr, flush=True)
        sys.exit(1)


@contextmanager
def _ended_by_interrupts() -> Iterator[None]:
    """Ctrl-C ends the job by SystemExit: scikit-learn takes a KeyboardInterrupt for the wish to
    stop fitting, and goes on with a classifier that is half fitted."""

    def end(number: int, frame: FrameType | None) -> None:
        sys.exit(128 + number)

    before = signal.signal(signal.SIGINT, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _reporter(log: TextIO) -> Callable[[str], None]:
    shown = time.monotonic()

    def report(line: str) -> None:
        nonlocal shown
        log.write(line + "\n")
        if line.startswith("WARNING"):
            print(line, file=sys.stderr, flush=True)
        elif time.monotonic() - shown >= SECONDS_BETWEEN_LINES:
            shown = time.monotonic()
            print(line, file=sys.stderr, flush=True)

    return report


def _mendable(error: Exception) -> bool:
    of_the_disk = isinstance(error, OSError) and error.errno in _OF_THE_DISK
    return isinstance(error, UserError) or of_the_disk


def _line(error: Exception) -> str:
    if isinstance(error, UserError):
        return f"{type(error).__name__}: {error}"
    file = error.filename or "a file"
    return f"{type(error).__name__}: {file}: {error.strerror}; nothing is lost"
