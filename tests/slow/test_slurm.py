"""The smoke study on a real SLURM of one node, through what a cluster does to jobs."""

import os
import re
import signal
from collections.abc import Callable, Iterator

import pytest
from checkout import SMOKE, Checkout, results_of
from cluster_study import Study, stop
from pages import follow, install
from slurm_sandbox import Allocation, SlurmSandbox, most_at_once, wait_until, why_not

# All trainings and what is made of them here: figures are drawn beside Snakemake, as on a laptop.
SUBMITTED = "results/smoke/tables/summary.csv"
FIRST = "results/smoke/runs/digits/ae/latent-2/seed-1/metrics.json"
TOO_LITTLE = "train_and_evaluate:mem_mb=120 * 20 ** (attempt - 1)"


MISSING = why_not()
pytestmark = pytest.mark.skipif(MISSING is not None, reason=f"no SLURM on this machine: {MISSING}")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[SlurmSandbox]:
    folder = tmp_path_factory.mktemp("slurm")
    with SlurmSandbox(folder, gpus=1) as sandbox:
        yield sandbox


def overlay(name: str) -> tuple[str, str]:
    """The option that lays a shipped profile over that for SLURM."""
    return "--profile", f"profiles/{name}"


@pytest.fixture
def start(cluster) -> Iterator[Callable[..., Study]]:
    """Start studies; none of them lives on after the test."""
    studies: list[Study] = []

    def begin(checkout: Checkout, *arguments: str) -> Study:
        studies.append(Study(cluster, checkout, *arguments))
        return studies[-1]

    yield begin
    stop(studies, cluster)
    wait_until(lambda: not cluster.jobs(), 60, "an empty queue")
    for study in studies:
        study.kill_all()


@pytest.fixture(scope="module")
def studied(cluster, new_checkout) -> Iterator[dict[str, object]]:
    """A checkout whose smoke study ran on the cluster, what snakemake said, and what was asked."""
    checkout = new_checkout()
    first = Study(cluster, checkout, "--set-resources", TOO_LITTLE, *SMOKE, "--", FIRST)
    found: dict[str, object] = {"checkout": checkout, "out of memory": first.end()}

    study = Study(cluster, checkout, *SMOKE, "--", SUBMITTED)
    wait_until(lambda: len(study.trainings()) > 0, 300, "training")
    # Stopped, so that it cannot end before it is cancelled.
    cancelled, process = next(iter(study.trainings().items()))
    os.kill(process, signal.SIGSTOP)
    wait_until(lambda: study.trainings().keys() - {cancelled}, 300, "training in another job")
    os.kill(next(p for job, p in study.trainings().items() if job != cancelled), signal.SIGKILL)
    cluster.drain()
    cluster.run("scancel", cancelled)
    wait_until(lambda: cluster.node_state().startswith("drain"), 60, "drained node")
    cluster.resume()
    # Snakemake has seen both: SLURM itself would start again what runs on a node that is lost.
    wait_until(lambda: study.restarts() >= 2, 300, "second job that is submitted again")
    wait_until(lambda: study.trainings(), 300, "training on the node that is back")
    cluster.lose()
    # It comes back by itself: its daemon has only been declared dead.
    wait_until(lambda: cluster.node_state() in ("idle", "mixed", "allocated"), 300, "node again")
    found["disturbed"] = study.end()
    found["submissions"] = study.submissions()
    found["allocations"] = allocations_of(cluster, found["disturbed"])
    yield found
    study.kill_all()


def allocations_of(cluster: SlurmSandbox, said: str) -> list[Allocation]:
    """The jobs that a study says it has submitted."""
    numbers = {int(number) for number in re.findall(r"SLURM jobid (\d+)", said)}
    return [allocation for allocation in cluster.allocations() if allocation.number in numbers]


def test_what_a_cluster_makes_is_what_a_laptop_makes(studied, smoke):
    ours, theirs = (results_of(c.root / "results/smoke") for c in (studied["checkout"], smoke))
    assert "tables/summary.csv" in ours
    assert sum(name.endswith("weights.safetensors") for name in ours) == 8
    assert ours == {name: theirs[name] for name in ours}


def test_a_job_out_of_memory_is_submitted_again_with_more(studied, cluster):
    numbers = re.findall(r"SLURM jobid (\d+)", studied["out of memory"])
    jobs = [cluster.run("scontrol", "show", "job", number) for number in numbers]
    asked = [re.search(r"MinMemoryNode=(\S+)", job).group(1) for job in jobs]
    assert asked == ["120M", "2400M"]


def test_jobs_that_were_killed_or_cancelled_or_lost_are_submitted_again(studied):
    assert studied["disturbed"].count("Trying to restart job") >= 2


def test_trainings_run_side_by_side_and_hold_a_core_each(studied):
    allocations = studied["allocations"]
    assert most_at_once(allocations) >= 2
    assert {allocation.cpus for allocation in allocations} == {1}


def option(call: list[str], name: str) -> str:
    """The value of an option of sbatch."""
    if name in call:
        return call[call.index(name) + 1]
    return next((word.split("=", 1)[1] for word in call if word.startswith(f"{name}=")), "")


def test_each_run_is_submitted_alone_with_what_it_uses(studied):
    """Seven runs that are left, and those that were tried again with twice the memory and time."""
    calls = studied["submissions"]
    again = studied["disturbed"].count("Trying to restart job")
    assert len(calls) == 7 + again
    asked = [(option(call, "-t"), option(call, "--mem")) for call in calls]
    assert asked.count(("10", "1502")) == 7
    assert set(asked) <= {("10", "1502"), ("20", "3004"), ("40", "6008")}
    for call in calls:
        assert option(call, "--cpus-per-task") == "1"
        assert not option(call, "--gpus")
        assert len(re.findall(r"train_and_evaluate:dataset", option(call, "--wrap"))) == 1


def test_only_trainings_are_submitted(studied):
    logs = studied["checkout"].root / ".snakemake/slurm_logs"
    assert {folder.name for folder in logs.iterdir()} == {"rule_train_and_evaluate"}


def test_the_tutorial_works(cluster, new_checkout):
    checkout = new_checkout()
    install(checkout)
    follow("docs/your_cluster.md", checkout, cluster.environment)


def test_a_group_asks_for_what_its_trainings_use_one_after_another(start, new_checkout):
    """Eight trainings: one core, the memory of one, the sum of the time limits."""
    study = start(new_checkout(), *overlay("slurm_groups"), *SMOKE)
    wait_until(study.submissions, 300, "group that is submitted")
    (call,) = study.submissions()
    assert len(re.findall(r"train_and_evaluate:dataset", option(call, "--wrap"))) == 8
    names = ("-t", "--mem", "--cpus-per-task", "--gpus")
    assert [option(call, name) for name in names] == ["80", "1502", "1", ""]


def test_tasks_of_an_array_run_side_by_side(start, new_checkout):
    """In a partition that would refuse the third attempt, which is said at the start."""
    short = ("--default-resources", "slurm_partition=short", "mem_mb=256")
    study = start(new_checkout(), *overlay("slurm_arrays"), "--latency-wait", "600", *short, *SMOKE)
    wait_until(lambda: len(study.trainings()) >= 2, 300, "two trainings at once")
    (call,) = study.submissions()
    names = ("--array", "-t", "--cpus-per-task", "--gpus")
    assert [option(call, name) for name in names] == ["1-8", "10", "1", ""]
    warning = (
        "A training that fails is tried 3 times, and SLURM would refuse the last, -p short -t 40"
    )
    assert warning in study.said()


def test_trainings_hold_a_gpu_each(cluster, start, new_checkout):
    """The node has one GPU, so that they take turns though there are cores for four."""
    runs = [f"results/smoke/runs/digits/{model}/latent-2/seed-1" for model in ("ae", "vae")]
    gpu = (*overlay("slurm_gpu"), "--default-resources", "slurm_partition=main", "mem_mb=256")
    targets = [f"{run}/metrics.json" for run in runs]
    study = start(new_checkout(), *gpu, *SMOKE, "--config", "device=auto", "--", *targets)
    said = study.end()
    assert [option(call, "--gpus") for call in study.submissions()] == ["1", "1"]
    assert most_at_once(allocations_of(cluster, said)) == 1


HOW = {"alone": (), "groups": overlay("slurm_groups"), "arrays": overlay("slurm_arrays")}
REFUSED = {
    "partition": (
        ("slurm_partition=nowhere",),
        (),
        "-p nowhere",
        "invalid partition specified: nowhere",
    ),
    "account": (
        ("slurm_partition=theirs",),
        (),
        "-p theirs",
        "Invalid account or account/partition",
    ),
    "time": (
        ("slurm_partition=short",),
        ("--set-resources", "train_and_evaluate:runtime=100"),
        "-p short",
        "Requested time limit is invalid",
    ),
    "memory": (
        ("slurm_partition=main",),
        ("--set-resources", "train_and_evaluate:mem_mb=99000"),
        "--mem 99000",
        "Requested node configuration is not available",
    ),
}


@pytest.fixture(scope="module")
def fresh(new_checkout) -> Checkout:
    return new_checkout()


@pytest.mark.parametrize("how", HOW)
@pytest.mark.parametrize("refused", REFUSED)
def test_what_slurm_refuses_ends_the_study_in_one_line_before_any_job(start, fresh, how, refused):
    defaults, more, asked, reason = REFUSED[refused]
    wait = ("--latency-wait", "20000") if how == "arrays" else ()
    partition = ("--default-resources", *defaults, "mem_mb=256")
    study = start(fresh, *HOW[how], *wait, *partition, *more, *SMOKE)
    assert study.process.wait(timeout=300) == 1
    line = study.said().strip().splitlines()[-1]
    assert line.startswith("ConfigError: SLURM refuses ")
    assert asked in line
    assert reason in line
    assert not study.submissions()
    # What a job would leave: results, a log. Planning alone writes `planned`.
    assert [path.name for path in (fresh.root / "results/smoke").iterdir()] == ["planned"]
    assert not list((fresh.root / ".snakemake").glob("locks/*"))


def test_an_array_that_would_never_be_submitted_is_refused(start, fresh):
    study = start(fresh, *overlay("slurm_arrays"), "--jobs", "4", *SMOKE)
    assert study.process.wait(timeout=300) == 1
    assert study.said().strip().splitlines()[-1].startswith("ConfigError: jobs: 4 is not allowed")
    assert not study.submissions()
