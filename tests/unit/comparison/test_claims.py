"""Claims against made-up runs of which the truth is known."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sparsevae.comparison.claims import CLAIMS, PROJECT
from sparsevae.comparison.claims_table import COLUMNS, claims_table
from sparsevae.jobs.storage import write_csv
from sparsevae.jobs.tables import collect_rows
from unit.comparison.test_published import run, vsc

SIZES = (16, 40, 96, 200)


def grid(models, value, seeds=(1, 2, 3), sizes=SIZES, dataset="mnist") -> pd.DataFrame:
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


def judged_alone(table, models, text, monkeypatch, **options) -> pd.DataFrame:
    """The rows of one claim where no other claim is in the table, so that nothing is corrected."""
    alone = [entry for entry in CLAIMS if text in entry.text]
    monkeypatch.setattr("sparsevae.comparison.claims_table.CLAIMS", alone)
    return claims_table(table, models, **options)


def test_every_claim_has_a_row_and_says_what_it_needs():
    models = settings(run("only"))
    table = claims_table(grid(models, lambda *_: {"elbo": -1.0}), models)
    assert list(table.columns) == COLUMNS
    assert table["claim"].tolist() == [entry.text for entry in CLAIMS]
    assert set(table["verdict"]) == {"not run"}
    note = rows(table, "smaller alpha")["note"].item()
    assert note == "needs a VSC at two alphas, all else alike"
    assert "no column probe_accuracy" in rows(table, "keeps its accuracy")["note"].item()
    assert "no column correlation_own" in rows(table, "apart better")["note"].iloc[0]


def test_claims_that_the_literature_does_not_make_are_ours():
    own = {entry.text for entry in CLAIMS if entry.source == PROJECT}
    assert own == {entry.text for entry in CLAIMS if "warm-up" in entry.text}


def test_effects_are_means_within_seeds_and_t_over_seeds(monkeypatch):
    models = settings(run("vae"), vsc("sparse"))
    table = grid(models, lambda m, size, e: {"elbo": -5.0 * (m == "sparse") + size + 0.5 * e})
    row = judged_alone(table, models, "bound is below", monkeypatch).iloc[0]
    values = table.pivot(index=["seed", "latent_dim"], columns="model", values="elbo")
    by_seed = (values["sparse"] - values["vae"]).groupby("seed").mean()
    assert row["effect"] == pytest.approx(by_seed.mean())
    assert row["standard_error"] == pytest.approx(stats.sem(by_seed))
    low, high = stats.ttest_1samp(by_seed, 0).confidence_interval(0.975)
    assert row["interval"] == f"[{low:.4g}, {high:.4g}]"
    assert (row["n"], row["over"], row["level"]) == (3, "seeds", 0.975)
    assert (row["latent_dims"], row["compared"]) == ("16, 40, 96, 200", "sparse less vae")
    assert (row["measure"], row["correction"]) == ("elbo (nats per sample)", "Holm, 2 tests")
    assert "without the sampling error of the test images" in row["note"]


def test_one_seed_never_decides():
    """At four sizes, each with a large effect: they are not replicates."""
    models = settings(run("vae"), vsc("sparse"))
    table = grid(models, lambda m, _, e: {"elbo": -50.0 * (m == "sparse") + 0.1 * e}, [1])
    row = rows(claims_table(table, models), "bound is below").iloc[0]
    assert row["effect"] == pytest.approx(-50, abs=1)
    assert pd.isna(row["interval"])
    assert (row["n"], row["verdict"]) == (1, "undecided")
    assert "one seed has no spread" in row["note"]


@pytest.mark.parametrize(("planted", "expected"), [(-5.0, "holds"), (5.0, "fails")])
def test_a_planted_effect_is_found(planted, expected, monkeypatch):
    """At three sizes, by three to five seeds with effects of their own on each model."""
    found = [_planted(planted, 3 + number % 3, number, monkeypatch) for number in range(20)]
    assert found == [expected] * 20


def test_where_there_is_no_effect_no_more_than_5_percent_have_a_verdict(monkeypatch):
    found = [_planted(0.0, 3 + number % 3, number, monkeypatch) for number in range(200)]
    assert sum(verdict != "undecided" for verdict in found) <= 10


def _planted(effect, n_seeds, number, monkeypatch) -> str:
    """The verdict of a try; of any size if the claim is stated by size."""
    models, random = settings(run("vae"), vsc("sparse")), np.random.default_rng(number)
    keys = [(m, seed) for m in ("vae", "sparse") for seed in range(n_seeds)]
    of_seed = {key: 0.3 * random.normal() for key in keys}
    table = pd.DataFrame(
        [
            {"dataset": "mnist", "model": m, "latent_dim": size, "seed": seed}
            | {"elbo": of_seed[m, seed] + effect * (m == "sparse") + 0.2 * random.normal()}
            for m, seed in keys
            for size in (8, 16, 40)
        ]
    )
    judged = judged_alone(table, models, "bound is below", monkeypatch)
    decided = set(judged["verdict"]) - {"undecided", "not run"}
    assert len(decided) <= 1
    return decided.pop() if decided else "undecided"


def test_sizes_that_do_not_agree_have_a_row_each(monkeypatch):
    models = settings(run("vae"), vsc("sparse"))
    at = {16: -3.0, 40: -3.0, 96: 4.0, 200: 9.0}
    table = grid(models, lambda m, size, e: {"elbo": (m == "sparse") * at[size] + 0.01 * e})
    judged = judged_alone(table, models, "bound is below", monkeypatch).dropna(subset="effect")
    assert judged["latent_dims"].tolist() == ["16", "40", "96", "200"]
    assert judged["verdict"].tolist() == ["holds", "holds", "fails", "fails"]
    # Each counts twice, as the data chose to state the claim by size.
    assert set(judged["correction"]) == {"Holm, 9 tests"}
    assert judged["note"].str.contains("by size, as the sizes do not agree").all()


def test_a_size_that_a_seed_lacks_is_left_out():
    models = settings(run("vae"), vsc("sparse"))
    table = grid(models, lambda m, _, e: {"elbo": -5.0 * (m == "sparse") + e})
    table = table[(table["latent_dim"] != 200) | (table["seed"] == 1)]
    row = rows(claims_table(table, models), "bound is below").iloc[0]
    assert (row["latent_dims"], row["n"]) == ("16, 40, 96", 3)
    assert "without 200 latents, which some seed lacks" in row["note"]


def test_an_undecided_claim_says_how_many_seeds_could(monkeypatch):
    """With three times as many seeds as it says, of the same spread, the claim is decided."""
    models = settings(run("vae"), vsc("sparse"))

    def judged(seeds):
        table = grid(models, lambda m, _, e: {"elbo": -1.2 * (m == "sparse") + e}, seeds, [16])
        return judged_alone(table, models, "bound is below", monkeypatch).iloc[0]

    row = judged(range(4))
    assert row["verdict"] == "undecided"
    seeds = int(row["note"].split("about ")[1].split(" seeds")[0])
    assert 4 < seeds < 100
    assert judged(range(3 * seeds))["verdict"] == "holds"


def test_the_sampling_error_of_the_test_images_is_in_the_interval(monkeypatch):
    models = settings(run("vae"), vsc("sparse"))
    table = grid(models, lambda m, _, e: {"elbo": -5.0 * (m == "sparse") + 0.1 * e})

    def judged(**options):
        return judged_alone(table, models, "bound is below", monkeypatch, **options).iloc[0]

    assert judged()["verdict"] == "holds"
    table["elbo_test_standard_error"] = 3.0
    row = judged()
    assert row["verdict"] == "undecided"
    assert row["test_standard_error"] == pytest.approx(3 * math.sqrt(2))
    assert "no number of seeds could decide it with these test images" in row["note"]
    # Blocks know that both models find the same images difficult.
    shared = 10 * np.random.default_rng(1).normal(size=20)
    blocks = pd.concat([table.assign(block=b, elbo=table["elbo"] + shared[b]) for b in range(20)])
    row = judged(blocks=blocks)
    assert row["verdict"] == "holds"
    assert row["test_standard_error"] < 1e-6


def test_blocks_are_found_in_the_files_of_the_runs(monkeypatch, tmp_path):
    """Whatever models are called: names and sizes come from the study, values from the files."""
    models = settings(run("1"), vsc("null"))
    table = grid(models, lambda m, _, e: {"elbo": -5.0 * (m == "null") + 0.1 * e})
    table["elbo_test_standard_error"] = 3.0
    files, runs = [], []
    for row in table.to_dict("records"):
        blocks = [{"block": b, "elbo": row["elbo"] + 10 * math.sin(b)} for b in range(20)]
        files.append(tmp_path / f"{len(files)}.csv")
        write_csv(files[-1], blocks, ["block", "elbo", "iwae"])
        runs.append((row["dataset"], row["model"], row["latent_dim"], row["seed"]))
    blocks = collect_rows(files, runs)
    row = judged_alone(table, models, "bound is below", monkeypatch, blocks=blocks).iloc[0]
    assert row["verdict"] == "holds"
    assert row["test_standard_error"] < 1e-6


def test_the_bound_against_alpha_is_the_slope_over_models_alike_but_for_alpha(monkeypatch):
    models = settings(vsc("a", 0.5), vsc("b", 0.05), vsc("weighted", 0.005, beta=2.0))
    level = {"a": -100.0, "b": -110.0, "weighted": 5.0}
    table = grid(models, lambda m, _, e: {"elbo": level[m] + 0.1 * e})
    row = judged_alone(table, models, "smaller alpha", monkeypatch).iloc[0]
    assert row["compared"] == "a, b"
    values = table.pivot(index=["latent_dim", "seed"], columns="model", values="elbo")
    expected = (values["a"] - values["b"]).groupby("seed").mean()  # per tenfold alpha
    assert row["effect"] == pytest.approx(expected.mean())
    low, high = stats.ttest_1samp(expected, 0).confidence_interval(0.975)
    assert row["interval"] == f"[{low:.4g}, {high:.4g}]"
    assert (row["n"], row["verdict"]) == (3, "holds")


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
    assert (small["latent_dims"], large["latent_dims"]) == ("16, 40", "96, 200")
    assert large["verdict"] == "holds"


@pytest.mark.parametrize(
    ("per_doubling", "expected"), [(0.0, "holds"), (-0.03, "fails"), (-0.01, "undecided")]
)
def test_accuracy_is_kept_if_little_is_lost_per_doubling(per_doubling, expected):
    models = settings(vsc("sparse"))
    table = grid(
        models,
        lambda _, size, e: {"probe_accuracy": 0.9 + per_doubling * math.log2(size) + 1e-3 * e},
    )
    row = rows(claims_table(table, models), "keeps its accuracy").iloc[0]
    slopes = [
        stats.linregress(np.log2(runs["latent_dim"]), runs["probe_accuracy"]).slope
        for _, runs in table.groupby("seed")
    ]
    assert row["effect"] == pytest.approx(np.mean(slopes))
    assert row["verdict"] == expected
    assert row["latent_dims"] == "16, 40, 96, 200"


def test_counts_that_agree_have_the_spread_of_rounding():
    models = settings(vsc("sparse", dataset="smiley"))
    table = grid(models, lambda *_: {"correlation_used": 20}, (1, 2, 3), [60], "smiley")
    row = rows(claims_table(table, models), "as many latents").iloc[0]
    assert row["effect"] == 20
    assert row["standard_error"] == pytest.approx(1 / math.sqrt(12 * 3))
    assert row["verdict"] == "holds"
    assert "holds above 14 and below 22" in row["note"]


def test_attributes_are_judged_by_each_measure_against_its_best_baseline():
    models = settings(run("vae"), run("beta", beta=4.0), run("tc", family="tcvae"), vsc("sparse"))
    own = {"vae": 0.2, "beta": 0.3, "tc": 0.5, "sparse": 0.4}
    gap = {"vae": 0.6, "beta": 0.5, "tc": 0.5, "sparse": 0.1}
    table = grid(
        models,
        lambda m, _, e: {
            "correlation_own": own[m] + 1e-3 * e,
            "correlation_other": 0.1,
            "mig_presence": gap[m] + 1e-3 * e,
        },
    )
    judged = rows(claims_table(table, models), "apart better").dropna(subset="effect")
    assert judged[["measure", "compared", "verdict"]].to_numpy().tolist() == [
        ["correlation_own less correlation_other", "sparse less beta", "holds"],
        ["correlation_own less correlation_other", "sparse less tc", "fails"],
        ["mig_presence", "sparse less vae", "fails"],
        ["mig_presence", "sparse less tc", "fails"],
    ]


def test_baselines_are_chosen_by_the_validation_set_if_it_was_measured():
    models = settings(run("vae"), run("beta", beta=4.0), vsc("sparse"))
    table = grid(models, lambda m, _, e: {"mig": 0.5 * (m != "vae") + 1e-3 * e})
    table["validation_mig"] = (table["model"] == "vae").astype(float)
    judged = rows(claims_table(table, models), "apart better").dropna(subset="effect")
    assert judged["compared"].tolist() == ["sparse less vae"]


def test_warmup_is_compared_with_the_same_model_without():
    models = settings(vsc("a", 0.5), vsc("b", 0.1), vsc("warm", 0.1, warmup=True))
    level = {"a": -90.0, "b": -110.0, "warm": -105.0}
    table = grid(
        models,
        lambda m, _, e: {
            "elbo": level[m] + 0.1 * e,
            "collapsed": int(m == "warm"),
            "kl": 0.1 * (m == "warm") + 9 * (m != "warm") + 0.01 * e,
        },
    )
    judged = claims_table(table, models)
    row = rows(judged, "warm-up raises").iloc[0]
    assert row["compared"] == "warm less b"
    assert row["effect"] == pytest.approx(5, abs=0.2)
    assert rows(judged, "keeps a mean KL above a bit")["verdict"].tolist() == ["fails"]
    assert rows(judged, "to a mean KL below a bit")["verdict"].tolist() == ["fails", "fails"]


@pytest.mark.parametrize(("n", "expected"), [(3, "undecided"), (8, "fails")])
def test_most_runs_are_told_by_seeds(n, expected, monkeypatch):
    models = settings(vsc("warm", 0.1, warmup=True))
    table = grid(models, lambda *_: {"collapsed": 1}, range(n))
    row = judged_alone(table, models, "warm-up do not collapse", monkeypatch).iloc[0]
    low = stats.beta.ppf(0.025 if n == 3 else 0.0125, n, 1)  # no correction for 3: cannot decide
    assert row["interval"] == f"[{low:.4g}, 1]"
    assert (row["effect"], row["n"], row["verdict"]) == (1, n, expected)
    if n == 3:
        assert "about 6 seeds could decide it" in row["note"]


def test_alpha_of_1_is_not_a_claim_of_collapse():
    models = settings(vsc("a", 0.999), vsc("b", 0.1))
    table = grid(models, lambda *_: {"collapsed": 0})
    judged = rows(claims_table(table, models), "alpha below 1 collapse").dropna(subset="effect")
    assert judged["compared"].tolist() == ["b"]


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
