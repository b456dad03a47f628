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

from sparsevae.jobs import made_from, storage
from sparsevae.jobs.errors import DISK_ERRORS, UserError
from sparsevae.jobs.locks import locked

SECONDS_BETWEEN_LINES = 15.0
SECONDS_FOR_ANOTHER = 60.0
# How torch, and what it calls, say that memory is out; MemoryError is Python's and NumPy's.
_OUT_OF_MEMORY = ("can't allocate memory", "not enough memory", "out of memory", "ALLOC_FAILED")
_SMALLER_RUN = "lower training.batch_size, evaluation.batch_size, network.hidden or latent_dims"
_FEWER_JOBS = "run fewer jobs at a time (--cores), or on a cluster raise mem_mb"


@contextmanager
def job(snakemake: Any) -> Iterator[Callable[[str], None]]:
    """Yield `report(line)`, which writes to the rule's log and, at most every 15 s, to the screen.

    A line that begins with WARNING is on the screen at once. What the user can fix (a UserError, a
    disk that is full or cannot be written, too little memory) ends the job with one line, anything
    else with its traceback in the log. Two jobs of the same outputs have the same log, beside which
    their lock is; the job that holds it clears away what a killed job left unfinished.
    """
    path = Path(snakemake.log[0])
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with (
            _ended_by_interrupts(),
            locked(path.with_suffix(".lock"), SECONDS_FOR_ANOTHER) as held,
            path.open("w", buffering=1, encoding="utf-8") as log,
        ):
            try:
                if not held:
                    log.write(f"{path.parent}: no locks on this file system\n")
                storage.remove_leftovers(snakemake.output)
                yield _reporter(log)
                made_from.leave(snakemake)
            except Exception as error:
                line = _line(error, snakemake)
                log.write(f"{line}\n" if line else traceback.format_exc())
                raise
    except Exception as error:
        line = _line(error, snakemake)
        if not line:
            raise
        print(line, file=sys.stderr, flush=True)
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


def _line(error: Exception, snakemake: Any) -> str | None:
    """What the user can fix, in one line; None for what is the program's own fault."""
    if isinstance(error, UserError):
        return f"{type(error).__name__}: {error}"
    if isinstance(error, OSError) and error.errno in DISK_ERRORS:
        # Results are written by `storage`, which names them; what has no name is the log.
        file = error.filename or snakemake.log[0]
        return f"{type(error).__name__}: {file}: {error.strerror}; nothing is lost"
    if _is_out_of_memory(error):
        wildcards = dict(snakemake.wildcards.items())
        name = "/".join(wildcards.values()) or snakemake.rule
        advice = f"{_SMALLER_RUN}, or {_FEWER_JOBS}" if "latent_dim" in wildcards else _FEWER_JOBS
        reason = " ".join(str(error).split())[:160]
        return f"OutOfMemory: {name}: too little memory ({reason}); {advice}"
    return None


def _is_out_of_memory(error: Exception) -> bool:
    if isinstance(error, OSError):
        return error.errno == errno.ENOMEM
    said = isinstance(error, RuntimeError) and any(text in str(error) for text in _OUT_OF_MEMORY)
    return said or isinstance(error, MemoryError)
