"""Asking one address after the other for a file, until one of them gives the right one.

Standard library only. Each attempt has a folder of its own, so that what a broken download left
behind is never taken for the file, and is bounded in size and time.
"""

import http.client
import shutil
import socket
import tempfile
import time
import urllib.request
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sparsevae.data.limits import limited
from sparsevae.jobs.errors import DamagedFile, DataUnavailable

# What urllib and torchvision let through when a server refuses, stops halfway or sends a page.
FAILURES = (RuntimeError, OSError, EOFError, ValueError, zlib.error, http.client.HTTPException)
_BLOCK = 1 << 16
_PREFIX = ".download-"
T = TypeVar("T")


@contextmanager
def download_folder(beside: str | Path) -> Iterator[Path]:
    """A temporary folder in `beside`, without what a download that was killed left there."""
    beside = Path(beside)
    beside.mkdir(parents=True, exist_ok=True)
    for left in beside.glob(f"{_PREFIX}*"):
        shutil.rmtree(left)
    with tempfile.TemporaryDirectory(dir=beside, prefix=_PREFIX) as name:
        yield Path(name)


def from_first_mirror(
    name: str,
    urls: Sequence[str],
    get: Callable[[str, Path], T],
    folder: Path,
    *,
    rounds: int,
    pause: float,
    largest_file: int,
    seconds: float,
    advice: str,
) -> T:
    """`get(url, a folder of its own below folder)` for the first address where it does not fail.

    The addresses are tried in turn, `rounds` times, with a pause (seconds) between the rounds. No
    try writes a file above `largest_file` bytes or lasts more than `seconds`.
    Raises DataUnavailable when none answers, DamagedFile when one does with the wrong file: one
    line on `name` with every address and its last failure, and the `advice`.
    """
    failures: dict[str, Exception] = {}
    for turn in range(rounds):
        time.sleep(pause if turn else 0)
        for number, url in enumerate(urls):
            try:
                with limited(largest_file=largest_file, seconds=seconds):
                    return get(url, folder / f"{turn}-{number}")
            except (*FAILURES, DamagedFile) as error:
                failures[url] = error
    raise _no_mirror(name, failures, advice)


def save(url: str, path: Path, *, largest_size: int, timeout: float) -> None:
    """Downloads one file, in blocks. Raises one of FAILURES, or DamagedFile if it is too large."""
    if not url.startswith(("http://", "https://")):
        raise ValueError(f"{url} is no web address")
    path.parent.mkdir(parents=True, exist_ok=True)
    with urllib.request.urlopen(url, timeout=timeout) as response, path.open("wb") as file:
        announced = response.headers.get("Content-Length")
        size = 0
        while block := response.read(_BLOCK):
            size += len(block)
            if size > largest_size:
                raise DamagedFile(f"{path}: more than {largest_size:,} bytes; delete it")
            file.write(block)
    if announced is not None and size != int(announced):
        raise EOFError(f"ended after {size:,} of {int(announced):,} bytes")


@contextmanager
def socket_timeout(seconds: float) -> Iterator[None]:
    """For sockets made meanwhile: torchvision opens its own and sets none."""
    before = socket.getdefaulttimeout()
    socket.setdefaulttimeout(seconds)
    try:
        yield
    finally:
        socket.setdefaulttimeout(before)


def _no_mirror(name: str, failures: Mapping[str, Exception], advice: str) -> Exception:
    """One line on all addresses; a wrong file is worse news than no answer, and named as such."""
    wrong = any(isinstance(error, DamagedFile) for error in failures.values())
    tried = ", ".join(f"{url} ({_reason(error)})" for url, error in failures.items())
    message = f"{name}: no mirror gave the published file: {tried or 'the list is empty'}; {advice}"
    return DamagedFile(message) if wrong else DataUnavailable(message)


def _reason(error: Exception) -> str:
    if isinstance(error, DamagedFile):
        # The path is one in the temporary folder and the advice is on it: neither is of use here.
        return str(error).split(": ", 1)[1].rsplit("; ", 1)[0]
    # Torchvision's own message has a line for what it tried, then the reason.
    lines = str(error).split("got:\n")[-1].split()
    return " ".join(lines) or type(error).__name__
