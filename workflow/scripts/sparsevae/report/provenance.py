"""Collect how a study was made: the times of its jobs, and versions. They differ run by run."""

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

from sparsevae.jobs.version import VERSION

COLUMNS = ["job", "jobs", "seconds", "longest_s", "cpu_s", "memory_mb"]
BUILT_WITH = {
    "Sphinx": sphinx,
    "MyST": myst_parser,
    "Furo": furo,
    "docutils": docutils,
    "pandas": pd,
}


def run_times(folder: Path) -> pd.DataFrame:
    """Return one row per kind of job, from the files that `benchmark:` leaves in a folder.

    Number, summed and longest seconds, CPU seconds and largest memory. Kinds are the folders of
    `benchmarks/`; the table is empty without any.
    """
    rows = []
    for file in sorted(folder.rglob("*.tsv")):
        table = pd.read_csv(file, sep="\t", na_values=["-", "NA"], encoding="utf-8")
        if table.empty:
            continue
        last = table.iloc[-1]
        kind = _kind(file.relative_to(folder))
        rows.append((kind, last["s"], last.get("cpu_time"), last.get("max_rss")))
    frame = pd.DataFrame(rows, columns=["job", "s", "cpu", "rss"])
    if frame.empty:
        return pd.DataFrame(columns=COLUMNS)
    groups = frame.groupby("job", sort=True)
    table = pd.DataFrame(
        {
            "jobs": groups.size(),
            "seconds": groups["s"].sum().round(1),
            "longest_s": groups["s"].max().round(1),
            "cpu_s": groups["cpu"].sum().round(1),
            "memory_mb": groups["rss"].max().round(0),
        }
    )
    return table.reset_index().sort_values("seconds", ascending=False)[COLUMNS]


def pins(environments: list[Path]) -> dict[str, dict[str, str]]:
    """Return package -> environment -> version; an environment without a package is left out."""
    table: dict[str, dict[str, str]] = {}
    for file in environments:
        content: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
        for dependency in content["dependencies"]:
            package, _, version = dependency.partition("=")
            table.setdefault(package, {})[file.stem] = version
    return dict(sorted(table.items()))


def of_this_build(root: Path) -> dict[str, str]:
    """Return the versions of the workflow and of what builds the report, and the commit."""
    found = {"sparsevae": VERSION, "Python": platform.python_version()}
    found |= {name: module.__version__ for name, module in BUILT_WITH.items()}
    return found | {"commit": commit(root)}


def commit(root: Path) -> str:
    """Return git's name of the checkout, with `-dirty` if files were changed."""
    command = ["git", "-C", str(root), "describe", "--always", "--dirty", "--tags"]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    except (OSError, subprocess.CalledProcessError):
        return "not known (no checkout of git)"
    return done.stdout.strip()


def _kind(path: Path) -> str:
    """`runs: vae` of runs/digits/vae/latent-2/seed-1.tsv, `figures` of figures/digits/x.tsv."""
    parts = path.parts
    if parts[0] == "runs" and len(parts) > 3:
        return f"training and evaluation of {parts[2]} on {parts[1]}"
    return parts[0]
