"""python -m benchmark.cluster REPOSITORY: how trainings are submitted to SLURM, ways compared.

Short trainings on a SLURM of this machine (tests/support/slurm_sandbox.py, which needs root, and
Debian's slurm-wlm and munge), as shipped profiles submit them: one to a job, ten to a job, and in
arrays. The table goes into results/bench and, between two marks, into docs/speed.md.
"""

import argparse
import csv
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import yaml
from slurm_sandbox import Allocation, SlurmSandbox, most_at_once, why_not
from sparsevae.jobs import storage

WAYS = {
    "one to a job (`profiles/slurm`)": (),
    "ten to a job (`slurm_groups`)": ("slurm_groups",),
    "arrays (`slurm_arrays`)": ("slurm_arrays",),
}
# Seconds a training, most of them computing; with 40 of them and two cores, 15 minutes in all.
EPOCHS = 300
MARKS = ("<!-- written by make bench-cluster -->\n", "<!-- end -->\n")


@dataclass(frozen=True)
class Measured:
    """One way to submit: calls of sbatch, what was held from when to when, and what was used."""

    way: str
    trainings: int
    submissions: int
    wall_seconds: float
    allocations: list[Allocation]
    used_core_seconds: float

    @property
    def reserved_core_seconds(self) -> float:
        """Cores times seconds, over all allocations."""
        return sum(allocation.core_seconds for allocation in self.allocations)

    def row(self) -> dict[str, str]:
        """Columns of the table."""
        beside = (self.reserved_core_seconds - self.used_core_seconds) / self.trainings
        return {
            "way": self.way,
            "sbatch calls": str(self.submissions),
            "allocations": str(len(self.allocations)),
            "at once": str(most_at_once(self.allocations)),
            "wall, s": f"{self.wall_seconds:.0f}",
            "reserved, core-s": f"{self.reserved_core_seconds:.0f}",
            "used, core-s": f"{self.used_core_seconds:.0f}",
            "reserved / used": f"{self.reserved_core_seconds / self.used_core_seconds:.2f}",
            "beside each training, core-s": f"{beside:.1f}",
        }


def study(trainings: int) -> dict[str, object]:
    """A config of so many equal trainings on the digits, one core each."""
    return {
        "study": "cluster",
        "seeds": list(range(1, trainings + 1)),
        "models": {"vae": {"family": "vae"}},
        "datasets": {
            "digits": {
                "latent_dims": [8],
                "run": {"network": {"hidden": [200]}, "training": {"epochs": EPOCHS}},
            }
        },
    }


def measure(
    repository: Path, sandbox: SlurmSandbox, way: str, profiles: tuple[str, ...], trainings: int
) -> Measured:
    """Run the trainings in a folder of their own. Raises SystemExit if one fails."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        config = folder / "study.yaml"
        config.write_text(yaml.safe_dump(study(trainings)), encoding="utf-8")
        shipped = [repository / "profiles" / profile for profile in ("slurm", *profiles)]
        quickly = repository / "tests/support/slurm_profile"
        command = [sys.executable, "-m", "snakemake", "--snakefile", str(repository / "Snakefile")]
        command += ["--directory", name, "--configfile", str(config)]
        run(command, sandbox, "--cores", "1", "--until", "prepare_digits")

        calls, before = len(sandbox.submitted()), {a.number for a in sandbox.allocations()}
        start = time.perf_counter()
        submitting = [part for path in (*shipped, quickly) for part in ("--profile", str(path))]
        # The wait that arrays need, in the place of the test profile's.
        wait = ("--latency-wait", "7200") if "slurm_arrays" in profiles else ()
        run(command, sandbox, *submitting, *wait, "--until", "train_and_evaluate")
        seconds = time.perf_counter() - start
        used = [
            float(row["s"])
            for file in (folder / "results/cluster/benchmarks/runs").rglob("*.tsv")
            for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines(), delimiter="\t")
        ]
    held = [a for a in sandbox.allocations() if a.number not in before]
    return Measured(way, len(used), len(sandbox.submitted()) - calls, seconds, held, sum(used))


def run(command: list[str], sandbox: SlurmSandbox, *arguments: str) -> None:
    """One call of snakemake on the sandbox. Raises SystemExit, with what it said, if it fails."""
    result = subprocess.run(
        [*command, *arguments], env=sandbox.environment, capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        sys.exit(result.stdout[-3000:] + result.stderr[-3000:])


def markdown(measured: list[Measured], cores: int) -> str:
    """The table, with a sentence on what was measured."""
    rows = [one.row() for one in measured]
    length = sum(m.used_core_seconds for m in measured) / sum(m.trainings for m in measured)
    lines = [
        f"{measured[0].trainings} trainings of {length:.0f} s on a SLURM of one node with "
        f"{cores} cores. Used are the seconds of the trainings' own processes; beside them there "
        "are two starts of Snakemake to a job.",
        "",
        table_line(list(rows[0])),
        table_line(["---"] * len(rows[0])),
    ]
    return "\n".join([*lines, *(table_line(list(row.values())) for row in rows)]) + "\n"


def table_line(cells: list[str]) -> str:
    """One line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def put_between_marks(page: str, table: str) -> str:
    """Return the page with the table between its marks. Raises ValueError if they are not there."""
    before, mark, rest = page.partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not mark or not end:
        raise ValueError(f"the page has no lines {MARKS[0].strip()} and {MARKS[1].strip()}")
    return f"{before}{mark}\n{table}\n{end}{after}"


def main() -> None:
    """Measure each way and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--trainings", type=int, default=40)
    parser.add_argument("--page", type=Path, help="a page with marks to write the table between")
    given = parser.parse_args()
    if missing := why_not():
        sys.exit(f"no SLURM on this machine: {missing}")
    repository, cores = given.repository.resolve(), os.cpu_count() or 1
    with (
        tempfile.TemporaryDirectory() as folder,
        SlurmSandbox(Path(folder, "slurm"), cpus=cores) as sandbox,
    ):
        measured = [
            measure(repository, sandbox, way, profiles, given.trainings)
            for way, profiles in WAYS.items()
        ]
    table = markdown(measured, cores)
    storage.write_text(repository / "results/bench/cluster.md", table)
    if given.page:
        page = given.page.read_text(encoding="utf-8")
        given.page.write_text(put_between_marks(page, table), encoding="utf-8")
    print(table)


if __name__ == "__main__":
    main()
