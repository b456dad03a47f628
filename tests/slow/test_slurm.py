"""The smoke study on a real SLURM of one node, through what a cluster does to jobs."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from checkout import REPOSITORY, SMOKE, Checkout, results_of
from slurm_sandbox import SlurmSandbox, wait_until, why_not

PROFILE = REPOSITORY / "tests/support/slurm_profile"
FIRST = "results/smoke/runs/digits/ae/latent-2/seed-1/metrics.json"
TOO_LITTLE = "train_and_evaluate:mem_mb=120 * 20 ** (attempt - 1)"


MISSING = why_not()
pytestmark = pytest.mark.skipif(MISSING is not None, reason=f"no SLURM on this machine: {MISSING}")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[SlurmSandbox]:
    folder = tmp_path_factory.mktemp("slurm")
    with SlurmSandbox(folder) as sandbox:
        yield sandbox


class Study:
    """A snakemake that submits to the cluster, watched while it runs."""

    def __init__(self, cluster: SlurmSandbox, checkout: Checkout, *arguments: str):
        self.cluster, self.log = cluster, checkout.root / "cluster.log"
        command = [sys.executable, "-m", "snakemake", "--profile", str(PROFILE), *arguments]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                command,
                cwd=checkout.root,
                env=cluster.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

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
        return self.log.read_text().count("Trying to restart job")

    def kill_all(self) -> None:
        """What lives on where SLURM has lost a node that was not."""
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (process / "cwd").readlink() == self.log.parent:
                    os.kill(int(process.name), signal.SIGKILL)
            except OSError:
                continue

    def end(self) -> str:
        code = self.process.wait(timeout=600)
        output = self.log.read_text()
        assert code == 0, output[-5000:]
        return output


@pytest.fixture(scope="module")
def studied(cluster, new_checkout) -> Iterator[tuple[Checkout, dict[str, str]]]:
    """A checkout whose smoke study ran on the cluster, and what snakemake said of each part."""
    checkout = new_checkout()
    said = {}
    alone = ("--groups", "train_and_evaluate=alone", "--set-resources", TOO_LITTLE)
    first = Study(cluster, checkout, *alone, *SMOKE, "--", FIRST)
    said["out of memory"] = first.end()

    study = Study(cluster, checkout, *SMOKE)
    wait_until(lambda: len(study.trainings()) > 0, 120, "training")
    # Stopped, so that it cannot end before it is cancelled.
    cancelled, process = next(iter(study.trainings().items()))
    os.kill(process, signal.SIGSTOP)
    wait_until(lambda: study.trainings().keys() - {cancelled}, 120, "training in another job")
    os.kill(next(p for job, p in study.trainings().items() if job != cancelled), signal.SIGKILL)
    cluster.drain()
    cluster.run("scancel", cancelled)
    wait_until(lambda: cluster.node_state().startswith("drain"), 60, "drained node")
    cluster.resume()
    # Snakemake has seen both: SLURM itself would take up again what runs on a node that is lost.
    wait_until(lambda: study.restarts() >= 2, 120, "second job that is submitted anew")
    wait_until(lambda: study.trainings(), 120, "training on the node that is back")
    cluster.lose()
    # It comes back by itself: its daemon has only been declared dead.
    wait_until(lambda: cluster.node_state() in ("idle", "mixed", "allocated"), 120, "node again")
    said["disturbed"] = study.end()
    yield checkout, said
    study.kill_all()


def test_what_a_cluster_makes_is_what_a_laptop_makes(studied, smoke):
    checkout, _ = studied
    ours, theirs = (results_of(c.root / "results/smoke") for c in (checkout, smoke))
    assert ours == theirs


def test_a_job_out_of_memory_is_submitted_anew_with_more(studied, cluster):
    numbers = re.findall(r"SLURM jobid (\d+)", studied[1]["out of memory"])
    jobs = [cluster.run("scontrol", "show", "job", number) for number in numbers]
    asked = [re.search(r"MinMemoryNode=(\S+)", job).group(1) for job in jobs]
    assert asked == ["120M", "2400M"]


def test_jobs_that_were_killed_or_cancelled_or_lost_are_submitted_anew(studied):
    said = studied[1]["disturbed"]
    assert said.count("Trying to restart job") >= 2


def test_runs_share_allocations(studied):
    """Seven runs that are left in four allocations, and those that were tried again."""
    said = studied[1]["disturbed"]
    submitted = len(re.findall(r"SLURM jobid", said))
    tried_again = len(re.findall(r"Trying to restart job", said))
    assert 4 <= submitted <= 4 + tried_again


def test_only_trainings_are_submitted(studied):
    logs = studied[0].root / ".snakemake/slurm_logs"
    names = {folder.name for folder in logs.iterdir()}
    assert names == {"group_alone_train_and_evaluate", "group_runs_train_and_evaluate"}
