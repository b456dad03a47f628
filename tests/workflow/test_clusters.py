"""What trainings ask for, on this machine and through the shipped profiles."""

import itertools
import re
from pathlib import Path

import pytest
import yaml
from checkout import REPOSITORY, SMOKE, Checkout, planned_by
from in_process import call_snakemake

PROFILES = REPOSITORY / "profiles"
SLURM = ("--profile", "profiles/slurm")
PAPER = ("--configfile", "config/paper.yaml")


@pytest.fixture(scope="module")
def fresh(new_checkout) -> Checkout:
    """A checkout whose dry runs show what a training asks for, in the place of its message."""
    checkout = new_checkout()
    rules = checkout.root / "workflow/rules/runs.smk"
    text = re.sub(r"    message:\n.*\n", "", rules.read_text(encoding="utf-8"))
    rules.write_text(text, encoding="utf-8")
    return checkout


def profile(name: str) -> dict[str, object]:
    return yaml.safe_load((PROFILES / name / "config.yaml").read_text(encoding="utf-8"))


def test_no_profile_repeats_a_key_of_the_default_one_which_would_win():
    """Snakemake lets the profile of the workflow win over those that are asked for."""
    others = {folder.name for folder in PROFILES.iterdir()} - {"default"}
    assert others == {"slurm", "slurm_gpu", "slurm_groups", "slurm_arrays"}
    for name in others:
        assert not profile("default").keys() & profile(name).keys(), name


def requests(planned: Checkout, run: str, *arguments: str) -> dict[str, str]:
    """Resources of a training in a dry run."""
    target = f"results/{run}/metrics.json"
    result = planned.parsed(
        "--dry-run", "--forcerun", "train_and_evaluate", *arguments, "--", target
    )
    assert result.returncode == 0, result.stdout + result.stderr
    rule = (result.stdout + result.stderr).split("rule train_and_evaluate:")[1]
    line = next(row for row in rule.splitlines() if row.strip().startswith("resources:"))
    return dict(entry.split("=") for entry in line.split(":", 1)[1].strip().split(", "))


FASHION = "paper/runs/fashion_mnist/beta-vae-1/latent-60/seed-1"
SMALL = "quick/runs/mnist_5k/ae/latent-2/seed-1"


def test_time_limits_follow_from_the_size_of_a_run(fresh):
    small = requests(fresh, SMALL, *SLURM)
    on_a_core = requests(fresh, FASHION, *SLURM, *PAPER, "--config", "device=cpu")
    on_a_gpu = requests(fresh, FASHION, *SLURM, *PAPER)
    assert int(small["runtime"]) == 10
    assert int(on_a_core["runtime"]) > 8 * 60
    assert 9 < int(on_a_gpu["runtime"]) < 3 * 60


def test_a_study_that_says_cuda_asks_for_one_gpu_and_others_for_none(fresh):
    assert requests(fresh, FASHION, *SLURM, *PAPER)["gpu"] == "1"
    assert requests(fresh, SMALL, *SLURM)["gpu"] == "0"


def test_auto_asks_for_no_gpu_of_a_cluster_unless_its_profile_has_one(fresh):
    auto = ("--config", "device=auto")
    assert requests(fresh, SMALL, *SLURM, *auto)["gpu"] == "0"
    gpu = requests(fresh, SMALL, *SLURM, "--profile", "profiles/slurm_gpu", *auto)
    assert (gpu["gpu"], gpu["slurm_partition"]) == ("1", "gpu")


def test_trainings_share_a_gpu_where_the_commented_lines_are_taken(fresh):
    file = "profiles/slurm_gpu/config.yaml"
    text = (fresh.root / file).read_text(encoding="utf-8")
    before, after = text.split("    gpu: 1\n")
    shards = after.replace("    # gpu: 0", "    gpu: 0").replace("    # gres:", "    gres:")
    shared = fresh.root / "profiles/shared_gpu"
    shared.mkdir()
    (shared / "config.yaml").write_text(before + shards, encoding="utf-8")
    asked = requests(fresh, FASHION, *SLURM, "--profile", "profiles/shared_gpu", *PAPER)
    assert (asked["gpu"], asked["gres"]) == ("0", "shard:1")


# Waits for as many others as shall run at the same time, and a moment for those that shall not.
STAND_IN = """\
import time
from pathlib import Path

start, began = time.time(), Path("began")
began.mkdir(exist_ok=True)
(began / str(start)).touch()
while len(list(began.iterdir())) < int(Path("together").read_text()) and time.time() < start + 60:
    time.sleep(0.1)
time.sleep(1)
for file in snakemake.output:
    Path(file).write_text(f"{start} {time.time()}")
"""


@pytest.fixture
def with_a_gpu(new_checkout, monkeypatch) -> Checkout:
    """A checkout on a machine with one GPU, whose trainings only take their time."""
    checkout = new_checkout()
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    (checkout.root / "devices").mkdir()
    (checkout.root / "devices/nvidia0").touch()
    checkout.edit(
        "workflow/scripts/sparsevae/jobs/gpus.py",
        'Path("/dev")',
        f'Path("{checkout.root}/devices")',
    )
    script = checkout.root / "workflow/scripts/train_and_evaluate.py"
    script.write_text(STAND_IN, encoding="utf-8")
    return checkout


RUNS = [f"results/smoke/runs/digits/{model}/latent-2/seed-1" for model in ("ae", "vae", "vsc")]


def at_once(checkout: Checkout, together: int, *arguments: str) -> int:
    """How many of three trainings ran at the same time, at most; each waits for `together`."""
    (checkout.root / "together").write_text(str(together), encoding="utf-8")
    targets = [f"{run}/metrics.json" for run in RUNS]
    result = checkout.snakemake(*SMOKE, *arguments, "--", *targets, cores=8)
    assert result.returncode == 0, result.stdout + result.stderr
    times = [
        tuple(map(float, (checkout.root / file).read_text(encoding="utf-8").split()))
        for file in targets
    ]
    return max(sum(start <= t < end for start, end in times) for t in itertools.chain(*times))


@pytest.mark.parametrize("device", ["cuda", "auto"])
def test_trainings_take_turns_on_this_machines_gpu(with_a_gpu, device):
    """Also if another resource is limited on the command line."""
    limited = ("--resources", "mem_mb=90000")
    assert at_once(with_a_gpu, 1, "--config", f"device={device}", *limited) == 1


def test_several_trainings_share_this_machines_gpu_if_told_to(with_a_gpu):
    assert at_once(with_a_gpu, 2, "--config", "device=cuda", "--resources", "gpu=2") == 2


def test_trainings_without_a_gpu_are_bounded_by_cores_alone(with_a_gpu):
    Path(with_a_gpu.root, "devices/nvidia0").unlink()
    assert at_once(with_a_gpu, 3, "--config", "device=auto") == 3


def test_a_study_runs_in_another_folder_than_its_clone(fresh, tmp_path):
    """As docs/clusters.md has it: paths of files as seen from where the command is given."""
    clone = fresh.root
    (tmp_path / "elsewhere").mkdir()
    command = ("--snakefile", f"{clone.name}/Snakefile", "--directory", str(tmp_path / "elsewhere"))
    files = ("--profile", f"{clone.name}/profiles/slurm", "--configfile")
    configs = [f"{clone.name}/{file}" for file in SMOKE[1:]]
    result = call_snakemake(clone.parent, "--dry-run", *command, *files, *configs)
    assert planned_by(result)["train_and_evaluate"] == 8
    assert str(tmp_path / "elsewhere") in result.stdout


LOCKED = "This folder is locked. If another snakemake runs in it: wait until that has ended"


def test_a_lock_is_answered_by_advice_to_wait(new_checkout):
    """Snakemake's own message ends with `--unlock`, which is wrong while another study runs."""
    checkout = new_checkout()
    locks = checkout.root / ".snakemake/locks"
    locks.mkdir(parents=True)
    (locks / "0.output.lock").write_text(
        "resources/datasets/mnist_5k/train.npz\n", encoding="utf-8"
    )
    target = "resources/datasets/mnist_5k/train.npz"
    locked = checkout.snakemake(target)
    assert locked.returncode == 1
    assert "LockException" in locked.stdout + locked.stderr
    assert locked.stderr.strip().splitlines()[-1].startswith(LOCKED)
    for arguments in (("--dry-run", target), ("--unlock",), (target,)):
        result = checkout.snakemake(*arguments)
        assert result.returncode == 0, result.stderr
        assert LOCKED not in result.stderr
