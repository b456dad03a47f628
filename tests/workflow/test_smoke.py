"""The smoke study, from data to figures, for real."""

import csv
import math
import os

import pytest
from checkout import SMOKE, results_of

KEYS = {"dataset", "model", "latent_dim", "seed"}
BOUNDS = {"elbo", "reconstruction", "kl"}
MEASURES = BOUNDS | {"active_fraction", "used_latents", "probe_accuracy", "probe_accuracy_ungated"}


@pytest.fixture(scope="module")
def rows(smoke) -> list[dict[str, str]]:
    with (smoke.root / "results/smoke/tables/metrics.csv").open() as file:
        return list(csv.DictReader(file))


def test_metrics_has_one_row_a_run_with_the_promised_columns(rows):
    assert set(rows[0]) >= KEYS | MEASURES
    runs = {(row["model"], row["latent_dim"], row["seed"]) for row in rows}
    models = ("ae", "vae", "vsc", "vsc-wu")
    assert runs == {(model, size, "1") for model in models for size in ("2", "4")}
    assert len(rows) == len(runs)


def test_probes_of_the_table_are_those_of_the_metrics(rows, smoke):
    """At all 1,437 labels of the digits, fewer than `probe_labels`; equal where no spikes are."""
    with (smoke.root / "results/smoke/tables/probes.csv").open() as file:
        probes = list(csv.DictReader(file))
    # Two kinds of codes and two classifiers; three numbers of labels at the size that is shown.
    labels = {"2": 1, "4": 3}
    assert len(probes) == sum(2 * 2 * labels[row["latent_dim"]] for row in rows)
    for row in rows:
        found = {
            p["codes"]: p["accuracy"]
            for p in probes
            if all(p[key] == row[key] for key in KEYS)
            and (p["classifier"], p["n_labels"]) == ("linear", "1437")
        }
        assert float(found["gated"]) == pytest.approx(float(row["probe_accuracy"]))
        assert float(found["ungated"]) == pytest.approx(float(row["probe_accuracy_ungated"]))
        if not row["model"].startswith("vsc"):
            assert found["gated"] == found["ungated"]


def test_elbo_is_minus_reconstruction_minus_kl(rows):
    for row in rows:
        if row["model"] == "ae":
            assert row["elbo"] == row["kl"] == ""
        else:
            elbo = -float(row["reconstruction"]) - float(row["kl"])
            assert math.isclose(float(row["elbo"]), elbo, rel_tol=1e-6)


def test_spikes_are_hard_zeros_in_the_active_fraction(rows):
    for row in rows:
        fraction = float(row["active_fraction"])
        assert 0 < fraction < 1 if row["model"].startswith("vsc") else fraction == 1


def test_every_published_number_is_in_the_scorecard(smoke):
    with (smoke.root / "results/smoke/tables/scorecard.csv").open() as file:
        scorecard = list(csv.DictReader(file))
    with (smoke.root / "resources/published/scorecard_rows.csv").open() as file:
        published = list(csv.DictReader(file))
    assert [row["published"] for row in scorecard] == [row["published"] for row in published]
    # The smoke study has the digits only, of which nothing was published.
    assert {row["verdict"] for row in scorecard} == {"missing"}


def test_every_claim_has_a_verdict(smoke):
    with (smoke.root / "results/smoke/tables/claims.csv").open() as file:
        claims = list(csv.DictReader(file))
    verdicts = {row["verdict"] for row in claims}
    assert verdicts <= {"holds", "fails", "undecided", "not run"}
    warmed = [row for row in claims if "slab warm-up do not collapse" in row["claim"]]
    assert [(row["dataset"], row["compared"], row["n"]) for row in warmed] == [
        ("digits", "vsc-wu", "1")
    ]


def test_a_second_call_has_nothing_to_do(smoke):
    result = smoke.snakemake(*SMOKE)
    assert result.returncode == 0
    assert "Nothing to be done" in result.stdout + result.stderr


@pytest.mark.parametrize(
    ("file", "rules"),
    [
        ("figures/digits/traversals.png", ("plot_traversals",)),
        ("tables/claims.csv", ("judge_claims", "collect_references")),
    ],
)
def test_deleting_one_result_makes_just_that(smoke, file, rules):
    result = smoke.root / "results/smoke" / file
    content = result.read_bytes()
    result.unlink()
    try:
        # What reads it follows, and the report, which has a copy.
        assert smoke.planned(*SMOKE) == dict.fromkeys([*rules, "report"], 1)
        assert smoke.snakemake(*SMOKE).returncode == 0
        assert result.read_bytes() == content
    finally:
        result.write_bytes(content)


def test_each_table_and_figure_is_made_alone(smoke):
    results = smoke.root / "results/smoke"
    for file in [*results.glob("tables/*.csv"), *results.glob("figures/**/*.png")]:
        content, stat = file.read_bytes(), file.stat()
        file.unlink()
        planned = smoke.planned(*SMOKE)
        assert planned.pop("report") == 1, file
        assert "train_and_evaluate" not in planned, file
        # What other rules read is followed by these rules.
        if file.stem not in ("metrics", "probes", "claims", "scorecard"):
            assert sum(planned.values()) == 1, file
        file.write_bytes(content)
        os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def test_no_result_names_this_machine_or_a_time(smoke):
    for name, content in results_of(smoke.root / "results/smoke").items():
        assert str(smoke.root).encode() not in content, name


def test_two_folders_get_the_same_bytes(smoke, new_checkout):
    """What one figure needs; tests/slow/test_second_machine.py has the whole study."""
    other = new_checkout()
    # One core instead of two: another order of the jobs.
    result = other.snakemake(*SMOKE, "--", "results/smoke/figures/digits/traversals.png", cores=1)
    assert result.returncode == 0, result.stdout + result.stderr
    ours, theirs = (results_of(c.root / "results/smoke") for c in (smoke, other))
    assert len(theirs) > 4 * 8  # files of the runs that the figure shows
    assert [name for name in theirs if ours[name] != theirs[name]] == []


def test_every_job_leaves_a_log_and_a_benchmark(smoke):
    runs = smoke.root / "results/smoke"
    for folder, suffix in (("logs", ".log"), ("benchmarks", ".tsv")):
        assert len(list((runs / folder / "runs").rglob(f"*{suffix}"))) == 8, folder


def test_a_training_logs_every_epoch(smoke):
    log = smoke.root / "results/smoke/logs/runs/digits/vae/latent-4/seed-1.log"
    assert log.read_text().count("digits/vae/latent-4/seed-1: epoch ") == 2
