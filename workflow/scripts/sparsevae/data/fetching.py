"""Fetching published files from the first address that has the right one, within bounds.

pooch is not used: it knows one address for a file, bounds neither its size nor the whole time, and
compares the hash of what was sent, which differs between mirrors that packed the same file.
"""

import contextlib
import http.client
import resource
import shutil
import signal
import tempfile
import threading
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from sparsevae.jobs import storage
from sparsevae.jobs.errors import DISK_ERRORS, DamagedFile, DataUnavailable

# What urllib lets through when a server refuses, stops halfway or sends a page.
FAILURES = (RuntimeError, OSError, EOFError, ValueError, zlib.error, http.client.HTTPException)
_BLOCK = 1 << 16
_PREFIX = ".download-"


@dataclass(frozen=True)
class Patience:
    """How long servers are waited for.

    rounds: how often all addresses are tried; pause: seconds between the rounds; timeout: seconds
    of silence after which a server has failed; seconds: that one file may take.
    """

    rounds: int = 3
    pause: float = 2.0
    timeout: float = 30.0
    seconds: float = 1800.0


PATIENCE = Patience()


class TooSlow(RuntimeError):
    """A download that has not ended in time."""


def fetch_verified(
    name: str,
    urls: Sequence[str],
    target: Path,
    verify: Callable[[Path], object],
    *,
    largest: int,
    advice: str,
    report: Callable[[str], None],
    patience: Patience = PATIENCE,
) -> Path:
    """Return `target`, fetched from the first address whose file passes `verify`.

    The file has its name only once it is whole and verified. `verify` raises DamagedFile; no more
    than `largest` bytes are written. Raises DataUnavailable when no address answers, DamagedFile
    when one does with the wrong file: one line on the dataset `name` with every address and its
    last failure, and the `advice`.
    """
    storage.remove_leftovers([target])
    failures: dict[str, Exception] = {}
    for turn in range(patience.rounds):
        time.sleep(patience.pause if turn else 0)
        for url in urls:
            report(f"{name}: fetching {url}")
            try:
                with (
                    storage.replacing(target) as temporary,
                    limited(largest_file=largest + 1, seconds=patience.seconds),
                ):
                    _save(url, temporary, largest, patience.timeout)
                    verify(temporary)
                return target
            except (*FAILURES, DamagedFile) as error:
                if isinstance(error, OSError) and error.errno in DISK_ERRORS:
                    raise
                failures[url] = error
    raise _no_mirror(name, failures, advice)


def _save(url: str, path: Path, largest: int, timeout: float) -> None:
    """Download one file, in blocks. Raises one of FAILURES, or DamagedFile if it is too large."""
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url} is no web address")
    with urllib.request.urlopen(url, timeout=timeout) as response, path.open("wb") as file:
        announced = response.headers.get("Content-Length")
        size = 0
        while block := response.read(_BLOCK):
            size += len(block)
            if size > largest:
                raise DamagedFile(f"{path}: more than {largest:,} bytes")
            file.write(block)
    if announced is not None and size != int(announced):
        raise EOFError(f"ended after {size:,} of {int(announced):,} bytes")


@contextmanager
def download_folder(beside: Path) -> Iterator[Path]:
    """Yield a temporary folder in `beside`, without what a download that was killed left there."""
    beside.mkdir(parents=True, exist_ok=True)
    for left in beside.glob(f"{_PREFIX}*"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(dir=beside, prefix=_PREFIX) as name:
        yield Path(name)


@contextmanager
def limited(*, largest_file: int, seconds: float) -> Iterator[None]:
    """Let no file grow above `largest_file` bytes, and end the block within `seconds`.

    For torchvision and others that know neither bound. Raises OSError (EFBIG) for the one and
    TooSlow for the other. The limits are the process's own, so that there is one such block at a
    time, in the main thread: RuntimeError elsewhere. A system that refuses the limit of size (some
    sandboxes do) leaves that of time.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("limits of a download are for the main thread of a process")

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlow(f"not done after {seconds:g} s")

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGALRM, stop)
    bounds = [size for size in (largest_file, soft) if size != resource.RLIM_INFINITY]
    _limit_files(min(bounds), hard)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        _limit_files(soft, hard)
        signal.signal(signal.SIGALRM, handler)


def _limit_files(size: int, hard: int) -> None:
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))


def _no_mirror(name: str, failures: Mapping[str, Exception], advice: str) -> Exception:
    """One line on all addresses; a wrong file is worse news than no answer, and named as such."""
    wrong = any(isinstance(error, DamagedFile) for error in failures.values())
    tried = ", ".join(f"{url} ({_reason(error)})" for url, error in failures.items())
    message = f"{name}: no mirror gave the published file: {tried or 'the list is empty'}; {advice}"
    return DamagedFile(message) if wrong else DataUnavailable(message)


def _reason(error: Exception) -> str:
    if isinstance(error, DamagedFile):
        return str(error).split(": ", 1)[1]  # the temporary file's path is of no use to anyone
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return " ".join(str(error).split()) or type(error).__name__
