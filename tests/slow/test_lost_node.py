"""A SLURM of two nodes, one of which goes out in the middle of a study."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from checkout import REPOSITORY, results_of
from cluster_study import Study, stop
from counts import tries
from disturbed import SMALL_STUDY
from slurm_nodes import Node
from slurm_nodes import why_not as why_no_nodes
from slurm_sandbox import SEARCH_PATH, SlurmSandbox, wait_until, why_not

LASTING = str(REPOSITORY / "tests/support/lasting.yaml")
STUDY = (*SMALL_STUDY, LASTING, "--", "results/faults/tables/metrics.csv")
# Who starts a training of the lost node again; the second in `make test-all` only.
WAYS = {"slurm": (), "snakemake": ("--slurm-no-requeue",)}

MISSING = why_not() or why_no_nodes(SEARCH_PATH)
pytestmark = pytest.mark.skipif(MISSING is not None, reason=f"no SLURM of two nodes: {MISSING}")


@pytest.fixture(scope="module")
def cluster(tmp_path_factory) -> Iterator[SlurmSandbox]:
    """Each node has one core, and so one training at a time."""
    nodes = (Node("first", 1), Node("second", 2))
    with SlurmSandbox(tmp_path_factory.mktemp("slurm"), cpus=1, nodes=nodes) as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def whole(new_checkout) -> dict[str, bytes]:
    """The results without a cluster."""
    checkout = new_checkout()
    done = checkout.snakemake(*STUDY)
    assert done.returncode == 0, done.stderr
    return results_of(checkout.root / "results/faults")


@pytest.fixture
def start(cluster, new_checkout) -> Iterator[Callable[..., Study]]:
    """Start the study; after the test it is over, and all nodes are there again."""
    studies: list[Study] = []

    def begin(*options: str) -> Study:
        studies.append(Study(cluster, new_checkout(), *options, *STUDY))
        return studies[-1]

    yield begin
    stop(studies, cluster)
    for node in cluster.nodes:
        node.lose()
        cluster.start_node(node)


def log_of(process: int) -> Path | None:
    """The log that a training has open, if it has come so far."""
    for file in Path(f"/proc/{process}/fd").iterdir():
        with suppress(FileNotFoundError):  # closed since
            path = file.readlink()
            if "/logs/runs/" in str(path) and path.suffix == ".log":
                return path
    return None


def checkpoint_of(log: Path) -> Path:
    """The checkpoint of the training of a log."""
    results, _, run = str(log).partition("/logs/runs/")
    return Path(results, "runs", run).with_suffix("") / "checkpoint.safetensors"


@pytest.mark.parametrize("way", list(WAYS)[: tries(2, 1)])
def test_trainings_of_a_lost_node_go_on_on_the_other(cluster, start, whole, way):
    lost = cluster.nodes[1]
    study = start(*WAYS[way])
    wait_until(lambda: len(study.trainings()) == 2, 300, "training on each node")
    [(job, process)] = [pair for pair in study.trainings().items() if lost.has(pair[1])]
    wait_until(lambda: log_of(process) is not None, 60, "log")
    log = log_of(process)
    wait_until(checkpoint_of(log).exists, 60, "checkpoint")
    lost.lose()
    wait_until(lambda: not Path(f"/proc/{process}").exists(), 30, "end of the training")
    wait_until(lambda: cluster.node_state(lost.name) == "down", 120, "lost node")
    if way == "slurm":
        # By itself, SLURM waits for two minutes before it starts the job again.
        wait_until(lambda: cluster.jobs().get(int(job)) == "PENDING", 60, "job in the queue")
        cluster.run("scontrol", "update", f"jobid={job}", "starttime=now")
    # Snakemake's plugin sleeps for another minute before it ends.
    wait_until(lambda: "steps (100%) done" in study.said(), 300, "end of the study")
    assert cluster.node_state(lost.name) == "down"
    assert ": goes on after epoch" in log.read_text(encoding="utf-8")
    assert results_of(study.log.parent / "results/faults") == whole
    assert study.restarts() == (0 if way == "slurm" else 1)
