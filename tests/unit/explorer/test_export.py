"""The exported folder: what is in it and how large it is."""

from pathlib import Path

import numpy as np
import pytest
import torch
from exported import read
from sparsevae.data.split import Split, save_split
from sparsevae.explorer import export
from sparsevae.explorer.export import study_record
from sparsevae.explorer.planned import beyond_max_models, explored_runs
from sparsevae.models.registry import build
from sparsevae.study.settings import RunConfig, from_mapping
from sparsevae.study.study import Study

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


def test_models_beyond_the_limits_are_left_out_and_named(mnist_sized, tmp_path):
    runs = [mnist_sized(family="ae", latent_dim=size) for size in (4, 3, 2)]
    weights = {run: str(place) for place, run in enumerate(runs)}
    study = study_record("s", ["ae"], runs, {"mnist": MNIST}, ["mnist/ae, 1 latents"])
    said: list[str] = []
    tests = {"mnist": str(tmp_path / "test.npz")}
    export.export_data(tmp_path / "out", study, weights, tests, said.append, max_mb=2.6)
    written = read(tmp_path / "out/study.js")
    names = ["mnist/ae, 3 latents", "mnist/ae, 2 latents", "mnist/ae, 1 latents"]
    assert written["left_out"] == names
    assert [decoder["file"] for decoder in written["datasets"][0]["decoders"]] == [0]
    assert not (tmp_path / "out/decoder-1.js").exists()
    limits = "explorer.max_models or explorer.max_mb"
    assert said[-1] == f"3 left out, beyond {limits}: {'; '.join(names)}"
    # One always has a place.
    export.export_data(tmp_path / "few", study, weights, tests, said.append, max_mb=0.001)
    assert len(read(tmp_path / "few/study.js")["datasets"][0]["decoders"]) == 1


def test_a_dataset_without_a_model_is_not_offered_and_others_keep_their_images(
    mnist_sized, tmp_path
):
    runs = [mnist_sized(family="ae", latent_dim=2, dataset=name) for name in ("a", "b", "c")]
    weights = {run: str(place) for place, run in enumerate(runs)}
    study = study_record("s", ["ae"], runs, dict.fromkeys("abc", MNIST))
    study["datasets"][1]["decoders"] = []
    export.export_data(
        tmp_path, study, weights, dict.fromkeys("abc", str(tmp_path / "test.npz")), print
    )
    written = read(tmp_path / "study.js")["datasets"]
    assert [(entry["name"], entry["images"]) for entry in written] == [("a", 0), ("c", 2)]


def test_the_first_seeds_runs_find_a_place_by_shown_size_and_the_others_are_named():
    latents = {"latent_dims": [2, 8], "shown_latent_dim": 8}
    config = {
        "study": "s",
        "seeds": [1, 2],
        "models": {"vae": {"family": "vae"}, "ae": {"family": "ae"}},
        "datasets": {"digits": latents, "mnist_5k": latents},
        "explorer": {"max_models": 5},
    }
    study = Study(config)
    held = [(run.dataset, run.model, run.latent_dim, run.seed) for run in explored_runs(study)]
    shown = [(name, model, 8, 1) for name in ("digits", "mnist_5k") for model in ("vae", "ae")]
    assert held == [*shown, ("digits", "vae", 2, 1)]
    assert beyond_max_models(study) == [
        "digits/ae, 2 latents",
        "mnist_5k/vae, 2 latents",
        "mnist_5k/ae, 2 latents",
    ]
