"""Ours beside published numbers: values, verdicts, and what is said where there is none."""

import math

import numpy as np
import pandas as pd
import pytest
from published_rows import SCATTER_FREEDOM, scatter
from scipy import stats
from sparsevae.comparison.intervals import Variance
from sparsevae.comparison.published import COLUMNS as ROW_COLUMNS
from sparsevae.comparison.scorecard import COLUMNS, VERDICTS, scorecard, verdict
from unit.comparison.test_published import run, vsc

LOSS = {
    "source": "report",
    "dataset": "mnist",
    "model": "VSC",
    "family": "vsc",
    "prior_kind": "fixed",
    "alpha": 0.5,
    "latent_dim": 8,
    "measure": "loss",
    "published": 100.0,
    "published_seeds": 1,
    "spread": 0.5,
    "spread_freedom": 10,
    "better": "lower",
    "note": "one draw",
}


def rows(*entries) -> pd.DataFrame:
    return pd.DataFrame([LOSS | entry for entry in entries]).reindex(columns=ROW_COLUMNS)


def metrics(**columns) -> pd.DataFrame:
    keys = {"dataset": "mnist", "model": "mine", "latent_dim": 8, "seed": [1, 2, 3]}
    return pd.DataFrame(keys | columns)


def one(entry, runs, table, activations=None) -> dict:
    card = scorecard(rows(entry), runs, table, activations or {})
    assert list(card.columns) == COLUMNS
    return card.iloc[0].to_dict()


def test_ours_is_minus_the_elbo_over_seeds():
    values = np.array([-96.0, -96.5, -95.0])
    row = one({}, [vsc("mine")], metrics(elbo=values))
    assert row["ours"] == pytest.approx(-values.mean())
    assert row["ours_sd"] == pytest.approx(values.std(ddof=1))
    assert row["difference"] == pytest.approx(-values.mean() - 100)
    error = math.sqrt(values.var(ddof=1) / 3 + 0.5**2)
    assert row["difference_standard_error"] == pytest.approx(error)
    assert (row["n_seeds"], row["verdict"]) == (3, "better")
    assert row["note"] == "ours: mine, 15 epochs; one draw"
    assert "prior.spike_prob=0.5" in row["setting"]


def test_one_seed_has_the_spread_of_the_published_run():
    row = one({}, [vsc("mine")], metrics(elbo=[-98.0, np.nan, np.nan]))
    assert pd.isna(row["ours_sd"])
    assert row["n_seeds"] == 1
    assert row["difference_standard_error"] == pytest.approx(0.5 * math.sqrt(2))


def test_a_published_run_without_spread_has_ours():
    values = np.array([-96.0, -98.0, -97.0])
    row = one({"spread": None, "reading_error": 1.5}, [vsc("mine")], metrics(elbo=values))
    error = math.sqrt(values.var(ddof=1) * (1 / 3 + 1) + 1.5**2 / 3)
    assert row["difference_standard_error"] == pytest.approx(error)


def test_without_any_spread_a_number_is_undecided():
    row = one({"spread": None}, [vsc("mine")], metrics(elbo=[-50.0, np.nan, np.nan]))
    assert row["verdict"] == "undecided"
    assert pd.isna(row["difference_standard_error"])
    assert "add seeds" in row["note"]


def test_our_spread_is_that_of_a_model_over_all_its_sizes():
    table = metrics(elbo=[-98.0, np.nan, np.nan])
    other = metrics(elbo=[-90.0, -91.0, -95.0]).assign(latent_dim=16)
    row = one({}, [vsc("mine")], pd.concat([table, other]))
    assert row["difference_standard_error"] == pytest.approx(math.sqrt(7.0 + 0.5**2))


@pytest.mark.parametrize("seeds", [1, 2, 3])
def test_equal_models_are_called_different_in_5_percent_of_cases(seeds):
    """Ours at four sizes, published at 25; every run has the same expectation and spread."""
    random, called = np.random.default_rng(8), []
    for _ in range(300):
        curve = random.normal(100, 2, size=25)
        entry = {"spread": scatter(curve), "spread_freedom": SCATTER_FREEDOM * 25}
        cells = [(size, seed) for size in (8, 16, 24, 32) for seed in range(seeds)]
        table = pd.DataFrame(cells, columns=["latent_dim", "seed"])
        table = table.assign(dataset="mnist", model="mine", elbo=-random.normal(100, 2, len(cells)))
        row = one(entry | {"published": curve[0]}, [vsc("mine")], table)
        called.append(row["verdict"] != "within")
    assert 0.02 <= np.mean(called) <= 0.085


@pytest.mark.parametrize(
    ("better", "target", "ours", "expected"),
    [
        ("lower", None, 99.4, "better"),
        ("lower", None, 99.6, "within"),
        ("lower", None, 100.6, "worse"),
        ("higher", None, 100.6, "better"),
        ("higher", None, 99.4, "worse"),
        ("nearest", 102, 101.0, "better"),
        ("nearest", 102, 103.8, "within"),
        ("nearest", 102, 105.0, "worse"),
        ("nearest", 100, 99.7, "within"),
        ("nearest", 100, 98.0, "worse"),
    ],
)
def test_verdict_is_the_gain_against_its_standard_error(better, target, ours, expected):
    row = {"published": 100.0, "better": better, "target": target}
    error = 0.5 / stats.t.ppf(0.975, 7)
    assert verdict(row, ours, [Variance(error**2, 7.0)]) == expected
    assert expected in VERDICTS


def test_accuracies_are_compared_by_the_published_classifier():
    entry = {"measure": "accuracy", "better": "higher", "published": 0.8, "spread": 0.01}
    table = metrics(probe_accuracy_ungated=[0.9, 0.91, 0.92])
    row = one(entry, [vsc("mine")], table)
    assert (row["verdict"], row["ours"]) == ("not comparable", pytest.approx(0.91))
    assert pd.isna(row["difference"])
    assert "no column probe_accuracy_published" in row["note"]
    row = one(entry, [vsc("mine")], table.assign(probe_accuracy_published=[0.79, 0.80, 0.81]))
    assert (row["verdict"], row["ours"]) == ("within", pytest.approx(0.8))


def test_another_recipe_is_compared_and_said():
    entry = {"measure": "correlation_contrast", "better": "higher", "published": 0.4, "beta": 1.0}
    table = metrics(correlation_own=[0.5, 0.45, 0.4], correlation_other=0.04)
    row = one(entry | {"dataset": "mnist"}, [vsc("mine", beta=0.15)], table)
    assert row["ours"] == pytest.approx(0.41)
    assert "another recipe: beta=0.15 (published: beta=1)" in row["note"]
    assert "beta" not in row["setting"]
    bound = one({"beta": 1.0}, [vsc("mine", beta=0.15)], metrics(elbo=-98.0))
    assert (bound["verdict"], "would need beta=1" in bound["note"]) == ("missing", True)


@pytest.mark.parametrize(
    ("entry", "runs", "reason"),
    [
        ({"dataset": "uci_har"}, [vsc("mine")], "this study has no uci_har; add it to datasets"),
        ({"latent_dim": 24}, [vsc("mine")], "add 24 to datasets.mnist.latent_dims"),
        ({"alpha": 0.2}, [run("vae"), vsc("mine")], "mine, would need prior.spike_prob=0.2"),
        ({"measure": "elbo_selected"}, [vsc("mine")], "no column elbo_selected"),
        ({"measure": "correlation_contrast"}, [vsc("mine")], "no column correlation_own"),
        ({"max_images": "all"}, [vsc("mine", training={"max_images": 9})], "max_images=null"),
    ],
)
def test_what_is_missing_says_how_to_run_it(entry, runs, reason):
    row = one(entry, runs, metrics(elbo=-98.0))
    assert row["verdict"] == "missing"
    assert row["n_seeds"] == 0
    assert pd.isna(row["ours"])
    assert reason in row["note"]
    assert row["note"].endswith("; one draw")


def test_an_empty_measure_is_missing():
    row = one({}, [vsc("mine")], metrics(elbo=np.nan))
    assert (row["verdict"], "elbo of mine is empty" in row["note"]) == ("missing", True)


def test_a_part_of_the_test_set_is_named():
    short = vsc("mine", evaluation={"max_images": 500}, training={"iterations": 70})
    note = one({}, [short], metrics(elbo=-98.0))["note"]
    assert note.startswith("ours: mine, 70 steps, the first 500 test images only;")


def test_images_that_are_left_out_add_their_sampling_error():
    short = vsc("mine", evaluation={"max_images": 500})
    table = metrics(elbo=[-98.0, -98.5, -97.5], elbo_test_standard_error=2.0)
    error = math.sqrt(0.25 / 3 + 0.5**2)
    row = one({}, [short], table)
    assert row["difference_standard_error"] == pytest.approx(math.hypot(error, 2))
    whole = one({}, [vsc("mine")], table)
    assert whole["difference_standard_error"] == pytest.approx(error)


def test_of_several_models_the_one_of_best_contrast_has_the_correlations():
    table = metrics(correlation_own=0.2, correlation_other=0.1, correlation_best_hat=0.3)
    best = table.assign(model="best", correlation_own=0.5, correlation_best_hat=0.2)
    both, runs = pd.concat([table, best]), [vsc("mine"), vsc("best")]
    entry = {"measure": "correlation_best_hat", "better": "higher", "published": 0.4}
    row = one(entry, runs, both)
    assert row["ours"] == pytest.approx(0.2)
    assert "the best of 2 models that fit" in row["note"]
    # A study that has measured the validation set chooses by it.
    for name in ("own", "other"):
        both[f"validation_correlation_{name}"] = (both["model"] == "mine") * (name == "own")
    assert one(entry, runs, both)["ours"] == pytest.approx(0.3)


def test_classes_are_compared_by_their_spike_probabilities():
    probabilities = np.random.default_rng(1).random((2, 3, 4))  # seeds, classes, latents
    tables = {
        ("mnist", "mine", 8, seed): pd.DataFrame(
            [
                {"label": label, "latent": j, "mean_spike_prob": values[label, j]}
                for label in range(3)
                for j in range(4)
            ]
        )
        for seed, values in enumerate(probabilities)
    }
    card = scorecard(
        rows(
            {"measure": "spike_prob", "labels": "2"},
            {"measure": "spike_prob"},
            {"measure": "spike_cosine", "labels": "0 2"},
            {"measure": "spike_prob", "labels": "7"},
        ),
        [vsc("mine")],
        metrics(elbo=-98.0),
        tables,
    )
    cosines = [
        np.corrcoef(np.hstack([v[0], -v[0]]), np.hstack([v[2], -v[2]]))[0, 1] for v in probabilities
    ]
    expected = [probabilities[:, 2].mean(), probabilities.mean(), np.mean(cosines)]
    np.testing.assert_allclose(card["ours"][:3], expected)
    assert card["measure"].tolist() == [
        "spike_prob[2]",
        "spike_prob",
        "spike_cosine[0,2]",
        "spike_prob[7]",
    ]
    assert "no test image of class 7" in card["note"][3]
