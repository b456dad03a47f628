"""A study on a SLURM sandbox, watched while it runs."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from checkout import REPOSITORY, Checkout
from slurm_sandbox import SlurmSandbox

QUICKLY = REPOSITORY / "tests/support/slurm_profile"
PROFILES = ("--profile", "profiles/slurm", "--profile", str(QUICKLY))


class Study:
    """A snakemake that submits to the cluster, watched while it runs."""

    def __init__(self, cluster: SlurmSandbox, checkout: Checkout, *arguments: str):
        self.cluster, self.log = cluster, checkout.root / "cluster.log"
        self.submitted_before = len(cluster.submitted())
        command = [sys.executable, "-m", "snakemake", *PROFILES, *arguments]
        with self.log.open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                command,
                cwd=checkout.root,
                env=cluster.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def submissions(self) -> list[list[str]]:
        """What this study has asked sbatch for."""
        return self.cluster.submitted()[self.submitted_before :]

    def trainings(self) -> dict[str, int]:
        """Job -> process of this study's script in it."""
        found = {}
        for process in Path("/proc").glob("[0-9]*"):
            try:
                command = (process / "cmdline").read_bytes().decode(errors="replace")
                here = (process / "cwd").readlink()
                variables = (process / "environ").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if "train_and_evaluate.py" in command and here == self.log.parent:
                job = re.search(r"(?:^|\0)SLURM_JOB_ID=(\d+)", variables).group(1)
                found[job] = int(process.name)
        return found

    def restarts(self) -> int:
        return self.said().count("Trying to restart job")

    def kill_all(self) -> None:
        """What lives on where SLURM has lost a node that was not."""
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (process / "cwd").readlink() == self.log.parent:
                    os.kill(int(process.name), signal.SIGKILL)
            except OSError:
                continue

    def end(self) -> str:
        code = self.process.wait(timeout=1800)
        output = self.said()
        assert code == 0, output[-5000:]
        return output


def stop(studies: Iterable[Study], cluster: SlurmSandbox) -> None:
    """End what submits jobs, then the jobs."""
    for study in studies:
        study.process.kill()
        study.process.wait()
    cluster.run("scancel", "--user=root", check=False)
