import math
import statistics
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sparsevae.comparison.claims_table import claims_table
from sparsevae.comparison.published import COLUMNS
from sparsevae.comparison.scorecard import scorecard
from sparsevae.evaluation.class_cosines import tabulate
from sparsevae.jobs import storage
from sparsevae.jobs.errors import DamagedFile
from sparsevae.jobs.tables import (
    TEXT,
    collect_metrics,
    collect_rows,
    read_table,
    summarise_metrics,
    write_table,
)
from unit.comparison.test_published import vsc


def run(model: str, seed: int, elbo: float | None, used: int, latent_dim: int = 8) -> dict:
    return {
        "dataset": "digits",
        "model": model,
        "latent_dim": latent_dim,
        "seed": seed,
        "elbo": elbo,
        "used_latents": used,
    }


RUNS = [
    run("vsc", 1, -30.5, 6),
    run("vsc", 2, -31.0, 7),
    run("vsc", 3, -29.0, 8),
    run("ae", 1, None, 8),
    run("vsc", 1, -20.0, 2, latent_dim=2),
]


@pytest.fixture
def files(tmp_path: Path) -> list[str | Path]:
    paths = [tmp_path / f"{number}.json" for number in range(len(RUNS))]
    for path, row in zip(paths, RUNS, strict=True):
        storage.write_json(path, row)
    return list(paths)


def test_runs_become_rows_in_the_order_given(files, tmp_path):
    table = collect_metrics(files)
    write_table(tmp_path / "metrics.csv", table)
    assert (tmp_path / "metrics.csv").read_text().splitlines() == [
        "dataset,model,latent_dim,seed,elbo,used_latents",
        "digits,vsc,8,1,-30.5,6",
        "digits,vsc,8,2,-31,7",
        "digits,vsc,8,3,-29,8",
        "digits,ae,8,1,,8",
        "digits,vsc,2,1,-20,2",
    ]


def test_summary_is_mean_and_sample_deviation_over_seeds(files):
    summary = summarise_metrics(collect_metrics(files))
    keys = list(summary[["dataset", "model", "latent_dim"]].itertuples(index=False, name=None))
    assert keys == [("digits", "vsc", 8), ("digits", "ae", 8), ("digits", "vsc", 2)]
    assert summary.seeds.tolist() == [3, 1, 1]
    elbos, used = [-30.5, -31.0, -29.0], [6, 7, 8]
    first = summary.iloc[0]
    assert first.elbo_mean == pytest.approx(statistics.mean(elbos))
    assert first.elbo_std == pytest.approx(statistics.stdev(elbos))
    assert first.used_latents_mean == pytest.approx(statistics.mean(used))
    assert first.used_latents_std == pytest.approx(statistics.stdev(used))


def test_what_is_not_defined_is_empty_in_the_summary(files, tmp_path):
    """The ELBO of an autoencoder, and the deviation over a single seed."""
    summary = summarise_metrics(collect_metrics(files))
    write_table(tmp_path / "summary.csv", summary)
    back = read_table(tmp_path / "summary.csv")
    assert math.isnan(back.elbo_mean[1])
    assert back.elbo_std.isna().tolist() == [False, True, True]
    assert back.used_latents_mean[1] == 8.0
    assert list(back.columns) == [
        "dataset",
        "model",
        "latent_dim",
        "seeds",
        "elbo_mean",
        "elbo_std",
        "used_latents_mean",
        "used_latents_std",
    ]


def test_collapsed_runs_are_counted(tmp_path):
    """Not averaged; and not defined for an autoencoder."""
    collapsed = [1, 0, 1, None, 0]
    runs = [row | {"collapsed": value} for row, value in zip(RUNS, collapsed, strict=True)]
    summary = summarise_metrics(pd.DataFrame(runs))
    write_table(tmp_path / "summary.csv", summary)
    lines = (tmp_path / "summary.csv").read_text().splitlines()
    assert lines[0].startswith("dataset,model,latent_dim,seeds,collapsed_runs,elbo_mean")
    counts = [line.split(",")[:5] for line in lines[1:]]
    assert counts == [
        ["digits", "vsc", "8", "3", "2"],
        ["digits", "ae", "8", "1", ""],
        ["digits", "vsc", "2", "1", "0"],
    ]
    assert not [
        name for name in summary.columns if name.startswith("collapsed_") and "mean" in name
    ]


def test_runs_that_are_worse_than_the_mean_are_counted():
    """In the summary beside the means that hold them."""
    worse = [0, 1, 1, 1, 0]
    runs = [row | {"worse_than_mean": value} for row, value in zip(RUNS, worse, strict=True)]
    summary = summarise_metrics(pd.DataFrame(runs))
    assert list(summary.columns[:5]) == [
        "dataset",
        "model",
        "latent_dim",
        "seeds",
        "worse_than_mean_runs",
    ]
    assert summary.worse_than_mean_runs.tolist() == [2, 1, 0]
    assert "worse_than_mean_mean" not in summary


def test_summary_of_the_written_table_is_the_same(files, tmp_path):
    """The rule reads metrics.csv, not the runs."""
    table = collect_metrics(files)
    write_table(tmp_path / "metrics.csv", table)
    read = read_table(tmp_path / "metrics.csv")
    pd.testing.assert_frame_equal(summarise_metrics(read), summarise_metrics(table))


def test_a_damaged_run_is_named(files):
    Path(files[2]).write_text('{"dataset": ', encoding="utf-8")
    with pytest.raises(DamagedFile, match=str(files[2])):
        collect_metrics(files)


def test_probes_of_each_run_have_its_name(tmp_path):
    header = "codes,classifier,n_labels,accuracy\n"
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(header + "gated,linear,100,0.75\nungated,linear,100,0.8125\n")
    second.write_text(header + "gated,linear,100,\n")
    runs = [("digits", "null", 8, 1), ("faces", "vae", 16, 2)]
    write_table(tmp_path / "probes.csv", collect_rows([first, second], runs))
    assert (tmp_path / "probes.csv").read_text().splitlines() == [
        "dataset,model,latent_dim,seed,codes,classifier,n_labels,accuracy",
        "digits,null,8,1,gated,linear,100,0.75",
        "digits,null,8,1,ungated,linear,100,0.8125",
        "faces,vae,16,2,gated,linear,100,",
    ]
    back = read_table(tmp_path / "probes.csv")
    assert back["model"].tolist() == ["null", "null", "vae"]
    assert math.isnan(back["accuracy"][2])


# What pandas by itself reads as missing, as numbers or as truth values.
HARD_NAMES = ("nan", "null", "NA", "1", "inf", "True", "None")


@pytest.mark.parametrize("column", TEXT)
@pytest.mark.parametrize("name", HARD_NAMES)
def test_names_stay_text_and_only_empty_cells_are_missing(tmp_path, column, name):
    """Also in a column where nothing else tells that it is one of text."""
    write_table(tmp_path / "t.csv", pd.DataFrame({column: [name, name, None], "n": [1, None, 3]}))
    back = read_table(tmp_path / "t.csv")
    assert back[column].tolist()[:2] == [name, name]
    assert back[column].isna().tolist() == [False, False, True]
    assert back["n"].tolist()[::2] == [1.0, 3.0]


def test_a_study_of_hard_names_has_all_of_them_in_every_table(tmp_path):
    rows = [run(name, seed, -30.0 - seed, 4) for name in HARD_NAMES for seed in (1, 2)]
    write_table(tmp_path / "metrics.csv", pd.DataFrame(rows))
    metrics = read_table(tmp_path / "metrics.csv")
    write_table(tmp_path / "summary.csv", summarise_metrics(metrics))
    summary = read_table(tmp_path / "summary.csv")
    assert summary["model"].tolist() == list(HARD_NAMES)
    assert summary["seeds"].tolist() == [2] * len(HARD_NAMES)
    assert summary["elbo_mean"].tolist() == [-31.5] * len(HARD_NAMES)

    (tmp_path / "run.csv").write_text(
        "codes,classifier,n_labels,accuracy\ngated,linear,9,0.5\n", encoding="utf-8"
    )
    runs = [("digits", name, 8, 1) for name in HARD_NAMES]
    write_table(tmp_path / "probes.csv", collect_rows([tmp_path / "run.csv"] * len(runs), runs))
    assert read_table(tmp_path / "probes.csv")["model"].tolist() == list(HARD_NAMES)

    spikes = pd.DataFrame({"label": [0, 1], "latent": [0, 0], "mean_spike_prob": [0.5, 0.25]})
    write_table(tmp_path / "cosines.csv", tabulate(dict.fromkeys(runs, spikes)))
    cosines = read_table(tmp_path / "cosines.csv")
    assert cosines["model"].unique().tolist() == list(HARD_NAMES)
    assert cosines["label_b"].tolist()[:3] == ["0", "1", "1"]


def test_the_scorecard_and_the_claims_find_models_of_hard_names(tmp_path):
    """Each stands beside the number that its settings belong to."""
    alphas = dict(zip(HARD_NAMES, np.arange(1, 8) / 10, strict=True))
    models = [vsc(name, alpha=alpha) for name, alpha in alphas.items()]
    rows = [run(name, seed, -alphas[name], 4) for name in HARD_NAMES for seed in (1, 2)]
    write_table(tmp_path / "metrics.csv", pd.DataFrame(rows).assign(dataset="mnist"))
    metrics = read_table(tmp_path / "metrics.csv")
    published = pd.DataFrame(
        {"dataset": "mnist", "model": "VSC", "family": "vsc", "alpha": list(alphas.values())}
        | {"latent_dim": 8, "measure": "loss", "published": 0.0, "better": "lower"}
        | {"published_seeds": 1, "note": "x", "source": "y"},
    ).reindex(columns=COLUMNS)
    write_table(tmp_path / "scorecard.csv", scorecard(published, models, metrics, {}))
    card = read_table(tmp_path / "scorecard.csv")
    assert card["ours"].tolist() == pytest.approx(list(alphas.values()))
    assert [note.split(", ")[0] for note in card["note"]] == [f"ours: {n}" for n in HARD_NAMES]
    write_table(tmp_path / "claims.csv", claims_table(metrics, models))
    claims = read_table(tmp_path / "claims.csv")
    [smaller] = claims[claims["claim"].str.contains("smaller alpha")].to_dict("records")
    assert smaller["compared"] == ", ".join(HARD_NAMES)


def test_a_damaged_table_is_one_line(tmp_path):
    for content in (b"", b"dataset,model\n\xff,1\n", b"a,b\n1,2,3\n1\n1,2,3,4,5\n"):
        (tmp_path / "metrics.csv").write_bytes(content)
        with pytest.raises(DamagedFile, match=r"metrics\.csv: not a readable table .*again$"):
            read_table(tmp_path / "metrics.csv")
