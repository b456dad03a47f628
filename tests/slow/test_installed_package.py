"""`pip install .` in a new environment, and nothing else of the repository: a copied run loads.

It downloads and unpacks PyTorch, two minutes in all.
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch
from checkout import REPOSITORY, SMOKE
from sparsevae.data.inputs import rows
from sparsevae.data.split import load_split
from sparsevae.jobs import storage
from sparsevae.study.settings import from_mapping
from sparsevae.training.run import load_model

RUN = "digits/vsc/latent-4/seed-1"
PARTS = ("pyproject.toml", "README.md", "LICENSE", "workflow/scripts/sparsevae")
PROGRAM = """
import json, sys
import numpy as np, sparsevae

assert "site-packages" in sparsevae.__file__, sparsevae.__file__
model = sparsevae.load("run")
x, z = np.load("x.npy"), np.load("z.npy")
np.savez(
    "found.npz",
    codes=model.encode(x),
    means=model.posterior(x).mean,
    decoded=model.decode(z),
    bounds=model.log_likelihood(x),
)
"""


@pytest.fixture(scope="module")
def python(tmp_path_factory) -> Path:
    """The interpreter of a new environment with the package and what it depends on."""
    folder = tmp_path_factory.mktemp("installed")
    for part in PARTS:
        source, target = REPOSITORY / part, folder / "source" / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    pins = ["--constraint", str(REPOSITORY / "requirements.txt")]
    pip = [folder / "venv/bin/python", "-m", "pip", "install", "--quiet", "--no-compile"]
    subprocess.run([*pip, *pins, folder / "source"], check=True)
    shutil.rmtree(folder / "source")
    return folder / "venv/bin/python"


@torch.no_grad()
def test_a_copied_run_is_what_the_workflow_wrote(smoke, python, tmp_path):
    folder = smoke.root / "results/smoke/runs" / RUN
    written = f"results/smoke/codes/{RUN}.npz"
    done = smoke.snakemake(written, *SMOKE)
    assert done.returncode == 0, done.stdout + done.stderr
    shutil.copytree(folder, tmp_path / "run")
    test = load_split(smoke.root / "resources/datasets/digits/test.npz")
    codes = storage.read_arrays(smoke.root / written)["codes"]
    np.save(tmp_path / "x.npy", test.inputs)
    np.save(tmp_path / "z.npy", codes)
    subprocess.run([python, "-I", "-c", PROGRAM], cwd=tmp_path, check=True)
    found = storage.read_arrays(tmp_path / "found.npz")

    np.testing.assert_allclose(found["codes"], codes, atol=1e-6)
    assert np.array_equal(found["codes"] == 0, codes == 0)
    metrics = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))
    assert found["bounds"].mean() == pytest.approx(metrics["iwae"], rel=1e-6)
    # As the workflow's package decodes them, and as its pictures show them.
    config = from_mapping(storage.read_json(folder / "config.json"))
    model = load_model(config, folder / "weights.safetensors", test.inputs.shape[1:], "cpu").eval()
    inputs = rows(test, config.likelihood.inputs).values
    np.testing.assert_allclose(found["means"], model.encode(inputs).slab_mean, atol=1e-6)
    decoded = model.decode(torch.from_numpy(codes)).mean.numpy()
    np.testing.assert_allclose(found["decoded"].reshape(decoded.shape), decoded, atol=1e-6)
    pictures = storage.read_arrays(folder / "pictures.npz")
    kept = pictures["code_reconstructions"]
    peak = float(inputs.max())
    shown = (found["decoded"][: len(kept)] / peak * 255).round().clip(0, 255)
    assert np.abs(shown - kept.astype(float)).max() <= 1
