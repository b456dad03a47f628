"""What each result was made from, beside the results, so that a stale one cannot go unseen.

Snakemake reruns a job whose settings or code have changed, as long as its own records are there and
it is not told to look at modification times only. Results may be copied without these records. So
each job leaves, as one of its outputs, the digests of its settings, its code and its data
(`made_from/`). Each also has an input that holds what they would be now (`planned/`): when a study
is planned, that file is older than any result if the two agree, and new if they do not. By its time
alone it then reruns the job, whatever Snakemake remembers.
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sparsevae.jobs import storage
from sparsevae.jobs.errors import DamagedFile, StaleRun

# Inputs of a job whose contents are part of what its results were made from.
DATA = ("train", "test", "validation", "start")
# The time of a file that must not rerun anything: older than any result.
LONG_AGO = 946684800
Parts = dict[str, str]


def digest_of(value: Any) -> str:
    """Return the SHA-256 of a plain value."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()


def digest_of_file(path: str | Path) -> str:
    """Return the SHA-256 of a file's contents."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def leave(snakemake: Any) -> None:
    """Write a job's output `made_from`, if its rule has one: its params of that name, and DATA."""
    output = getattr(snakemake.output, "made_from", None)
    if output is not None:
        inputs = dict(snakemake.input.items())
        data = {name: digest_of_file(inputs[name]) for name in DATA if inputs.get(name)}
        storage.write_json(output, dict(snakemake.params.made_from) | data)


def check_runs(files: Sequence[str | Path], digests: Sequence[str]) -> None:
    """Raise StaleRun for a run whose own config.json is not the settings that the study has now.

    files: one file in the folder of each run; digests: `digest_of` the settings of these runs.
    """
    for file, digest in zip(files, digests, strict=True):
        config = Path(file).parent / "config.json"
        if digest_of(storage.read_json(config)) != digest:
            raise StaleRun(
                f"{config.parent}: its settings are not those that the study has now; move this "
                "folder away and run again"
            )


class Ledger:
    """What the results of a study would be made from now; names are paths without a suffix.

    folder: where rules have the study; place: where it is, if a module's `prefix` is put before it.
    """

    def __init__(self, folder: Path, place: Path | None = None):
        self.folder, self.place = folder, place or folder
        self._expected: dict[str, Callable[[], Parts]] = {}
        self._data: dict[str, Mapping[str, Path]] = {}

    def planned(self, name: str) -> str:
        """Return the path of a job's input that says what it would be made from."""
        return f"{self.folder.as_posix()}/planned/{name}.json"

    def made_from(self, name: str) -> str:
        """Return the path of a job's output that says what it was made from."""
        return f"{self.folder.as_posix()}/made_from/{name}.json"

    def expect(
        self, name: str, parts: Callable[[], Parts], data: Mapping[str, Path] | None = None
    ) -> None:
        """Note how to tell what a result would be made from; data: files, as named in DATA.

        parts is called by `write` only: every job reads the rules, and only planning needs it.
        """
        self._expected[name], self._data[name] = parts, data or {}

    def write(self) -> list[str]:
        """Write the files `planned`; return the names of results that are to be made again."""
        digests: dict[Path, str] = {}
        stale = []
        for name, parts_now in self._expected.items():
            parts = parts_now()
            now = dict(parts)
            for part, path in self._data[name].items():
                if path not in digests:
                    digests[path] = digest_of_file(path) if path.is_file() else ""
                # Data that are not there yet are new to the job by their time.
                now |= {part: digests[path]} if digests[path] else {}
            made = self._placed(self.made_from(name))
            found = _read(made)
            is_stale = found is not None and any(found.get(n) != value for n, value in now.items())
            stale += [name] if is_stale else []
            _write(self._placed(self.planned(name)), parts, made, is_stale)
        return stale

    def _placed(self, path: str) -> Path:
        return self.place / Path(path).relative_to(self.folder)


def _read(path: Path) -> dict[str, Any] | None:
    """What a result was made from; nothing if it is not there, and no part of it if damaged."""
    try:
        return storage.read_json(path)
    except FileNotFoundError:
        return None
    except DamagedFile:
        return {}


def _write(path: Path, parts: Parts, made: Path, is_stale: bool) -> None:
    """Write a file `planned`, older than any result, or newer than a stale one."""
    text = json.dumps(parts, indent=2) + "\n"
    try:
        same = path.read_text(encoding="utf-8") == text
    except (FileNotFoundError, UnicodeDecodeError):
        same = False
    if not same:
        storage.write_text(path, text)
    changed = path.stat().st_mtime
    if not is_stale and changed != LONG_AGO:
        os.utime(path, (LONG_AGO, LONG_AGO))
    elif is_stale and changed <= made.stat().st_mtime:
        os.utime(path, (time.time(),) * 2)
