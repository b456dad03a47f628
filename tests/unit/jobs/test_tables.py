import math
import statistics
from pathlib import Path

import pandas as pd
import pytest
from sparsevae.jobs import storage
from sparsevae.jobs.errors import DamagedFile
from sparsevae.jobs.tables import (
    collect_metrics,
    collect_probes,
    read_metrics,
    summarise_metrics,
    write_table,
)


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
    back = pd.read_csv(tmp_path / "summary.csv")
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


def test_summary_of_the_written_table_is_the_same(files, tmp_path):
    """The rule reads metrics.csv, not the runs."""
    table = collect_metrics(files)
    write_table(tmp_path / "metrics.csv", table)
    read = pd.read_csv(tmp_path / "metrics.csv")
    pd.testing.assert_frame_equal(summarise_metrics(read), summarise_metrics(table))


def test_a_damaged_run_is_named(files):
    Path(files[2]).write_text('{"dataset": ')
    with pytest.raises(DamagedFile, match=str(files[2])):
        collect_metrics(files)


def test_probes_of_each_run_have_its_name(tmp_path):
    header = "codes,classifier,n_labels,accuracy\n"
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(header + "gated,linear,100,0.75\nungated,linear,100,0.8125\n")
    second.write_text(header + "gated,linear,100,\n")
    runs = [("digits", "null", 8, 1), ("faces", "vae", 16, 2)]
    write_table(tmp_path / "probes.csv", collect_probes([first, second], runs))
    assert (tmp_path / "probes.csv").read_text().splitlines() == [
        "dataset,model,latent_dim,seed,codes,classifier,n_labels,accuracy",
        "digits,null,8,1,gated,linear,100,0.75",
        "digits,null,8,1,ungated,linear,100,0.8125",
        "faces,vae,16,2,gated,linear,100,",
    ]
    back = read_metrics(tmp_path / "probes.csv")
    assert back["model"].tolist() == ["null", "null", "vae"]
    assert math.isnan(back["accuracy"][2])
