"""What holds between kinds of CPU: docs/clusters.md, "Another CPU".

Torch and its libraries choose code by the instructions that a CPU has, and sums in another order
are rounded otherwise. Here one machine is two: with all its instructions, and with the oldest.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

OLD_CPU = {
    "ATEN_CPU_CAPABILITY": "default",
    "MKL_ENABLE_INSTRUCTIONS": "SSE4_2",
    "ONEDNN_MAX_CPU_ISA": "SSE41",
}
MODELS = {"vae": {}, "vsc": {"prior": {"kind": "fixed", "spike_prob": 0.2}}}
SCRIPT = """
import json, sys
from pathlib import Path
import torch
from sparsevae.data.digits import digits
from sparsevae.evaluation.encoded import encode_split
from sparsevae.evaluation.evaluate import evaluate
from sparsevae.evaluation.mean_reference import elbo_of_mean
from sparsevae.study.settings import from_mapping
from sparsevae.training import run as runs
from sparsevae.training.checkpoints import CheckpointFile

folder, models = Path(sys.argv[1]), json.loads(sys.argv[2])
torch.set_num_threads(1)
train, test = digits()
for name, settings in models.items():
    for epochs in (2, 20):
        run = from_mapping({
            "dataset": "digits", "model": name, "family": name, "latent_dim": 8, "seed": 1,
            "network": {"hidden": [200]}, "training": {"epochs": epochs}, **settings,
        })
        file = CheckpointFile(folder / f"{name}-{epochs}.safetensors", "key")
        runs.train_model(run, train, "cpu", file, lambda line: None)
        model = runs.load_model(run, file.path, test.inputs.shape[1:], "cpu")
        encoded = encode_split(model, test, run.likelihood.inputs, run.evaluation.batch_size)
        mean = elbo_of_mean(train, encoded, run.likelihood, run.training.max_images)
        metrics, _ = evaluate(model, encoded, run.evaluation, run.seed, mean)
        (folder / f"{name}-{epochs}.json").write_text(json.dumps(metrics))
"""


@pytest.fixture(scope="module")
def cpus(tmp_path_factory) -> list[Path]:
    """Folders of what this CPU trained, what it trained again, and what an old one trained."""
    if torch.backends.cpu.get_cpu_capability() == "DEFAULT":
        pytest.skip("this CPU has one set of instructions only")
    folders = [tmp_path_factory.mktemp(name) for name in ("this", "again", "old")]
    path = os.pathsep.join(sys.path)
    for folder, instructions in zip(folders, ({}, {}, OLD_CPU), strict=True):
        command = [sys.executable, "-c", SCRIPT, str(folder), json.dumps(MODELS)]
        subprocess.run(command, env=os.environ | {"PYTHONPATH": path} | instructions, check=True)
    return folders


def metrics(folder: Path, run: str) -> dict[str, float]:
    found = json.loads((folder / f"{run}.json").read_text(encoding="utf-8"))
    return {k: v for k, v in found.items() if v is not None}


def test_the_same_cpu_trains_the_same_bytes(cpus):
    for file in cpus[0].iterdir():
        assert file.read_bytes() == (cpus[1] / file.name).read_bytes(), file.name


@pytest.mark.parametrize("model", MODELS)
def test_another_cpu_differs_by_rounding_after_two_epochs(cpus, model):
    here, there = (load_file(folder / f"{model}-2.safetensors") for folder in (cpus[0], cpus[2]))
    assert any(not torch.equal(here[name], there[name]) for name in here)
    for name in here:
        torch.testing.assert_close(here[name], there[name], rtol=0, atol=0.01)
    assert metrics(cpus[0], f"{model}-2") == pytest.approx(metrics(cpus[2], f"{model}-2"), rel=1e-3)


@pytest.mark.parametrize("model", MODELS)
def test_another_cpu_trains_another_model_with_the_same_measures(cpus, model):
    """After 20 epochs weights have parted; the bound differs by less than it is known."""
    here, there = (metrics(folder, f"{model}-20") for folder in (cpus[0], cpus[2]))
    assert abs(here["elbo"] - there["elbo"]) < here["elbo_standard_error"]
    assert abs(here["iwae"] - there["iwae"]) < here["iwae_standard_error"]
    assert here == pytest.approx(there, rel=0.03)
