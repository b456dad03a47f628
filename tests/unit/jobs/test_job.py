import errno
import os
import signal
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier
from sparsevae.jobs import job as module
from sparsevae.jobs.errors import ConfigError
from sparsevae.jobs.job import job


@pytest.fixture
def snakemake(tmp_path: Path) -> SimpleNamespace:
    files = {
        "input": ["runs.csv"],
        "output": ["metrics.csv", "summary.csv"],
        "log": ["logs/run.log"],
    }
    for name in ("runs.csv", "metrics.csv", "summary.csv"):
        (tmp_path / name).touch()
    paths = {kind: [str(tmp_path / name) for name in names] for kind, names in files.items()}
    return SimpleNamespace(**paths)


def log(snakemake: SimpleNamespace) -> str:
    return Path(snakemake.log[0]).read_text(encoding="utf-8")


def test_reports_are_in_the_log_at_once(snakemake):
    with job(snakemake) as report:
        report("epoch 1")
        assert log(snakemake) == "epoch 1\n"
        report("epoch 2")
    assert log(snakemake) == "epoch 1\nepoch 2\n"


def test_a_users_error_is_one_line_and_no_traceback(snakemake, capsys):
    def fails() -> None:
        with job(snakemake):
            raise ConfigError("device: cuda is asked for")

    with pytest.raises(SystemExit) as end:
        fails()
    assert end.value.code == 1
    assert capsys.readouterr().err == "ConfigError: device: cuda is asked for\n"
    assert log(snakemake) == "ConfigError: device: cuda is asked for\n"


def test_any_other_error_has_its_traceback_in_the_log(snakemake):
    def fails() -> None:
        with job(snakemake):
            raise ZeroDivisionError("a bug")

    with pytest.raises(ZeroDivisionError):
        fails()
    assert log(snakemake).startswith("Traceback")
    assert "ZeroDivisionError: a bug" in log(snakemake)


def test_ctrl_c_ends_a_job_that_would_go_on_with_a_half_fitted_classifier(snakemake):
    inputs = np.random.default_rng(1).normal(size=(60, 3))
    classifier = MLPClassifier(max_iter=10_000, n_iter_no_change=10_000)

    def fit() -> None:
        with job(snakemake):
            threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
            classifier.fit(inputs, inputs[:, 0] > 0)

    with pytest.raises(SystemExit) as end:
        fit()
    assert end.value.code == 130


def test_what_a_killed_job_left_of_its_own_outputs_is_cleared_away(snakemake, tmp_path):
    for name in (".metrics.csv.x1.part", ".summary.csv.x2.part", ".probes.csv.x3.part"):
        (tmp_path / name).write_text("half")
    (tmp_path / ".summary.csv.x4.part" / "pages").mkdir(parents=True)
    with job(snakemake):
        left = {path.name for path in tmp_path.iterdir()}
    assert left == {".probes.csv.x3.part", "runs.csv", "metrics.csv", "summary.csv", "logs"}


def test_the_screen_has_a_line_now_and_then(snakemake, capsys, monkeypatch):
    now = iter([0.0, 1.0, 14.9, 15.0, 15.0, 16.0, 31.0, 31.0])
    monkeypatch.setattr(module.time, "monotonic", lambda: next(now))
    with job(snakemake) as report:
        for number in range(5):
            report(f"epoch {number}")
    assert capsys.readouterr().err == "epoch 2\nepoch 4\n"
    assert len(log(snakemake).splitlines()) == 5


def test_a_warning_is_on_the_screen_at_once(snakemake, capsys):
    with job(snakemake) as report:
        report("epoch 1")
        report("WARNING: collapsed")
    assert capsys.readouterr().err == "WARNING: collapsed\n"
    assert log(snakemake) == "epoch 1\nWARNING: collapsed\n"


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_disk_that_cannot_be_written_is_one_line(snakemake, capsys, number):
    def fails() -> None:
        with job(snakemake):
            raise OSError(number, os.strerror(number), "results/metrics.json")

    with pytest.raises(SystemExit):
        fails()
    line = f"results/metrics.json: {os.strerror(number)}; nothing is lost\n"
    assert capsys.readouterr().err.endswith(line)
    assert log(snakemake).endswith(line)


def test_a_log_on_a_full_disk_ends_in_one_line_too(snakemake, capsys):
    Path(snakemake.log[0]).parent.mkdir()
    Path(snakemake.log[0]).symlink_to("/dev/full")

    def fails() -> None:
        with job(snakemake) as report:
            report("epoch 1")

    with pytest.raises(SystemExit):
        fails()
    assert "No space left on device; nothing is lost" in capsys.readouterr().err


def test_of_two_jobs_of_the_same_outputs_the_second_fails_in_one_line(
    snakemake, capsys, monkeypatch
):
    monkeypatch.setattr(module, "SECONDS_FOR_ANOTHER", 0.0)

    def second() -> None:
        with job(snakemake) as report:
            report("never")

    with job(snakemake) as report:
        report("epoch 1")
        with pytest.raises(SystemExit):
            second()
        report("epoch 2")
    assert f"process {os.getpid()} on " in capsys.readouterr().err
    assert log(snakemake) == "epoch 1\nepoch 2\n"
