"""What a reader is told to do works, and every column of a table is explained."""

import csv

import pytest
from pages import columns, follow, install

MEASURE = "<measure>"


def header(path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))


@pytest.fixture
def documented() -> dict[str, list[str]]:
    """Table -> its columns in docs/columns.md, those of summary.csv written out."""
    found = columns("docs/columns.md")
    summary = found["summary.csv"]
    named = {*summary, *(name.removesuffix("_runs") for name in summary), "seed"}
    measures = [name for name in found["metrics.csv"] if name not in named]
    found["summary.csv"] = [name for name in summary if MEASURE not in name] + [
        name.replace(MEASURE, measure)
        for measure in measures
        for name in summary
        if MEASURE in name
    ]
    return found


def test_every_column_of_a_table_is_documented_and_no_other(smoke, documented):
    results = smoke.root / "results/smoke"
    tables = {path.name: path for path in (results / "tables").glob("*.csv")}
    (run,) = results.glob("runs/digits/vsc/latent-4/seed-1")
    files = {path.name: path for path in run.glob("*.csv")}
    assert documented.keys() == tables.keys() | files.keys()
    assert documented == {name: header(path) for name, path in (files | tables).items()}
    assert header(files["probes.csv"]) == documented["probes.csv"][4:]


def test_a_study_of_your_own(new_checkout):
    checkout = new_checkout()
    install(checkout)
    follow("docs/your_study.md", checkout)


@pytest.mark.slow
def test_your_data_in_ten_minutes(new_checkout):
    checkout = new_checkout()
    install(checkout)
    follow("docs/your_data.md", checkout)


@pytest.mark.slow
def test_ten_minutes_with_the_quick_study(new_checkout):
    """Its steps, with trainings that are short: smaller batches and fewer epochs."""
    checkout = new_checkout()
    install(checkout)
    config = checkout.root / "config/config.yaml"
    text = config.read_text(encoding="utf-8")
    for long, short in (
        ("epochs: 20,", "epochs: 1,"),
        ("iterations: 1500,", "iterations: 1500, batch_size: 8,"),
    ):
        assert text.count(long) == 1
        text = text.replace(long, short)
    config.write_text(text, encoding="utf-8")
    follow("docs/quick_study.md", checkout)
