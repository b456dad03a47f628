"""What each figure's rule reads, and what its `draw` gets from these files."""

import runpy
import sys
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sparsevae.figures import reads
from sparsevae.figures.catalogue import declarations
from sparsevae.figures.loading import arguments
from sparsevae.figures.sources import Plot, StudyPlace, plots
from sparsevae.study.study import Study
from unit.figures import examples
from unit.figures.test_figure_plan import RICH, study

REPOSITORY = Path(__file__).parents[3]
DATASETS, PUBLISHED = Path("resources/datasets"), REPOSITORY / "resources/published"
RUN = "results/trial/runs/smiley/{}/latent-{}/seed-{}/file.csv"


def place(dataset: str | None = "smiley", trial: Study | None = None) -> StudyPlace:
    return StudyPlace(trial or study(), dataset, DATASETS, PUBLISHED)


MODELS = list(RICH["models"])


@pytest.mark.parametrize(
    ("which", "runs"),
    [
        ("shown", [(model, 8, 1) for model in MODELS]),
        ("two_latents", [(model, 2, 1) for model in MODELS]),
        ("all_seeds", [(model, 8, seed) for model in MODELS for seed in (1, 2)]),
        ("three_sizes", [(model, size, 1) for size in (2, 8) for model in MODELS]),
        ("every_size", [(model, size, 1) for model in MODELS for size in (2, 8)]),
    ],
)
def test_each_choice_of_runs_has_its_files_and_its_keys(which, runs):
    read = reads.RunFiles("file.csv", which)
    assert read.files(place()) == [RUN.format(*run) for run in runs]
    keys = {
        "shown": [model for model, _, _ in runs],
        "two_latents": [model for model, _, _ in runs],
        "all_seeds": [(model, seed) for model, _, seed in runs],
    }.get(which, [(model, size) for model, size, _ in runs])
    assert read.fact(place()) == keys


def test_facts_are_the_studys():
    facts = {name: reads.Fact(name).fact(place()) for name in ("models", "families", "latent_dim")}
    families = {name: entry["family"] for name, entry in RICH["models"].items()}
    assert facts == {"models": MODELS, "families": families, "latent_dim": 8}
    assert reads.Fact("class_names").fact(place())[:2] == ["none", "bowtie"]
    assert reads.Fact("class_order").fact(place()) == list(range(16))
    settings = reads.Fact("settings").fact(place())
    assert [entry["beta"] for entry in settings] == [1, 1, 4, 1]
    assert not {"latent_dim", "seed"} & settings[0].keys()


def test_the_papers_panels_are_those_of_our_runs():
    sizes = {"smiley": {"latent_dims": [18, 60, 70]}}
    of = place(trial=study(datasets=sizes))
    read = reads.PublishedCorrelations()
    assert set(read.fact(of)) == {(family, size) for family in ("vae", "vsc") for size in (18, 60)}
    loaded = arguments({"m": read}, {"m": read.files(of)}, {"m": read.fact(of)})
    assert {size: matrix.shape for (_, size), matrix in loaded["m"].items()} == {
        18: (18, 18),
        60: (18, 60),
    }
    assert read.files(place("digits", study(datasets={"digits": {"latent_dims": [18]}}))) == []


def test_the_papers_spikes_are_of_the_datasets_that_it_has(tmp_path):
    trial = study(datasets={"fashion_mnist": {"latent_dims": [2]}})
    read = reads.PublishedSpikes()
    files = read.files(place("fashion_mnist", trial))
    assert arguments({"p": read}, {"p": files}, {"p": None})["p"].shape == (10, 60)
    assert read.files(place()) == []
    assert arguments({"p": read}, {}, {"p": None})["p"] is None
    order = reads.Fact("class_order").fact(place("fashion_mnist", trial))
    assert order == [0, 2, 6, 4, 3, 5, 7, 9, 1, 8]


def test_a_table_has_the_rows_of_its_dataset_and_latent_size(tmp_path):
    """Also where models are called "1" and "null"."""
    metrics = examples.metrics(["1", "null"], [2, 8])
    metrics.loc[metrics["seed"] == 3, "dataset"] = "smiley"
    metrics.to_csv(tmp_path / "metrics.csv", index=False)

    def rows(read: reads.Table, of: StudyPlace) -> pd.DataFrame:
        given = arguments({"t": read}, {"t": [tmp_path / "metrics.csv"]}, {"t": read.fact(of)})
        return given["t"]

    assert reads.Table("metrics").files(place()) == ["results/trial/tables/metrics.csv"]
    chosen = rows(reads.Table("metrics"), place())
    assert set(chosen["seed"]) == {3}
    assert set(chosen["model"]) == {"1", "null"}
    assert set(chosen["latent_dim"]) == {2, 8}
    assert set(rows(reads.Table("metrics", at_shown_size=True), place())["latent_dim"]) == {8}
    assert len(rows(reads.Table("metrics"), place(None))) == len(metrics)


def test_a_published_curve_is_of_the_models_with_its_settings():
    models = dict.fromkeys(MODELS) | {"half": {"family": "vsc"}, "vae": {"family": "vae"}}
    trial = study(models=models, datasets={"smiley": None, "mnist": {"latent_dims": [8]}})
    read = reads.PublishedCurve("loss")
    of = place("mnist", trial)
    given = arguments({"c": read}, {"c": read.files(of)}, {"c": read.fact(of)})["c"]
    assert set(given["model"]) == {"half", "vae"}
    assert sorted(set(given["latent_dim"])) == list(range(8, 201, 8))


PLOTS = {plot.name: plot for plot in plots(study(), DATASETS, PUBLISHED, str.upper)}
ROWS = {
    "history.csv": lambda model, size: examples.history(model),
    "class_activations.csv": lambda model, size: examples.activations(size, 16, model == "vsc"),
    "factor_correlations.csv": lambda model, size: pd.DataFrame(
        {"factor": np.repeat(range(18), size), "latent": list(range(size)) * 18, "correlation": 0.5}
    ),
}


@pytest.fixture
def finished(tmp_path, monkeypatch) -> Path:
    """A folder with results of the trial study, in which a job runs."""
    monkeypatch.chdir(tmp_path)
    for run in study().runs.values():
        folder = Path(study().file_of(run, "x")).parent
        folder.mkdir(parents=True)
        for name, rows in ROWS.items():
            rows(run.model, run.latent_dim).to_csv(folder / name, index=False)
        pictures = examples.pictures(run.model, side=8, latents=run.latent_dim)
        if run.model == "vsc":
            pictures |= examples.pseudo_inputs(5, side=8) | examples.roles(3, 16, side=8)
        np.savez(folder / "pictures.npz", **pictures)
    test = DATASETS / "smiley/test.npz"
    test.parent.mkdir(parents=True)
    np.savez(test, inputs=examples.blobs(20, side=8), labels=np.zeros(20, np.uint8))
    tables = Path("results/trial/tables")
    tables.mkdir()
    metrics = examples.accuracies(MODELS, [2, 8], [1, 2]).assign(dataset="smiley")
    metrics = metrics.assign(elbo_selected=metrics["elbo"], used_latents=2, correlation_used=1)
    metrics.to_csv(tables / "metrics.csv", index=False)
    probes = examples.probes(MODELS, labels=[50, 100]).assign(dataset="smiley", latent_dim=8)
    probes.to_csv(tables / "probes.csv", index=False)
    row = {"source": "s", "dataset": "mnist", "model": "VSC", "setting": "beta=1"}
    row |= {"measure": "loss", "difference": -1.0, "verdict": "better"}
    pd.DataFrame([row]).to_csv(tables / "scorecard.csv", index=False)
    return tmp_path


@pytest.mark.parametrize("name", sorted(declarations()))
def test_the_script_draws_every_figure_from_the_files_of_its_rule(name, finished, monkeypatch):
    """As Snakemake runs it, without its log."""
    job = ModuleType("sparsevae.jobs.job")
    job.job = nullcontext
    monkeypatch.setitem(sys.modules, "sparsevae.jobs.job", job)
    plot: Plot = PLOTS[name]
    wildcards = SimpleNamespace(dataset="smiley")
    output = SimpleNamespace(png=finished / "out.png", pdf=finished / "out.pdf")
    params = SimpleNamespace(figure=name, facts=plot.facts(wildcards))
    snakemake: Any = SimpleNamespace(input=plot.files(wildcards), params=params, output=output)
    script = REPOSITORY / "workflow/scripts/plot_figure.py"
    runpy.run_path(str(script), init_globals={"snakemake": snakemake})
    assert output.png.read_bytes().startswith(b"\x89PNG")
    assert output.pdf.read_bytes().startswith(b"%PDF")


def test_the_rule_of_a_figure_names_its_files_and_its_caption():
    wildcards = SimpleNamespace(dataset="smiley")
    spikes, card = PLOTS["class_spikes"], PLOTS["scorecard"]
    assert (spikes.stem, spikes.subcategory) == ("{dataset}/class_spikes", "{dataset}")
    assert (card.stem, card.subcategory) == ("scorecard", "all datasets")
    assert spikes.datasets == ("smiley",)
    assert "each class of ``smiley`` (test set, 8 latents)" in spikes.caption(wildcards)
    assert card.caption(SimpleNamespace()).startswith("Every published number")
    assert card.files(SimpleNamespace()) == {"scorecard": ["results/trial/tables/scorecard.csv"]}


def test_a_figure_that_no_dataset_can_have_has_no_rule():
    trial = study(datasets={"smiley": {"models": ["ae"]}})
    made = {plot.name for plot in plots(trial, DATASETS, PUBLISHED, str.upper)}
    assert "class_spikes" not in made
    assert "class_activations" in made
