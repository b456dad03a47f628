"""Published rows agree with what their sources say."""

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from published_rows import SCATTER_FREEDOM, about_line, published_rows, scatter
from scipy import stats
from sparsevae.comparison.published import COLUMNS, curves, read_rows, showing_classes
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
    contrast = of(rows, measure="correlation_contrast").set_index(["model", "latent_dim"])
    published = contrast["published"].round(3)
    assert published["beta-VAE", 18] == pytest.approx(0.261 - 0.068, abs=0.0011)
    assert published["beta-TCVAE", 50] == pytest.approx(0.472 - 0.149, abs=0.0011)
    assert published["VSC", 60] == pytest.approx(0.442 - 0.033, abs=0.0011)
    used = of(rows, measure="correlation_used", model="VSC")["published"]
    assert used.tolist() == [14, 19, 18, 19]
    assert not set(rows["measure"]) & {"correlation_own", "correlation_other"}
    # A line through 0.299, 0.369, 0.331 and 0.410 at 18, 40, 50 and 60 latents.
    line = stats.linregress([18, 40, 50, 60], published["VSC"])
    residuals = published["VSC"] - line.intercept - line.slope * published["VSC"].index
    assert contrast["spread"]["VSC", 60] == pytest.approx(
        ((residuals**2).sum() / 2) ** 0.5, abs=1e-3
    )


def test_scatter_is_the_noise_about_a_smooth_curve():
    noise = np.random.default_rng(0).normal(0, 0.5, 4000)
    x = np.linspace(0, 20, 4000)
    assert scatter(noise + 30 * np.sin(x)) == pytest.approx(0.5, rel=0.05)
    outliers = noise + 30 * np.sin(x)
    outliers[::200] += 50
    assert scatter(outliers) == pytest.approx(0.5, rel=0.1)


def test_a_line_leaves_the_scatter_about_it():
    values = pd.Series([1.0, 2.5, 2.5, 4.0], index=[10, 20, 30, 40])
    line = stats.linregress(values.index, values)
    expected = math.sqrt(((values - line.intercept - line.slope * values.index) ** 2).sum() / 2)
    assert about_line(values) == pytest.approx(expected)


def test_the_freedom_of_the_scatter_makes_equal_models_differ_in_5_percent():
    noise, t = np.random.default_rng(1), stats.t.ppf(0.975, SCATTER_FREEDOM * 25)
    scatters = np.array([scatter(noise.normal(size=25)) for _ in range(4000)])
    differences = noise.normal(size=4000) - noise.normal(size=4000)
    assert np.mean(np.abs(differences) > t * scatters * 2**0.5) == pytest.approx(0.05, abs=0.01)


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
    assert not rows["published"].map(math.isnan).any()
    assert (rows["published_seeds"] == np.where(rows["measure"] == "elbo_selected", 5, 1)).all()
    # Only figure 5 has neither a printed spread nor neighbours to tell it from.
    assert (rows["spread"].isna() == rows["measure"].str.startswith("spike_")).all()
    assert (rows["spread_freedom"].isna() == rows["spread"].isna()).all()
    assert (rows["spread"].dropna() > 0).all()


def test_the_published_settings_are_in_the_rows(rows):
    assert set(rows["max_images"]) == {"all"}
    assert set(rows["annealing"]) == {"no"}
    paper = of(rows, prior_kind="pseudo_inputs")
    assert set(paper["selection"]) == {"paper"}
    assert set(paper["sparsity_weight"]) == {1}
    assert set(of(rows, dataset="smiley")["likelihood"]) == {"gaussian"}
