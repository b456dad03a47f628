"""Studies that really run: as a user would, in a copy of the repository and its own process."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PARTS = ("Snakefile", "workflow", "config", "envs", "profiles", "resources/published")
SMOKE = ("--configfile", "config/config.yaml", "config/smoke.yaml")


@dataclass(frozen=True)
class Checkout:
    """A copy of the repository's parts that a study needs, and where its results go."""

    root: Path

    def snakemake(self, *arguments: str, cores: int = 2) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "snakemake", "--cores", str(cores), *arguments]
        return subprocess.run(
            command, cwd=self.root, text=True, capture_output=True, check=False, timeout=900
        )

    def planned(self, *arguments: str) -> dict[str, int]:
        """Jobs per rule that would run, without `all`; empty if there is nothing to be done."""
        result = self.snakemake("--dry-run", *arguments)
        assert result.returncode == 0, result.stdout + result.stderr
        return job_counts(result.stdout + result.stderr)

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        text = path.read_text()
        assert text.count(old) >= 1, f"{file} does not have {old!r}"
        path.write_text(text.replace(old, new))


def job_counts(output: str) -> dict[str, int]:
    """The table "Job stats" of a dry run."""
    counts: dict[str, int] = {}
    lines = iter(output.splitlines())
    for line in lines:
        if line.startswith("Job stats"):
            next(lines), next(lines)
            for row in lines:
                if row.startswith("total") or not row.strip():
                    return counts
                rule, count = row.split()
                if rule != "all":
                    counts[rule] = int(count)
    return counts


def results_of(folder: Path) -> dict[str, bytes]:
    """Every result of a study by its path; logs and benchmarks, which hold times, are none.

    Nor is the one page of the report that shows these times.
    """
    parts = ("runs", "tables", "figures", "report")
    files = [file for part in parts for file in sorted((folder / part).rglob("*"))]
    times = folder / "report/how_to_reproduce.html"
    files = [file for file in files if file.is_file() and file != times]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


def copy_repository(root: Path) -> Checkout:
    """Copies what a study needs into `root`."""
    for part in PARTS:
        source = REPOSITORY / part
        if source.is_dir():
            shutil.copytree(source, root / part, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, root / part)
    return Checkout(root)
