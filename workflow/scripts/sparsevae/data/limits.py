"""Bounds on what a download may write and how long it may take, whoever does the downloading.

Torchvision's downloads know neither: a server that sends for ever would fill the disk, and one that
sends a byte now and then would never be given up.
"""

import resource
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class TooSlow(RuntimeError):
    """No OSError, after which torchvision would try again by http, without a limit."""


@contextmanager
def limited(*, largest_file: int, seconds: float) -> Iterator[None]:
    """No file grows above `largest_file` bytes, and the block ends within `seconds`.

    Raises OSError (EFBIG) for the one and TooSlow for the other. The limits are the
    process's own, so there is one such block at a time, in the main thread: RuntimeError elsewhere.
    """
    if threading.current_thread() is not threading.main_thread():
        raise RuntimeError("limits of a download are for the main thread of a process")

    def stop(number: int, frame: FrameType | None) -> None:
        raise TooSlow(f"not done after {seconds:g} s")

    size, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGALRM, stop)
    resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, hard))
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
        signal.signal(signal.SIGALRM, handler)
