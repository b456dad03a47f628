"""How trainings are best submitted to SLURM: one by one, as job arrays, or in groups.

`python tests/cluster/compare_submissions.py` (as root, see slurm_sandbox.py) runs the same 24 small
trainings each way on the one-node SLURM and prints a table for docs/speed.md. No test.
"""

import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))

from checkout import REPOSITORY, Checkout, copy_repository
from slurm_sandbox import SlurmSandbox

PROFILE = yaml.safe_load((REPOSITORY / "tests/cluster/profile/config.yaml").read_text())
STUDY = {
    "study": "submissions",
    "seeds": list(range(1, 25)),
    "models": {"ae": {"family": "ae"}},
    "datasets": {"digits": {"latent_dims": [2], "run": {"training": {"epochs": 3}}}},
}
WITHOUT_GROUPS = {k: v for k, v in PROFILE.items() if k not in ("groups", "group-components")}
WAYS = {
    "one by one": WITHOUT_GROUPS,
    "job arrays": WITHOUT_GROUPS | {"slurm-array-jobs": "train_and_evaluate"},
    "groups of 6": PROFILE | {"group-components": {"runs": 6}},
}


def measured(cluster: SlurmSandbox, checkout: Checkout, profile: dict) -> tuple[float, int, int]:
    """Seconds of the study, calls of sbatch, and jobs that SLURM ran."""
    (checkout.root / "profile").mkdir()
    (checkout.root / "profile/config.yaml").write_text(yaml.safe_dump(profile | {"jobs": 100}))
    (checkout.root / "study.yaml").write_text(yaml.safe_dump(STUDY))
    start = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--profile", "profile", "--configfile", "study.yaml"]
        + ["--verbose", "--until", "train_and_evaluate"],
        cwd=checkout.root,
        env=cluster.environment,
        text=True,
        capture_output=True,
        check=False,
    )
    seconds = time.monotonic() - start
    if done.returncode:
        raise SystemExit(done.stdout[-2000:] + done.stderr[-4000:])
    said = done.stdout + done.stderr
    calls = len(re.findall(r"sbatch call: ", said))
    jobs = cluster.run("squeue", "--noheader", "--states=all", "--array", "--format=%i")
    return seconds, calls, len(jobs.split())


def main() -> None:
    print("| way | seconds | calls of sbatch | jobs that SLURM ran |\n|---|---|---|---|")
    for way, profile in WAYS.items():
        with tempfile.TemporaryDirectory() as name, SlurmSandbox(Path(name, "slurm")) as cluster:
            root = Path(name, "checkout")
            root.mkdir()
            seconds, calls, jobs = measured(cluster, copy_repository(root), profile)
            print(f"| {way} | {seconds:.0f} | {calls} | {jobs} |", flush=True)


if __name__ == "__main__":
    main()
