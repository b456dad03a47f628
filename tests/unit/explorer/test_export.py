"""The exported folder: what is in it and how large it is."""

from pathlib import Path

import numpy as np
import pytest
import torch
from exported import read
from sparsevae.data.split import Split, save_split
from sparsevae.explorer import export
from sparsevae.explorer.export import study_record
from sparsevae.models.registry import build
from sparsevae.study.settings import RunConfig, from_mapping

MEGABYTE = 1e6


@pytest.fixture
def mnist_sized(tmp_path, monkeypatch):
    """Runs of MNIST's shape that no training has seen, and a test set of noise."""
    rng = np.random.default_rng(1)
    inputs = rng.integers(0, 256, (40, 1, 28, 28), dtype=np.uint8)
    save_split(tmp_path / "test.npz", Split(inputs, np.arange(40, dtype=np.uint8) % 10))
    monkeypatch.setattr(export, "load_model", drawn)

    def make(**settings) -> RunConfig:
        names = {"dataset": "mnist", "model": settings["family"], "latent_dim": 200, "seed": 1}
        return from_mapping(names | settings)

    return make


def drawn(config, weights, shape, device):
    model = build(config, shape)
    model.initialise(torch.Generator().manual_seed(int(weights)))
    return model


MNIST = {"shape": [1, 28, 28], "classes": list("0123456789"), "shown_latents": 200}


def exported(folder: Path, runs: list[RunConfig]) -> list[Path]:
    weights = {run: str(place) for place, run in enumerate(runs)}
    study = study_record("s", [run.model for run in runs], runs, {"mnist": MNIST})
    export.export_data(folder / "out", study, weights, {"mnist": str(folder / "test.npz")}, print)
    return sorted((folder / "out").iterdir())


def test_sixteen_models_of_mnist_with_200_latents_are_under_40_megabytes(mnist_sized, tmp_path):
    prior = {"kind": "pseudo_inputs", "pseudo_inputs": 20}
    files = exported(tmp_path, [mnist_sized(family="vae"), mnist_sized(family="vsc", prior=prior)])
    size = {file.stem: file.stat().st_size for file in files}
    parameters = 200 * 400 + 400 + 400 * 784 + 784
    assert size["decoder-0"] > 2 * parameters  # it is all there
    largest = max(size["decoder-0"], size["decoder-1"])
    assert 16 * largest + size["images-0"] + size["study"] < 40 * MEGABYTE


def test_files_have_numbers_and_one_value_each(mnist_sized, tmp_path):
    files = exported(tmp_path, [mnist_sized(family="ae", latent_dim=3)])
    assert [file.name for file in files] == ["decoder-0.js", "images-0.js", "study.js"]
    images, study = read(files[1]), read(files[2])
    assert len(images["labels"]) == 24
    assert len(images["pixels"]) == 24 * 784 * 4 // 3
    assert read(files[0])["means"]["shape"] == [24, 3]
    assert study["datasets"][0]["decoders"] == [{"model": "ae", "latents": 3, "file": 0}]


def test_models_beyond_the_limit_are_left_out_and_counted(mnist_sized, tmp_path):
    runs = [mnist_sized(family="ae", latent_dim=size) for size in (4, 3, 2)]
    weights = {run: str(place) for place, run in enumerate(runs)}
    study = study_record("s", ["ae"], runs, {"mnist": MNIST})
    said: list[str] = []
    tests = {"mnist": str(tmp_path / "test.npz")}
    export.export_data(tmp_path / "out", study, weights, tests, said.append, max_mb=2.6)
    written = read(tmp_path / "out/study.js")
    assert written["left_out"] == 2
    assert [decoder["file"] for decoder in written["datasets"][0]["decoders"]] == [0]
    assert not (tmp_path / "out/decoder-1.js").exists()
    assert said[-1] == "2 models left out, beyond explorer.max_mb: 2.6 MB"
    # One always has a place.
    export.export_data(tmp_path / "few", study, weights, tests, said.append, max_mb=0.001)
    assert len(read(tmp_path / "few/study.js")["datasets"][0]["decoders"]) == 1
