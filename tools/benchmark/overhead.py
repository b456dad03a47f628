"""What a study takes beside its runs: the quick study, from an empty folder."""

import os
import sys
import tempfile
from pathlib import Path

import pandas as pd

from benchmark.process import measure
from benchmark.timing import Result, within

LIMIT = 1.25


def quick_study(repository: Path) -> Result:
    """Wall time, of which 1.25 times the seconds of all runs over the cores is allowed."""
    cores = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "snakemake", "--cores", str(cores), "--directory", folder]
        seconds, _ = measure([*command, "--snakefile", str(repository / "Snakefile")])
        files = Path(folder, "results/quick/benchmarks/runs").rglob("*.tsv")
        of_runs = sum(pd.read_csv(file, sep="\t")["s"].sum() for file in files)
    title = "quick study, of 1.25 times its runs' seconds / cores"
    return within(title, seconds, LIMIT * of_runs / cores, "s")
