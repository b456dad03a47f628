"""Kills a job at a step of a write that the test chose; Python itself imports this, if PYTHONPATH
has its folder.

SPARSEVAE_KILL_POINTS has one point a line, `<final path>:<step>`; each kill is appended to
SPARSEVAE_KILL_LOG. The steps are those of storage.replacing, seen as Python's audit events, so that
nothing in the workflow knows of them.
"""

import os
import signal
import sys
from pathlib import Path

POINTS = set(os.environ.get("SPARSEVAE_KILL_POINTS", "").split())


def step_of(event: str, arguments: tuple) -> str | None:
    """What is about to be done with a temporary file."""
    if event == "open":
        _, mode, flags = arguments
        if mode is None:
            return "create" if flags & os.O_EXCL else None
        return "write" if "w" in mode else "sync"
    steps = {"os.chmod": "chmod", "os.rename": "rename", "os.remove": "clean", "os.link": "link"}
    return steps.get(event)


def final_path(temporary: str) -> Path:
    """`folder/name` of the temporary `folder/.name.random.part`."""
    path = Path(os.path.relpath(temporary))
    return path.with_name(path.name[1:].rsplit(".", 2)[0])


def kill_here(event: str, arguments: tuple) -> None:
    if event != "open" and not event.startswith("os."):
        return
    temporary = str(arguments[1 if event == "os.link" else 0]) if arguments else ""
    if not temporary.endswith(".part"):
        return
    point = f"{final_path(temporary)}:{step_of(event, arguments)}"
    if point not in POINTS:
        return
    POINTS.clear()
    with Path(os.environ["SPARSEVAE_KILL_LOG"]).open("a", encoding="utf-8") as log:
        log.write(point + "\n")
    if point.endswith(":write"):
        Path(temporary).write_bytes(b"half a file")
    os.kill(os.getpid(), signal.SIGKILL)


if POINTS:
    sys.addaudithook(kill_here)
