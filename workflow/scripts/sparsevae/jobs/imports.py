"""The modules of this package that a script imports, directly or not, followed by `ast`.

Snakemake reruns a rule when its script changes, but does not see what the script imports. A digest
of these files is among a rule's params: an edit of a module reruns what uses it, and nothing else.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

PACKAGE = "sparsevae"


def imported_files(script: Path, root: Path | None = None) -> list[Path]:
    """Files of the package that `script` reaches, sorted; the script itself is not among them.

    root: the folder that holds the package; that of the script, if not given.
    """
    reached: set[Path] = set()
    waiting = [script]
    while waiting:
        for file in _direct(waiting.pop(), root or script.parent):
            if file not in reached:
                reached.add(file)
                waiting.append(file)
    return sorted(reached)


def digest(files: Iterable[Path]) -> str:
    """Of the contents of files, whatever folder they are in."""
    whole = hashlib.sha256()
    for file in files:
        whole.update(_digest(file))
    return whole.hexdigest()


@cache
def _digest(file: Path) -> bytes:
    return hashlib.sha256(file.read_bytes()).digest()


@cache
def _direct(source: Path, root: Path) -> tuple[Path, ...]:
    files: list[Path] = []
    for node in _nodes(ast.parse(source.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names] + [str(node.module)]
        else:
            continue
        for name in names:
            if name.split(".")[0] == PACKAGE:
                files += _files(name, root)
    return tuple(dict.fromkeys(files))


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes but those of types alone, which no job imports."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield from _nodes(child)


def _files(name: str, root: Path) -> list[Path]:
    """The module of a dotted name, if it is one, and the packages above it."""
    parts = name.split(".")
    packages = [root.joinpath(*parts[:n], "__init__.py") for n in range(1, len(parts) + 1)]
    module = root.joinpath(*parts).with_suffix(".py")
    return [file for file in [*packages, module] if file.is_file()]
