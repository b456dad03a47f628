"""An explorer of models that nobody trained: every kind of decoder and prior, in a second."""

from pathlib import Path

import numpy as np
import torch
from checkout import REPOSITORY
from sparsevae.data.catalogue import CATALOGUE
from sparsevae.data.split import Split, save_split
from sparsevae.explorer import export
from sparsevae.explorer.export import study_record
from sparsevae.explorer.page import write_page
from sparsevae.models.base import Model
from sparsevae.models.registry import build
from sparsevae.study.settings import RunConfig, from_mapping, merge

PAGE = REPOSITORY / "workflow/pages/explorer"
CONV = {"body": "conv", "channels": [4, 6, 8]}
MODELS = {
    "ae": {"family": "ae"},
    "vae": {"family": "vae", "likelihood": {"family": "continuous_bernoulli"}},
    "vsc": {"family": "vsc", "network": CONV, "prior": {"kind": "fixed", "spike_prob": 0.3}},
    "topk": {"family": "topk", "support": {"kept": 2}},
    "pseudo": {
        "family": "vsc",
        "likelihood": {"family": "gaussian", "inputs": "unit_norm"},
        "prior": {"kind": "pseudo_inputs", "pseudo_inputs": 3},
    },
}
SIZES = {"digits": (3, 40), "celeba": (5,)}


def run_of(dataset: str, model: str, size: int) -> RunConfig:
    names = {"dataset": dataset, "model": model, "latent_dim": size, "seed": 1}
    return from_mapping(merge({"network": {"hidden": [20]}}, names, MODELS[model]))


def runs(models=tuple(MODELS), sizes=SIZES) -> list[RunConfig]:
    return [run_of(d, model, size) for d in sizes for model in models for size in sizes[d]]


def model_of(run: RunConfig) -> Model:
    """With weights from the run's own seed; about half of its spikes are off."""
    model = build(run, CATALOGUE[run.dataset].shape)
    noise = torch.Generator().manual_seed(run.latent_dim)
    model.initialise(noise)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "bias" in name or name == "prior.inputs":
                parameter.normal_(0, 0.5, generator=noise)
    return model.eval()


def build_explorer(folder: Path, monkeypatch, models=tuple(MODELS), sizes=SIZES, edit=None) -> Path:
    """The exported folder; `edit` may change what the page is told of the study."""
    monkeypatch.setattr(export, "load_model", lambda run, *_: model_of(run))
    exported = runs(models, sizes)
    datasets = {
        name: {
            "shape": list(CATALOGUE[name].shape),
            "classes": list(CATALOGUE[name].class_names),
            "shown_latents": of_dataset[-1],
            "centred": CATALOGUE[name].centred,
        }
        for name, of_dataset in sizes.items()
    }
    study = study_record("hand-built", models, exported, datasets)
    if edit:
        edit(study)
    tests = {dataset: str(folder / f"{dataset}.npz") for dataset in sizes}
    for dataset, file in tests.items():
        save_split(file, noise_images(dataset))
    export.export_data(folder / "out/data", study, dict.fromkeys(exported, ""), tests, print)
    write_page(PAGE, folder / "out", "hand-built")
    return folder / "out"


def noise_images(dataset: str) -> Split:
    info = CATALOGUE[dataset]
    rng = np.random.default_rng(2)
    inputs = rng.integers(0, 256, (60, *info.shape), dtype=np.uint8)
    return Split(inputs, np.arange(60, dtype=np.uint8) % len(info.class_names))
