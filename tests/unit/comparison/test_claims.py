"""Claims against made-up runs of which the truth is known."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sparsevae.comparison import intervals
from sparsevae.comparison.claims import CLAIMS, COLUMNS, claims_table
from unit.comparison.test_published import run, vsc

SIZES = (16, 40, 96, 200)


def grid(models, value, seeds=(1, 2), sizes=SIZES, dataset="mnist") -> pd.DataFrame:
    """metrics.csv; `value(model, size, noise)` gives the measures of a run."""
    noise = np.random.default_rng(5)
    keys = [(m["model"], size, seed) for m in models for size in sizes for seed in seeds]
    return pd.DataFrame(
        [
            {"dataset": dataset, "model": model, "latent_dim": size, "seed": seed}
            | value(model, size, noise.normal())
            for model, size, seed in keys
        ]
    )


def rows(table: pd.DataFrame, text: str) -> pd.DataFrame:
    chosen = table[table["claim"].str.contains(text, regex=False)]
    assert len(chosen)
    return chosen


def settings(*runs):
    return [{k: v for k, v in r.items() if k not in ("latent_dim", "seed")} for r in runs]


def test_every_claim_has_a_row_and_says_what_it_needs():
    models = settings(run("only"))
    table = claims_table(grid(models, lambda *_: {"elbo": -1.0}), models)
    assert list(table.columns) == COLUMNS
    assert table["claim"].tolist() == [entry.text for entry in CLAIMS]
    assert set(table["verdict"]) == {"not run"}
    assert (
        rows(table, "smaller alpha")["note"].item() == "needs a VSC at two alphas, all else alike"
    )
    assert "no column probe_accuracy" in rows(table, "keeps its accuracy")["note"].item()


def test_the_bound_against_alpha_is_the_slope_over_models_alike_but_for_alpha():
    models = settings(vsc("a", 0.5), vsc("b", 0.05), vsc("weighted", 0.005, beta=2.0))
    level = {"a": -100.0, "b": -110.0, "weighted": 5.0}
    table = grid(models, lambda m, _, e: {"elbo": level[m] + 0.1 * e})
    row = rows(claims_table(table, models), "smaller alpha").iloc[0]
    assert row["compared"] == "a, b"
    values = table.pivot(index=["latent_dim", "seed"], columns="model", values="elbo")
    expected = values["a"] - values["b"]  # per tenfold alpha
    assert row["effect"] == pytest.approx(expected.mean())
    low, high = stats.ttest_1samp(expected, 0).confidence_interval(0.95)
    assert row["interval"] == f"[{low:.4g}, {high:.4g}]"
    assert (row["n"], row["verdict"]) == (8, "holds")


def test_pairs_share_size_and_seed():
    models = settings(run("vae"), vsc("sparse", 0.01))
    sizes = {16: -0.05, 40: -0.02, 96: 0.01, 200: 0.03}
    table = grid(
        models,
        lambda m, size, e: {
            "probe_accuracy_ungated": 0.8 + size / 1000 + (m == "sparse") * sizes[size] + 1e-4 * e
        },
    )
    judged = claims_table(table, models)
    small, large = (rows(judged, text).iloc[0] for text in ("less accurate", "more accurate"))
    assert small["effect"] == pytest.approx(-0.035, abs=1e-3)
    assert large["effect"] == pytest.approx(0.02, abs=1e-3)
    assert (small["n"], large["n"]) == (4, 4)
    assert small["compared"] == "sparse less vae"
    assert large["verdict"] == "holds"


@pytest.mark.parametrize(
    ("per_doubling", "expected"), [(0.0, "holds"), (-0.03, "fails"), (-0.01, "not enough runs")]
)
def test_accuracy_is_kept_if_little_is_lost_per_doubling(per_doubling, expected):
    models = settings(vsc("sparse"))
    table = grid(
        models,
        lambda _, size, e: {"probe_accuracy": 0.9 + per_doubling * math.log2(size) + 1e-3 * e},
    )
    row = rows(claims_table(table, models), "keeps its accuracy").iloc[0]
    line = stats.linregress(np.log2(table["latent_dim"]), table["probe_accuracy"])
    assert row["effect"] == pytest.approx(line.slope)
    assert row["verdict"] == expected


def test_one_run_has_an_effect_and_no_interval():
    models = settings(vsc("sparse", dataset="smiley"))
    table = grid(models, lambda *_: {"correlation_used": 20}, [1], [60], "smiley")
    row = rows(claims_table(table, models), "as many latents").iloc[0]
    assert (row["effect"], row["n"]) == (2, 1)
    assert pd.isna(row["interval"])
    assert row["verdict"] == "not enough runs"
    assert "add seeds" in row["note"]


def test_baselines_are_those_of_best_contrast():
    models = settings(run("vae"), run("beta", beta=4.0), run("tc", family="tcvae"), vsc("sparse"))
    own = {"vae": 0.2, "beta": 0.3, "tc": 0.5, "sparse": 0.4}
    table = grid(
        models,
        lambda m, _, e: {"correlation_own": own[m] + 1e-3 * e, "correlation_other": 0.1},
    )
    judged = rows(claims_table(table, models), "apart better")
    assert judged["compared"].tolist() == ["sparse less beta", "sparse less tc"]
    assert judged["verdict"].tolist() == ["holds", "fails"]


def test_warmup_is_compared_with_the_same_model_without():
    models = settings(vsc("a", 0.5), vsc("b", 0.1), vsc("warm", 0.1, warmup=True))
    level = {"a": -90.0, "b": -110.0, "warm": -105.0}
    table = grid(
        models, lambda m, _, e: {"elbo": level[m] + 0.1 * e, "collapsed": int(m == "warm")}
    )
    judged = claims_table(table, models)
    row = rows(judged, "warm-up raises").iloc[0]
    assert row["compared"] == "warm less b"
    assert row["effect"] == pytest.approx(5, abs=0.2)
    warm = rows(judged, "warm-up do not collapse").iloc[0]
    assert (warm["effect"], warm["verdict"]) == (1, "fails")
    assert set(rows(judged, "alpha below 1 collapse")["verdict"]) == {"fails"}


def test_datasets_are_not_mixed():
    models = settings(vsc("a", 0.5), vsc("b", 0.1))
    there = [m | {"dataset": "digits"} for m in models]
    table = pd.concat(
        [
            grid(models, lambda m, _, e: {"elbo": -10.0 * (m == "b") + 0.1 * e}),
            grid(there, lambda m, _, e: {"elbo": 10.0 * (m == "b") + 0.1 * e}, dataset="digits"),
        ]
    )
    judged = rows(claims_table(table, [*models, *there]), "smaller alpha")
    assert judged[["dataset", "verdict"]].to_numpy().tolist() == [
        ["mnist", "holds"],
        ["digits", "fails"],
    ]


def test_intervals_are_scipys():
    values = np.random.default_rng(2).normal(1, 2, 9)
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert intervals.mean(values).interval == pytest.approx(tuple(expected))
    assert intervals.fraction(np.arange(10) < 2).interval == pytest.approx(
        (stats.beta.ppf(0.025, 2, 9), stats.beta.ppf(0.975, 3, 8))
    )
    x = np.arange(9.0)
    design = np.stack([np.ones(9), x], axis=1)
    (_, b), residual = np.linalg.lstsq(design, values)[:2]
    error = math.sqrt(residual[0] / 7 / ((x - x.mean()) ** 2).sum())
    half = stats.t.ppf(0.975, 7) * error
    assert intervals.slope(x, values).interval == pytest.approx((b - half, b + half))


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        ((0.1, 2.0), "holds"),
        ((-1.0, 0.5), "not enough runs"),
        ((-2.0, -1.0), "fails"),
        (None, "not enough runs"),
    ],
)
def test_a_claim_holds_where_the_whole_interval_does(interval, expected):
    assert intervals.verdict(intervals.Estimate(0.0, interval, 3), (0.0, math.inf)) == expected
