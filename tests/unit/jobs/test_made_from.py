import hashlib
import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from sparsevae.jobs.errors import StaleRun
from sparsevae.jobs.made_from import LONG_AGO, Ledger, check_runs, digest_of, leave


class Named(SimpleNamespace):
    def items(self):
        return vars(self).items()


@pytest.fixture
def ledger(tmp_path) -> Ledger:
    return Ledger(tmp_path)


def made(ledger: Ledger, name: str, **parts: str) -> None:
    """The file that a job leaves."""
    file = ledger.folder / f"made_from/{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(parts), encoding="utf-8")


def planned_at(ledger: Ledger, name: str) -> float:
    return (ledger.folder / f"planned/{name}.json").stat().st_mtime


def test_what_is_not_there_yet_or_as_planned_is_not_stale(ledger):
    ledger.expect("a", lambda: {"code": "1"})
    ledger.expect("b", lambda: {"code": "1"})
    made(ledger, "b", code="1")
    assert ledger.write() == []
    assert planned_at(ledger, "a") == planned_at(ledger, "b") == LONG_AGO


def test_a_stale_result_is_older_than_its_plan_until_it_is_made_again(ledger):
    made(ledger, "a", code="1")
    ledger.expect("a", lambda: {"code": "2"})
    assert ledger.write() == ["a"]
    first = planned_at(ledger, "a")
    assert first > Path(ledger.made_from("a")).stat().st_mtime
    assert ledger.write() == ["a"]
    assert planned_at(ledger, "a") == first  # another plan does not touch it again
    made(ledger, "a", code="2")
    assert ledger.write() == []
    assert planned_at(ledger, "a") == LONG_AGO


def test_only_planning_computes_what_results_would_be_made_from(ledger):
    """Every job of a cluster reads the rules, and with them all that is expected."""
    called = []
    ledger.expect("a", lambda: called.append("a") or {"code": "1"})
    assert not called
    ledger.write()
    assert called == ["a"]


def test_data_that_have_changed_make_it_stale(ledger, tmp_path):
    data = tmp_path / "train.npz"
    data.write_bytes(b"old")
    ledger.expect("a", lambda: {"code": "1"}, {"train": data, "test": tmp_path / "none.npz"})
    made(ledger, "a", code="1", train=hashlib.sha256(b"old").hexdigest())
    assert ledger.write() == []
    data.write_bytes(b"new")
    assert Ledger.write(ledger) == ["a"]


def test_a_damaged_file_says_nothing_and_is_made_again(ledger):
    made(ledger, "a", code="1")
    (ledger.folder / "made_from/a.json").write_text("{", encoding="utf-8")
    ledger.expect("a", lambda: {"code": "1"})
    assert ledger.write() == ["a"]


def test_a_job_leaves_its_parts_and_the_digests_of_its_data(tmp_path):
    (tmp_path / "train.npz").write_bytes(b"x")
    output = tmp_path / "made_from.json"
    leave(
        SimpleNamespace(
            input=Named(train=tmp_path / "train.npz", other=tmp_path / "none"),
            output=Named(made_from=output),
            params=Named(made_from={"code": "1"}),
        )
    )
    digest = hashlib.sha256(b"x").hexdigest()
    assert json.loads(output.read_text(encoding="utf-8")) == {"code": "1", "train": digest}


def test_a_run_with_other_settings_is_named(tmp_path):
    for name, beta in (("good", 1.0), ("bad", 8.0)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "config.json").write_text(json.dumps({"beta": beta}), encoding="utf-8")
    files = [tmp_path / "good/metrics.json", tmp_path / "bad/metrics.json"]
    check_runs(files[:1], [digest_of({"beta": 1.0})])
    with pytest.raises(StaleRun, match=r"bad: its settings are not those .* move this folder away"):
        check_runs(files, [digest_of({"beta": 1.0})] * 2)
