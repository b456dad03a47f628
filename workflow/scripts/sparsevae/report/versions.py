"""What a study was made with: the pins of its environments, and what this machine had."""

import platform
import subprocess
from pathlib import Path
from typing import Any

import docutils
import furo
import myst_parser
import pandas as pd
import sphinx
import yaml

BUILT_WITH = {
    "Sphinx": sphinx,
    "MyST": myst_parser,
    "Furo": furo,
    "docutils": docutils,
    "pandas": pd,
}


def pins(environments: list[Path]) -> dict[str, dict[str, str]]:
    """Package -> environment -> version; a package that an environment lacks is not there."""
    table: dict[str, dict[str, str]] = {}
    for file in environments:
        content: dict[str, Any] = yaml.safe_load(file.read_text())
        for dependency in content["dependencies"]:
            package, _, version = dependency.partition("=")
            table.setdefault(package, {})[file.stem] = version
    return dict(sorted(table.items()))


def of_this_build(root: Path) -> dict[str, str]:
    """Versions of what built the site, and the commit of the workflow where git knows it."""
    found = {"Python": platform.python_version()}
    found |= {name: module.__version__ for name, module in BUILT_WITH.items()}
    return found | {"workflow": commit(root)}


def commit(root: Path) -> str:
    """What git calls the checkout; `-dirty` where files were changed."""
    command = ["git", "-C", str(root), "describe", "--always", "--dirty", "--tags"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "not known (no checkout of git)"
    return done.stdout.strip()
