"""SIGINT and SIGTERM while a model trains: held back until its progress is saved."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interruption:
    """The signal that waits, if any; `deliver` passes it on to whoever handled it before."""

    def __init__(self) -> None:
        self.pending: int | None = None
        self._before = {number: signal.getsignal(number) for number in SIGNALS}

    @property
    def name(self) -> str:
        """The name of the signal that waits, for example SIGINT."""
        return "" if self.pending is None else signal.Signals(self.pending).name

    def hold(self) -> None:
        """Keep signals back from now on; the second one is not."""
        for number in SIGNALS:
            signal.signal(number, self._receive)

    def release(self) -> None:
        """Give signals to whoever handled them before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def deliver(self) -> None:
        """Pass the waiting signal on. Return only if its handler lets the program continue."""
        number, self.pending = self.pending, None
        self.release()
        if number is not None:
            signal.raise_signal(number)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        if self.pending is not None:
            self.deliver()
        self.pending = number


@contextmanager
def held_back() -> Iterator[Interruption]:
    """Hold SIGINT and SIGTERM back: one waits in `pending`, a second one ends the program at once.

    A signal that still waits at the end is passed on then. Only the main thread can hold signals.
    """
    interruption = Interruption()
    if threading.current_thread() is not threading.main_thread():
        yield interruption
        return
    interruption.hold()
    try:
        yield interruption
    except BaseException:
        interruption.release()
        raise
    interruption.deliver()
