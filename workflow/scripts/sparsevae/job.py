"""What every script does around its work: a log, progress now and then, one-line errors."""

import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sparsevae.errors import UserError

SECONDS_BETWEEN_LINES = 15.0


@contextmanager
def job(snakemake: Any) -> Iterator[Callable[[str], None]]:
    """Yields `report(line)`, which writes to the rule's log and, at most every 15 s, to the screen.

    A line that begins with WARNING is on the screen at once.
    A UserError ends the job with its one line, anything else with its traceback in the log.
    """
    path = Path(snakemake.log[0])
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", buffering=1) as log:
        shown = time.monotonic()

        def report(line: str) -> None:
            nonlocal shown
            log.write(line + "\n")
            if line.startswith("WARNING"):
                print(line, file=sys.stderr, flush=True)
            elif time.monotonic() - shown >= SECONDS_BETWEEN_LINES:
                shown = time.monotonic()
                print(line, file=sys.stderr, flush=True)

        try:
            yield report
        except UserError as error:
            log.write(f"{type(error).__name__}: {error}\n")
            print(f"{type(error).__name__}: {error}", file=sys.stderr, flush=True)
            sys.exit(1)
        except Exception:
            log.write(traceback.format_exc())
            raise
