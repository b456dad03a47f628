"""Results of other settings, code or data are noticed, whatever Snakemake remembers."""

import json
import os
import shutil
from pathlib import Path

import pytest
from checkout import SMOKE, Checkout

RUNS = {"train_and_evaluate": 8}
VAE = "results/smoke/runs/digits/vae/latent-4/seed-1"


@pytest.fixture
def forgetful(smoke: Checkout) -> Checkout:
    """The smoke study without Snakemake's records, which are put back afterwards."""
    records, away = smoke.root / ".snakemake", smoke.root / "records"
    shutil.move(records, away)
    yield smoke
    shutil.rmtree(records, ignore_errors=True)
    shutil.move(away, records)
    # The time of `planned` files follows the last plan.
    assert smoke.planned(*SMOKE) == {}


def overlay(checkout: Checkout, text: str) -> tuple[str, ...]:
    (checkout.root / "overlay.yaml").write_text(text, encoding="utf-8")
    return (*SMOKE, "overlay.yaml")


def test_without_records_a_study_is_up_to_date(forgetful):
    assert forgetful.planned(*SMOKE) == {}


@pytest.mark.parametrize("triggers", [(), ("--rerun-triggers", "mtime")])
def test_a_changed_setting_trains_again(forgetful, triggers):
    plan = forgetful.planned(*overlay(forgetful, "run: {beta: 8}\n"), *triggers)
    assert plan["train_and_evaluate"] == RUNS["train_and_evaluate"]
    assert plan["collect_metrics"] == plan["report"] == 1
    # A plan changes nothing: with the old setting, all is as it was.
    assert forgetful.planned(*SMOKE, *triggers) == {}


def test_with_records_modification_times_alone_notice_it_too(smoke):
    triggers = ("--rerun-triggers", "mtime")
    plan = smoke.planned(*overlay(smoke, "models: {vae: {beta: 8}}\n"), *triggers)
    assert plan["train_and_evaluate"] == 2
    assert smoke.planned(*SMOKE, *triggers) == {}


def test_seeds_that_are_added_do_not_join_runs_of_other_settings(forgetful):
    changed = overlay(forgetful, "seeds: [1, 2]\nmodels: {vae: {beta: 8}}\n")
    plan = forgetful.planned(*changed)
    # Eight of the new seed, and the two of the VAE that have the old beta.
    assert plan["train_and_evaluate"] == 10


def test_a_model_that_is_taken_out_leaves_tables_and_figures(forgetful):
    plan = forgetful.planned(*overlay(forgetful, "models: {vsc: null}\n"))
    assert "train_and_evaluate" not in plan
    made = {"collect_metrics", "collect_probes", "plot_traversals", "export_explorer", "report"}
    assert made <= plan.keys()
    assert "plot_examples" not in plan  # pictures of the data alone


def test_changed_code_and_data_are_noticed(forgetful):
    module = forgetful.root / "workflow/scripts/sparsevae/models/vsc.py"
    text = module.read_text(encoding="utf-8")
    module.write_text(text.replace('"""', '""" ', 1), encoding="utf-8")
    try:
        assert forgetful.planned(*SMOKE)["train_and_evaluate"] == 4
    finally:
        module.write_text(text, encoding="utf-8")
    made_from = forgetful.root / "results/smoke/made_from/runs/digits/vae/latent-4/seed-1.json"
    before = made_from.read_text(encoding="utf-8")
    other = json.loads(before) | {"train": "0" * 64}
    times = made_from.stat()
    made_from.write_text(json.dumps(other), encoding="utf-8")
    try:
        assert forgetful.planned(*SMOKE)["train_and_evaluate"] == 1
    finally:
        made_from.write_text(before, encoding="utf-8")
        _set_times(made_from, times)


def test_a_run_of_other_settings_is_named_and_not_averaged(smoke, tmp_path):
    """A folder of a run was put in the place of another: its file in made_from/ says nothing."""
    config = smoke.root / VAE / "config.json"
    before, times = config.read_text(encoding="utf-8"), config.stat()
    table = smoke.root / "results/smoke/tables/metrics.csv"
    rows, of_table = table.read_bytes(), table.stat()
    config.write_text(before.replace('"beta": 1.0', '"beta": 8.0'), encoding="utf-8")
    try:
        made = smoke.snakemake(
            "results/smoke/tables/metrics.csv", "--forcerun", "collect_metrics", *SMOKE
        )
        assert made.returncode != 0
        lines = [line for line in made.stderr.splitlines() if line.startswith("StaleRun: ")]
        assert lines[0].startswith(f"StaleRun: {VAE}: ")
        assert "Traceback" not in made.stderr
    finally:
        config.write_text(before, encoding="utf-8")
        _set_times(config, times)
        table.write_bytes(rows)
        _set_times(table, of_table)


def _set_times(file: Path, times) -> None:
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
