"""What goes wrong in a study stops what it must, and loses nothing."""

import gzip
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from checkout import Checkout, results_of

STUDY = {
    "study": "faults",
    "seeds": [1],
    "models": {"ae": {"family": "ae"}, "vae": {"family": "vae"}},
    "datasets": {"digits": {"latent_dims": [4], "run": {"network": {"hidden": [32]}}}},
}


def study_with(checkout: Checkout, **training: object) -> tuple[str, str]:
    """Writes STUDY with settings of the VAE's training; the arguments that run it."""
    study = STUDY | {"models": {"ae": {"family": "ae", "training": {"epochs": 2}}}}
    study["models"]["vae"] = {"family": "vae", "training": training}
    (checkout.root / "study.yaml").write_text(yaml.safe_dump(study))
    return ("--configfile", "study.yaml")


def test_a_nan_stops_its_run_with_epoch_and_batch_and_the_others_finish(new_checkout):
    checkout = new_checkout()
    arguments = study_with(checkout, epochs=3, learning_rate=1e30, schedule="constant")
    result = checkout.snakemake(*arguments)
    assert result.returncode != 0
    log = checkout.root / "results/faults/logs/runs/digits/vae/latent-4/seed-1.log"
    [line] = [line for line in log.read_text().splitlines() if "TrainingDiverged" in line]
    assert "digits/vae/latent-4/seed-1" in line
    assert "epoch 1, batch " in line
    assert "Traceback" not in log.read_text()
    runs = checkout.root / "results/faults/runs/digits"
    assert (runs / "ae/latent-4/seed-1/metrics.json").exists()
    assert not (runs / "vae/latent-4/seed-1/weights.safetensors").exists()


def test_a_killed_training_goes_on_and_ends_with_the_same_bytes(new_checkout):
    killed, undisturbed = new_checkout(), new_checkout()
    settings = {"epochs": 300, "checkpoint_every": 60}
    arguments = study_with(killed, **settings)
    command = [sys.executable, "-m", "snakemake", "--cores", "1", *arguments]
    process = subprocess.Popen(
        command, cwd=killed.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    run = killed.root / "results/faults/runs/digits/vae/latent-4/seed-1"
    job = training_after_a_checkpoint(killed, run / "checkpoint.safetensors")
    os.kill(job, signal.SIGKILL)
    assert process.wait(timeout=300) != 0
    assert not (run / "weights.safetensors").exists()

    assert killed.snakemake(*arguments).returncode == 0
    log = killed.root / "results/faults/logs/runs/digits/vae/latent-4/seed-1.log"
    assert "goes on after epoch" in log.read_text()
    assert (run / "checkpoint.safetensors").samefile(run / "weights.safetensors")
    assert undisturbed.snakemake(*study_with(undisturbed, **settings)).returncode == 0
    assert results_of(killed.root / "results/faults") == results_of(
        undisturbed.root / "results/faults"
    )


def training_after_a_checkpoint(checkout: Checkout, checkpoint: Path, seconds: float = 120) -> int:
    """The process of the training that has just written its first checkpoint."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if checkpoint.exists():
            for entry in Path("/proc").glob("[0-9]*"):
                try:
                    words = (entry / "cmdline").read_text().split("\0")
                    here = (entry / "cwd").resolve() == checkout.root
                except OSError:
                    continue
                if here and "python" in words[0] and words[1].endswith(".train_and_evaluate.py"):
                    return int(entry.name)
        time.sleep(0.02)
    raise AssertionError(f"no {checkpoint} after {seconds} s")


def test_a_clock_that_jumps_back_costs_no_training(new_checkout):
    """Snakemake refuses outputs that are older than inputs, and says so; the checkpoint stays."""
    checkout = new_checkout()
    arguments = study_with(checkout, epochs=2)
    assert checkout.snakemake(*arguments).returncode == 0
    results = checkout.root / "results/faults"
    before = results_of(results)
    shutil.rmtree(results / "tables")
    for file in (results / "runs").rglob("metrics.json"):
        file.unlink()
    data = list((checkout.root / "resources/datasets").rglob("*.npz"))
    for file in data:
        os.utime(file, (time.time() + 24 * 3600,) * 2)
    refused = checkout.snakemake(*arguments)
    assert refused.returncode != 0
    assert "clock skew" in refused.stderr

    for file in data:
        file.touch()
    assert checkout.snakemake(*arguments).returncode == 0
    assert results_of(results) == before
    log = results / "logs/runs/digits/vae/latent-4/seed-1.log"
    assert log.read_text().count("goes on after epoch 2") == 1
    assert "epoch 1 of" not in log.read_text()


@pytest.mark.parametrize("fault", ["truncated", "wrong"])
def test_a_damaged_data_file_is_named_and_nothing_of_it_is_left(
    new_checkout, tmp_path, mnist_folder, fault
):
    checkout = new_checkout()
    for file in Path(mnist_folder).glob("*.gz"):
        (tmp_path / file.name).symlink_to(file)
    damaged = tmp_path / "t10k-images-idx3-ubyte.gz"
    content = gzip.decompress(damaged.read_bytes())
    damaged.unlink()
    damaged.write_bytes(
        gzip.compress(content)[:-1000]
        if fault == "truncated"
        else gzip.compress(content[:-1] + b"?")
    )
    result = checkout.snakemake(
        "--configfile", "config/mnist.yaml", "--config", f"datasets_dir={tmp_path}"
    )
    assert result.returncode != 0
    log = (checkout.root / "results/mnist/logs/datasets/mnist.log").read_text()
    assert log.count("\n") == 1
    assert str(damaged) in log
    assert log.count("md5") == 1
    assert "2646ac647ad5339dbf082846283269ea" in log
    assert not list((checkout.root / "resources/datasets").rglob("*.npz"))
    assert not (checkout.root / "results/mnist/runs").exists()
