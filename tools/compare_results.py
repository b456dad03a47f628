"""python -m compare_results OLD NEW: whether two folders of results hold the same bytes.

Compare runs, tables and figures of two checkouts of a study, before and after a refactoring. Logs,
benchmarks and the report hold times and are left out. A file of weights names the code that trained
it, so its tensors and its history are compared instead of its bytes. Name what a change removes or
adds on purpose: `--removed` the files, `--added` the measures.
"""

import argparse
import csv
import hashlib
import json
import struct
import sys
from pathlib import Path

PARTS = ("runs", "tables", "figures")


def contents(folder: Path, added: frozenset[str]) -> dict[str, str]:
    """Return a digest of each result below `folder`, by its path."""
    files = [file for part in PARTS for file in (folder / part).rglob("*") if file.is_file()]
    return {file.relative_to(folder).as_posix(): digest(file, added) for file in sorted(files)}


def digest(file: Path, added: frozenset[str] = frozenset()) -> str:
    """Return the SHA-256 of a result, less what names its code and less `added` measures."""
    content = file.read_bytes()
    if file.suffix == ".safetensors":
        content = without_fingerprint(content)
    elif added and file.suffix in (".json", ".csv"):
        content = without_measures(file, added)
    return hashlib.sha256(content).hexdigest()


def without_measures(file: Path, names: frozenset[str]) -> bytes:
    """Return a JSON object's or a table's cells as bytes, less those of some names."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".json":
        return json.dumps({k: v for k, v in json.loads(text).items() if k not in names}).encode()
    rows = list(csv.DictReader(text.splitlines()))
    return json.dumps([{k: v for k, v in row.items() if k not in names} for row in rows]).encode()


def without_fingerprint(content: bytes) -> bytes:
    """Return a safetensors file's history, tensor headers and tensors, as bytes."""
    (size,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + size])
    training = json.loads(header.pop("__metadata__")["training"])
    del training["fingerprint"], training["digest"]
    return json.dumps([training, header]).encode() + content[8 + size :]


def main(arguments: list[str] | None = None) -> int:
    """Print what differs; return 0 if nothing does, else 1."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("old", type=Path)
    parser.add_argument("new", type=Path)
    parser.add_argument("--removed", nargs="*", default=[], help="paths that may be missing in NEW")
    parser.add_argument("--added", nargs="*", default=[], help="measures that only NEW has")
    given = parser.parse_args(arguments)
    added = frozenset(given.added)
    old, new = contents(given.old, added), contents(given.new, added)
    if not old:
        print(f"{given.old}: no results; run a study there first")
        return 1
    differences = [
        *(f"only in OLD: {name}" for name in old.keys() - new.keys() - set(given.removed)),
        *(f"only in NEW: {name}" for name in new.keys() - old.keys()),
        *(f"differs: {name}" for name in old.keys() & new.keys() if old[name] != new[name]),
    ]
    print("\n".join(sorted(differences)) or f"{len(old)} results are the same")
    return int(bool(differences))


if __name__ == "__main__":
    sys.exit(main())
