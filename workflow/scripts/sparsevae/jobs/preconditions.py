"""What has to hold before anything is installed or run: Python's version and two paths.

`make` runs this file with whatever Python there is: it imports nothing of the package, and has no
syntax that is newer than Python 3.6.
"""

import re
import sys
from pathlib import Path

OLDEST_PYTHON = (3, 11)
# Snakemake puts the path of Python unquoted into shell commands, and formats that of the Snakefile.
_SHELL = re.compile(r"[\s'\"$&();*?|<>`\\]")
_FORMAT = re.compile(r"[{}]")


def complaint(checkout, python, version=sys.version_info):
    """Return one line on what does not hold, or None.

    checkout: the folder of the Snakefile; python: the path of the Python that runs, or is to run,
    Snakemake; version: that of this Python.
    """
    if tuple(version[:2]) < OLDEST_PYTHON:
        found, needed = (".".join(map(str, v[:2])) for v in (version, OLDEST_PYTHON))
        return (
            f"Python {found} is too old: install Python {needed} or newer, or name it, as in"
            f" `make PYTHON=python{needed}`"
        )
    for path, pattern in ((python, _SHELL), (checkout, _FORMAT)):
        character = pattern.search(path)
        if character:
            return (
                f"{path}: Snakemake cannot work with {character.group()!r} in this path; move the"
                " folder to a path of letters, digits and -_.+"
            )
    return None


if __name__ == "__main__":
    here = Path.cwd()
    line = complaint(str(here), str(here / ".venv/bin/python"))
    if line:
        sys.exit(line)
