"""Ours beside published numbers: values, verdicts, and what is said where there is none."""

import numpy as np
import pandas as pd
import pytest
from sparsevae.comparison.published import COLUMNS as ROW_COLUMNS
from sparsevae.comparison.scorecard import COLUMNS, scorecard, verdict
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
    "better": "lower",
    "tolerance": 0.5,
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
    values = np.array([-98.0, -99.5, -97.0])
    row = one({}, [vsc("mine")], metrics(elbo=values))
    assert row["ours"] == pytest.approx(-values.mean())
    assert row["ours_sd"] == pytest.approx(values.std(ddof=1))
    assert row["difference"] == pytest.approx(-values.mean() - 100)
    assert (row["n_seeds"], row["verdict"]) == (3, "better")
    assert row["note"] == "ours: mine, 15 epochs; one draw"
    assert "prior.spike_prob=0.5" in row["setting"]


def test_one_seed_has_no_spread():
    row = one({}, [vsc("mine")], metrics(elbo=[-98.0, np.nan, np.nan]))
    assert pd.isna(row["ours_sd"])
    assert row["n_seeds"] == 1


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
def test_verdict_is_the_gain_against_the_tolerance(better, target, ours, expected):
    row = {"published": 100.0, "better": better, "target": target, "tolerance": 0.5}
    assert verdict(row, ours) == expected


@pytest.mark.parametrize(
    ("entry", "runs", "reason"),
    [
        ({"dataset": "uci_har"}, [vsc("mine")], "this study has no uci_har; add it to datasets"),
        ({"latent_dim": 24}, [vsc("mine")], "add 24 to datasets.mnist.latent_dims"),
        ({"alpha": 0.2}, [run("vae"), vsc("mine")], "mine, would need prior.spike_prob=0.2"),
        ({"measure": "accuracy"}, [vsc("mine")], "no column probe_accuracy_ungated"),
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


def test_of_several_models_the_one_of_best_contrast_has_the_correlations():
    table = metrics(correlation_own=0.2, correlation_other=0.1)
    other = table.assign(model="best", correlation_own=0.5)
    entry = {"measure": "correlation_own", "better": "higher", "published": 0.4, "tolerance": 0.02}
    runs = [vsc("mine"), vsc("best")]
    assert one(entry, runs, pd.concat([table, other]))["ours"] == pytest.approx(0.5)


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
