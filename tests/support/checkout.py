"""Studies that really run: as a user would, in a copy of the repository and its own process."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock
from in_process import call_snakemake

REPOSITORY = Path(__file__).parents[2]
PARTS = ("Snakefile", "workflow", "config", "envs", "profiles", "resources/published")
SMOKE = ("--configfile", "config/smoke.yaml")


@dataclass(frozen=True)
class Checkout:
    """A copy of the repository's parts that a study needs, and where its results go."""

    root: Path

    def snakemake(
        self, *arguments: str, cores: int = 2, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        """Run `snakemake ARGUMENTS`, with further variables of the environment."""
        return subprocess.run(
            [sys.executable, "-m", "snakemake", "--cores", str(cores), *arguments],
            cwd=self.root,
            env=os.environ | variables,
            text=True,
            capture_output=True,
            check=False,
            timeout=900,
        )

    def parsed(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The same without a process of its own, for what starts no job."""
        return call_snakemake(self.root, "--cores", "2", *arguments)

    def planned(self, *arguments: str) -> dict[str, int]:
        """Jobs per rule that would run, without `all`; empty if there is nothing to be done."""
        return planned_by(self.parsed("--dry-run", *arguments))

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) >= 1, f"{file} does not have {old!r}"
        path.write_text(text.replace(old, new), encoding="utf-8")


def planned_by(dry_run: subprocess.CompletedProcess[str]) -> dict[str, int]:
    """What a dry run planned, which must have ended well."""
    output = dry_run.stdout + dry_run.stderr
    assert dry_run.returncode == 0, output
    assert "Job stats" in output or "Nothing to be done" in output, output
    return job_counts(output)


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


def finished_smoke(shared: Path) -> Checkout:
    """The smoke study, run in `shared` by the first process that asks for it; the others wait.

    Nothing may change it: tests take copies. If it failed, all of them fail with its output.
    """
    checkout, record = Checkout(shared / "smoke"), shared / "smoke.log"
    with FileLock(shared / "smoke.lock"):
        if not record.exists():
            checkout.root.mkdir()
            result = copy_repository(checkout.root).snakemake(*SMOKE)
            record.write_text(
                f"{result.returncode}\n{result.stdout}{result.stderr}", encoding="utf-8"
            )
    code, _, output = record.read_text(encoding="utf-8").partition("\n")
    assert code == "0", output
    return checkout


def copied(checkout: Checkout, root: Path) -> Checkout:
    """A copy with times, links and Snakemake's records, in which nothing is to be done either."""
    root.mkdir(exist_ok=True)
    subprocess.run(["cp", "-a", f"{checkout.root}/.", root], check=True)
    return Checkout(root)
