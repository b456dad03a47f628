"""Published rows agree with what their sources say, and are matched by settings."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from published_rows import published_rows, scatter
from sparsevae.comparison.published import (
    COLUMNS,
    apart_from,
    curves,
    describe,
    differences,
    fitting,
    identity,
    read_rows,
    showing_classes,
)
from sparsevae.jobs.errors import DamagedFile
from sparsevae.jobs.tables import write_table
from sparsevae.study.settings import from_mapping, to_mapping

PUBLISHED = Path(__file__).parents[3] / "resources" / "published"


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return read_rows(PUBLISHED / "scorecard_rows.csv")


def run(model="m", dataset="mnist", latent_dim=8, **settings):
    values = {"dataset": dataset, "model": model, "latent_dim": latent_dim, "seed": 1}
    return to_mapping(from_mapping(values | {"family": "vae"} | settings))


def vsc(model="m", alpha=0.5, kind="fixed", warmup=False, **settings):
    prior = {"kind": kind, "spike_prob": alpha}
    slab_warmup = {"start": 0.2, "end": 0.3} if warmup else None
    return run(model, family="vsc", prior=prior, slab_warmup=slab_warmup, **settings)


def of(rows, **values):
    chosen = rows
    for name, value in values.items():
        chosen = chosen[chosen[name] == value]
    return chosen


def test_the_rows_are_those_of_the_sources(tmp_path):
    write_table(tmp_path / "rows.csv", published_rows(PUBLISHED))
    ours = (PUBLISHED / "scorecard_rows.csv").read_bytes()
    assert (tmp_path / "rows.csv").read_bytes() == ours, "run `make published`"


def test_all_sizes_of_the_reproduction_are_there(rows):
    sizes = list(range(8, 201, 8))
    losses = of(rows, measure="loss").groupby(["dataset", "family", "alpha"], dropna=False)
    assert len(losses) == 8
    assert all(curve["latent_dim"].tolist() == sizes for _, curve in losses)
    accuracies = of(rows, measure="accuracy")
    assert accuracies.groupby(["dataset", "family", "alpha"], dropna=False).ngroups == 5
    assert len(accuracies) == 5 * 25


def test_losses_are_those_of_the_report(rows):
    """A few by hand: test set, end of epoch 11, in nats per image; accuracies as fractions."""
    mnist = of(rows, dataset="mnist", measure="loss", latent_dim=8)
    assert mnist["published"].round(2).tolist() == [111.31, 141.92, 124.73, 117.78]
    best = of(rows, dataset="fashion_mnist", measure="loss", alpha=0.01)["published"]
    assert (best.min().round(2), best.mean().round(2)) == (256.58, 262.05)
    dips = of(rows, dataset="mnist", measure="accuracy", family="vae", latent_dim=136)
    assert dips["published"].tolist() == [0.7695]
    assert "dip" in dips["note"].item()


def test_figure_5_has_the_means_and_cosines_of_its_greys(rows):
    fashion = of(rows, dataset="fashion_mnist", measure="spike_prob").set_index("labels")
    assert fashion["published"].dropna()["1"] == pytest.approx(0.314, abs=0.002)  # trousers
    assert fashion["published"].dropna()["7"] == pytest.approx(0.090, abs=0.002)  # shoe
    cosines = of(rows, dataset="fashion_mnist", measure="spike_cosine").set_index("labels")
    assert cosines["published"]["2 6"] == pytest.approx(0.96, abs=0.005)  # jumper and shirt
    assert cosines["published"]["1 9"] == pytest.approx(0.05, abs=0.005)  # trousers and boot
    assert len(of(rows, dataset="uci_har", measure="spike_cosine")) == 15


def test_figure_9_has_the_measures_of_its_matrices(rows):
    own = of(rows, measure="correlation_own").set_index(["model", "latent_dim"])["published"]
    assert own["beta-VAE", 18].round(3) == 0.261
    assert own["beta-TCVAE", 50].round(3) == 0.472
    assert own["VSC", 60].round(3) == 0.442
    used = of(rows, measure="correlation_used", model="VSC")["published"]
    assert used.tolist() == [14, 19, 18, 19]


def test_scatter_is_the_noise_about_a_smooth_curve():
    noise = np.random.default_rng(0).normal(0, 0.5, 4000)
    x = np.linspace(0, 20, 4000)
    assert scatter(noise + 30 * np.sin(x)) == pytest.approx(0.5, rel=0.05)
    outliers = noise + 30 * np.sin(x)
    outliers[::200] += 50
    assert scatter(outliers) == pytest.approx(0.5, rel=0.1)


def test_a_row_fits_runs_with_its_settings_whatever_their_name(rows):
    row = of(rows, dataset="mnist", measure="loss", alpha=0.2).iloc[0].to_dict()
    runs = [
        vsc("my-own", 0.2),
        vsc("vsc-0.2", 0.5),
        vsc("other-prior", 0.2, kind="pseudo_inputs"),
        vsc("warmed", 0.2, warmup=True),
        vsc("weighted", 0.2, beta=2.0),
        vsc("gauss", 0.2, likelihood={"family": "gaussian"}),
        run("vae"),
        vsc("elsewhere", 0.2, dataset="digits"),
    ]
    assert [found["model"] for found in fitting(row, runs)] == ["my-own"]
    assert differences(row, runs[3]) == {"slab_warmup": "yes"}


def test_labels_of_the_probe_are_told_apart_for_accuracy_only(rows):
    few = run(evaluation={"probe_labels": 100})
    vaes = of(rows, dataset="mnist", family="vae", latent_dim=8).to_dict("records")
    assert [len(fitting(row, [few])) for row in vaes] == [1, 0]


def test_settings_of_spikes_mean_nothing_without_them():
    assert identity(run())["alpha"] is None
    assert identity(vsc(alpha=0.3))["alpha"] == 0.3
    assert apart_from(vsc("a", 0.1), "alpha") == apart_from(vsc("b", 0.7), "alpha")
    assert apart_from(vsc("a", 0.1), "beta") != apart_from(vsc("b", 0.7), "beta")
    warm, cold = vsc(warmup=True), vsc()
    assert apart_from(warm, "slab_warmup") == apart_from(cold, "slab_warmup")
    assert describe({"alpha": 0.5, "slab_warmup": "no"}) == "prior.spike_prob=0.5; slab_warmup=null"


def test_curves_have_the_names_of_the_study(rows):
    table = curves(rows, [vsc("mine", 0.2), run("vae")], "mnist", "loss")
    assert set(table["model"]) == {"mine", "vae"}
    mine = table[table["model"] == "mine"].set_index("latent_dim")["published"]
    assert len(mine) == 25
    assert mine[96].round(2) == 119.95
    assert curves(rows, [run("vae")], "smiley", "loss").empty


def test_only_runs_of_figure_5_show_their_classes(rows):
    settings = {"alpha": 0.01, "kind": "pseudo_inputs", "warmup": True, "dataset": "fashion_mnist"}
    wanted = vsc("a", latent_dim=60, **settings)
    others = [vsc("a", latent_dim=50, **settings), vsc("b", 0.01, latent_dim=60), run()]
    assert showing_classes(rows, [*others, wanted]) == [wanted]


def test_other_columns_are_refused(tmp_path):
    (tmp_path / "rows.csv").write_text("source,labels\n")
    with pytest.raises(DamagedFile, match="make published"):
        read_rows(tmp_path / "rows.csv")


def test_every_row_can_be_judged(rows):
    assert list(rows.columns) == COLUMNS
    assert set(rows["better"]) == {"lower", "higher", "nearest"}
    assert (rows["target"].isna() == (rows["better"] != "nearest")).all()
    assert (rows["tolerance"] > 0).all()
    assert not rows["published"].map(math.isnan).any()
