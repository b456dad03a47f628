from pathlib import Path
from types import SimpleNamespace

import pytest
from sparsevae import job as module
from sparsevae.errors import ConfigError
from sparsevae.job import job


@pytest.fixture
def snakemake(tmp_path: Path) -> SimpleNamespace:
    return SimpleNamespace(log=[str(tmp_path / "logs" / "run.log")])


def log(snakemake: SimpleNamespace) -> str:
    return Path(snakemake.log[0]).read_text()


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
