"""The scripts of the figure rules: files in, both pictures out."""

import runpy
import sys
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType, SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sparsevae.comparison.published import read_rows
from sparsevae.comparison.scorecard import scorecard
from unit.comparison.test_published import run as settings
from unit.comparison.test_published import vsc
from unit.figures import examples

SCRIPTS = Path(__file__).parents[3] / "workflow" / "scripts"
MODELS = ["ae", "vsc"]
PUBLISHED = Path(__file__).parents[3] / "resources" / "published" / "scorecard_rows.csv"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a script as Snakemake does, without its log; returns the folder of outputs."""
    job = ModuleType("sparsevae.jobs.job")
    job.job = nullcontext
    monkeypatch.setitem(sys.modules, "sparsevae.jobs.job", job)

    def run_script(name, inputs, **params):
        snakemake = SimpleNamespace(
            input=SimpleNamespace(**inputs),
            params=SimpleNamespace(**params),
            output=SimpleNamespace(png=tmp_path / "out.png", pdf=tmp_path / "out.pdf"),
            wildcards=SimpleNamespace(dataset="digits"),
        )
        runpy.run_path(str(SCRIPTS / f"plot_{name}.py"), init_globals={"snakemake": snakemake})
        assert (tmp_path / "out.png").read_bytes().startswith(b"\x89PNG")
        assert (tmp_path / "out.pdf").read_bytes().startswith(b"%PDF")

    return run_script


@pytest.mark.parametrize(
    "name",
    [
        "reconstructions",
        "latent_grid",
        "prior_samples",
        "traversals",
        "conditional_samples",
        "interpolation",
        "largest_codes",
        "pseudo_inputs",
    ],
)
def test_figures_of_pictures(name, run, tmp_path):
    files = [tmp_path / f"{model}.npz" for model in MODELS]
    for model, file in zip(MODELS, files, strict=True):
        np.savez(file, **examples.pictures(model, side=8))
    run(name, {"runs": files}, models=MODELS)


def test_sparse_codes(run, tmp_path):
    runs = [(model, size) for size in (4, 9) for model in MODELS]
    files = [tmp_path / f"{model}-{size}.npz" for model, size in runs]
    for (model, size), file in zip(runs, files, strict=True):
        np.savez(file, **examples.pictures(model, side=8, latents=size))
    models, sizes = zip(*runs, strict=True)
    run("sparse_codes", {"runs": files}, models=list(models), latent_dims=list(sizes))


def test_class_activations(run, tmp_path):
    files = [tmp_path / f"{model}.csv" for model in MODELS]
    for model, file in zip(MODELS, files, strict=True):
        examples.activations(4, 3, model == "vsc").to_csv(file, index=False)
    run("class_activations", {"runs": files}, models=MODELS, class_names=["a", "b", "c"])


def test_class_spikes(run, tmp_path):
    examples.activations(4, 3, True).to_csv(tmp_path / "vsc.csv", index=False)
    np.savetxt(tmp_path / "published.csv", np.full((3, 6), 0.5), delimiter=",")
    for published in ([], [tmp_path / "published.csv"]):
        run(
            "class_spikes",
            {"runs": [tmp_path / "vsc.csv"], "published": published},
            models=["vsc"],
            class_names=["a", "b", "c"],
            labels=[2, 0, 1],
        )


def test_factor_correlations(run, tmp_path):
    columns = {"factor": range(18), "latent": 0, "correlation": 0.5}
    pd.DataFrame(columns).to_csv(tmp_path / "known.csv", index=False)
    pd.DataFrame(columns)[:0].to_csv(tmp_path / "unknown.csv", index=False)
    np.savetxt(tmp_path / "published.csv", np.full((18, 6), 0.5), delimiter=",")
    one_run = {"models": ["vsc"], "families": ["vsc"], "latent_dims": [1]}
    inputs = {"runs": [tmp_path / "unknown.csv"], "published": []}
    run("factor_correlations", inputs, **one_run, published=[])
    inputs = {"runs": [tmp_path / "known.csv"], "published": [tmp_path / "published.csv"]}
    run("factor_correlations", inputs, **one_run, published=[["vsc", 6]])


def test_used_latents_vs_latent_dim(run, tmp_path):
    metrics = examples.metrics(["ae", "null"])
    metrics["used_latents"] = metrics["correlation_used"] = 2
    metrics.to_csv(tmp_path / "metrics.csv", index=False)
    np.savetxt(tmp_path / "published.csv", np.full((18, 6), 0.5), delimiter=",")
    inputs = {"metrics": tmp_path / "metrics.csv", "published": [tmp_path / "published.csv"]}
    models = {"models": ["ae", "null"], "families": ["ae", "vsc"]}
    run("used_latents_vs_latent_dim", inputs, **models, published=[["vsc", 6]])


def test_examples(run, tmp_path):
    labels = np.zeros(20, np.uint8)
    np.savez(tmp_path / "test.npz", inputs=examples.blobs(20, side=8), labels=labels)
    run("examples", {"test": tmp_path / "test.npz"})


def test_training_history(run, tmp_path):
    runs = [(model, seed) for model in MODELS for seed in (1, 2)]
    files = [tmp_path / f"{model}-{seed}.csv" for model, seed in runs]
    for (model, seed), file in zip(runs, files, strict=True):
        examples.history(model, seed).to_csv(file, index=False)
    models, seeds = zip(*runs, strict=True)
    run("training_history", {"runs": files}, models=list(models), seeds=list(seeds))


def test_bound_vs_latent_dim_takes_its_own_dataset(run, tmp_path, monkeypatch):
    seen = []
    module = "sparsevae.figures.bound_vs_latent_dim"
    from sparsevae.figures import bound_vs_latent_dim

    plot = bound_vs_latent_dim.plot_bound_vs_latent_dim
    monkeypatch.setattr(
        f"{module}.plot_bound_vs_latent_dim",
        lambda metrics, *others: seen.append(metrics) or plot(metrics, *others),
    )
    metrics = examples.metrics(["ae", "null"])
    metrics.loc[metrics["seed"] == 3, "dataset"] = "mnist"
    metrics.to_csv(tmp_path / "metrics.csv", index=False)
    inputs = {"metrics": tmp_path / "metrics.csv", "published": PUBLISHED}
    run("bound_vs_latent_dim", inputs, models=["ae", "null"], settings=[])
    assert set(seen[0]["seed"]) == {1, 2}
    assert set(seen[0]["model"]) == {"ae", "null"}


def test_accuracy_vs_latent_dim_takes_its_own_dataset(run, tmp_path, monkeypatch):
    seen = []
    from sparsevae.figures import accuracy_vs_latent_dim as module

    plot = module.plot_accuracy_vs_latent_dim
    monkeypatch.setattr(
        module,
        "plot_accuracy_vs_latent_dim",
        lambda metrics, *rest: seen.append(metrics) or plot(metrics, *rest),
    )
    metrics = examples.accuracies(["ae", "null"])
    metrics.loc[metrics["seed"] == 3, "dataset"] = "mnist"
    metrics.to_csv(tmp_path / "metrics.csv", index=False)
    inputs = {"metrics": tmp_path / "metrics.csv", "published": PUBLISHED}
    run("accuracy_vs_latent_dim", inputs, models=["ae", "null"], settings=[])
    assert set(seen[0]["seed"]) == {1, 2}
    assert set(seen[0]["model"]) == {"ae", "null"}


def test_accuracy_vs_labels_takes_its_own_dataset_and_latent_size(run, tmp_path, monkeypatch):
    seen = []
    from sparsevae.figures import accuracy_vs_labels as module

    plot = module.plot_accuracy_vs_labels
    monkeypatch.setattr(
        module,
        "plot_accuracy_vs_labels",
        lambda probes, *rest: seen.append(probes) or plot(probes, *rest),
    )
    probes = examples.probes(MODELS, labels=[10, 100]).assign(dataset="digits", latent_dim=8)
    probes.loc[probes["seed"] == 3, "dataset"] = "mnist"
    probes.loc[probes["seed"] == 2, "latent_dim"] = 2
    probes.to_csv(tmp_path / "probes.csv", index=False)
    files = {"probes": tmp_path / "probes.csv"}
    run("accuracy_vs_labels", files, models=MODELS, latent_dim=8)
    assert set(seen[0]["seed"]) == {1}


def test_bound_vs_weight_takes_its_own_latent_size(run, tmp_path, monkeypatch):
    seen = []
    from sparsevae.figures import bound_vs_weight

    plot = bound_vs_weight.plot_bound_vs_weight
    monkeypatch.setattr(
        "sparsevae.figures.bound_vs_weight.plot_bound_vs_weight",
        lambda metrics, *others: seen.append(metrics) or plot(metrics, *others),
    )
    metrics = examples.metrics(["vae"])
    metrics.assign(elbo_selected=metrics["elbo"]).to_csv(tmp_path / "metrics.csv", index=False)
    inputs = {"metrics": tmp_path / "metrics.csv", "published": PUBLISHED}
    run("bound_vs_weight", inputs, latent_dim=8, settings=[settings("vae", dataset="digits")])
    assert set(seen[0]["latent_dim"]) == {8}


def test_scorecard(run, tmp_path):
    models = [settings("vae"), vsc("sparse")]
    metrics = examples.metrics(["vae", "sparse"], (8, 16)).assign(dataset="mnist")
    scorecard(read_rows(PUBLISHED), models, metrics, {}).to_csv(tmp_path / "card.csv", index=False)
    run("scorecard", {"scorecard": tmp_path / "card.csv"})
