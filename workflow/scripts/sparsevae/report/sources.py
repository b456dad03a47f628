"""Where the functions are that the formulas of the pages name. No libraries: Snakemake reads it."""

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from sparsevae.jobs.errors import SiteError

NAMED = re.compile(r"formula\(\s*\"(?P<module>[\w/]+\.py)\"")


@dataclass(frozen=True)
class Source:
    """A function or class: module below the package, dotted name and first line."""

    module: str
    name: str
    line: int

    @property
    def page(self) -> str:
        """Name of the page with the module, below `source/`."""
        return page_of(self.module)


def page_of(module: str) -> str:
    return module.removesuffix(".py").replace("/", ".")


def named_modules(templates: Iterable[Path]) -> list[str]:
    """Modules whose functions the formulas of the pages name, sorted."""
    texts = [file.read_text() for file in templates if file.suffix == ".md"]
    return sorted({match["module"] for text in texts for match in NAMED.finditer(text)})


def find(package: Path, module: str, name: str) -> Source:
    """Raises SiteError if the module has no such function or class: it was renamed."""
    file = package / module
    if not file.is_file():
        raise SiteError(f"{module}: a formula names this module, which is not there; mend the page")
    nodes: list[ast.stmt] = ast.parse(file.read_text()).body
    for part in name.split("."):
        found = [
            node
            for node in nodes
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == part
        ]
        if not found:
            raise SiteError(f"{module}: a formula names {name}, which is not there; mend the page")
        nodes = found[0].body
    return Source(module, name, found[0].lineno)
