"""A finished study is tracked in parts, and another one is compared with it."""

import json
from pathlib import Path

import compare
import pandas as pd
import pytest
import reference_study
from sparsevae.jobs.errors import UserError
from sparsevae.jobs.tables import read_table

SMOKE = [Path("config/smoke.yaml")]


@pytest.fixture
def in_smoke(smoke, monkeypatch) -> Path:
    monkeypatch.chdir(smoke.root)
    return Path("results/smoke")


def test_tables_are_those_of_the_workflow_also_from_two_parts(in_smoke, tmp_path):
    folder = reference_study.track(SMOKE, ["digits/traversals"], tmp_path)
    made = {path.name: path.read_bytes() for path in (folder / "tables").iterdir()}
    for name in ("metrics", "summary", "selection", "claims", "scorecard", "probes"):
        assert made[f"{name}.csv"] == (in_smoke / f"tables/{name}.csv").read_bytes(), name
    assert (folder / "figures/digits/traversals.png").is_file()
    # A run that is trained later: without it first, then all of them again.
    (missing,) = in_smoke.glob("runs/digits/vsc/latent-4/seed-1")
    missing.rename(missing.with_name("away"))
    part = reference_study.track(SMOKE, [], tmp_path / "parts")
    assert len(read_table(part / "tables/metrics.csv")) < len(
        read_table(in_smoke / "tables/metrics.csv")
    )
    missing.with_name("away").rename(missing)
    reference_study.track(SMOKE, [], tmp_path / "parts")
    for name in ("metrics", "summary", "claims", "scorecard", "probes"):
        both = read_table(part / f"tables/{name}.csv"), read_table(in_smoke / f"tables/{name}.csv")
        order = [c for c in ("dataset", "model", "latent_dim", "seed", "codes") if c in both[0]]
        first, second = (t.sort_values(order, kind="stable", ignore_index=True) for t in both)
        pd.testing.assert_frame_equal(first, second)
    parts = json.loads((part / "made_with.json").read_text())["parts"]
    assert [entry["runs"] for entry in parts] == [parts[1]["runs"] - 1, parts[1]["runs"]]


def test_a_study_that_has_not_run_is_said(in_smoke, tmp_path):
    config = tmp_path / "other.yaml"
    config.write_text(SMOKE[0].read_text().replace("study: smoke", "study: other"))
    with pytest.raises(UserError, match="results/other: no run has ended; run the study first"):
        reference_study.track([config], [], tmp_path)


def test_a_study_agrees_with_itself_and_not_with_another(tmp_path):
    def study(name: str, shift: float) -> Path:
        rows = [
            {"dataset": "d", "model": m, "latent_dim": 2, "seed": s, "elbo": -90 + s + shift}
            for m in ("vae", "vsc")
            for s in (1, 2, 3)
        ]
        (tmp_path / name / "tables").mkdir(parents=True)
        pd.DataFrame(rows).to_csv(tmp_path / name / "tables/metrics.csv", index=False)
        return tmp_path / name

    ours = study("ours", 0.0)
    assert compare.report(ours, ours).splitlines()[:2] == [
        "100.0% of the cells that can be decided agree (95 % if only seeds differ)",
        "agrees: 2",
    ]
    lines = compare.report(ours, study("far", 50.0), tmp_path / "cells.csv").splitlines()
    assert lines[-1] == "  d/vsc/2 elbo: -88, -38"
    assert (read_table(tmp_path / "cells.csv")["verdict"] == "differs").all()
    with pytest.raises(UserError, match="not there; name the folder of a finished study"):
        compare.report(ours, tmp_path / "nowhere")
