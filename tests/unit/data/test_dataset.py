"""Verified files are kept, and taken before the network; nothing that is whole is lost."""

import gzip
from dataclasses import replace
from pathlib import Path

import pytest
from sparsevae.data.fetching import Patience
from sparsevae.data.idx import FILE_NAMES, IdxDataset
from sparsevae.jobs import storage
from sparsevae.jobs.errors import DataUnavailable
from test_idx_datasets import same

NOBODY = "http://127.0.0.1:9/"  # answers there


@pytest.fixture
def fashion(server, stand_in) -> IdxDataset:
    """The stand-in for Fashion-MNIST, to be had from a server here."""
    server.files.update({f"{n}.gz": gzip.compress(raw) for n, raw in stand_in.raw.items()})
    patience = Patience(rounds=1, pause=0.0)
    return replace(stand_in.dataset, mirrors=(server.url("good"),), patience=patience)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def no_report(line: str) -> None:
    pytest.fail(line)


def test_what_was_fetched_is_used_without_the_network(tmp_path, fashion, stand_in):
    fashion.prepare([], tmp_path / "kept", None, print)
    offline = replace(fashion, mirrors=(NOBODY,))
    assert same(offline.prepare([], tmp_path / "kept", None, no_report), stand_in)


def test_what_a_user_gave_is_used_when_the_folder_is_gone(tmp_path, fashion, stand_in):
    given = fashion.find(stand_in.write(tmp_path / "mine"))
    fashion.prepare(given, tmp_path / "kept", None, no_report)
    for file in given:
        file.unlink()
    offline = replace(fashion, mirrors=(NOBODY,))
    assert same(offline.prepare([], tmp_path / "kept", None, no_report), stand_in)


def test_only_what_is_missing_is_fetched(tmp_path, fashion, stand_in, server):
    kept = stand_in.write(tmp_path / "kept")
    (kept / f"{FILE_NAMES[2]}.gz").unlink()
    assert same(fashion.prepare([], kept, None, lambda line: None), stand_in)
    assert [name for _, name in server.requests] == [f"{FILE_NAMES[2]}.gz"]


@pytest.mark.parametrize("zipped", [True, False], ids=["gzip", "raw"])
def test_a_kept_file_that_is_damaged_is_named_and_fetched_again(
    tmp_path, fashion, stand_in, zipped
):
    kept = stand_in.write(tmp_path / "kept", zipped=zipped)
    name = FILE_NAMES[1] if not zipped else f"{FILE_NAMES[1]}.gz"
    (kept / name).write_bytes(b"damaged")
    said: list[str] = []
    assert same(fashion.prepare([], kept, None, said.append), stand_in)
    assert said[0].startswith(f"WARNING: {kept / name}: not an idx file")
    assert same(fashion.prepare([], kept, None, no_report), stand_in)


def test_a_fetch_that_fails_leaves_all_that_was_kept(tmp_path, fashion, stand_in):
    kept = stand_in.write(tmp_path / "kept")
    (kept / f"{FILE_NAMES[0]}.gz").write_bytes(b"damaged")
    before = contents(kept)
    offline = replace(fashion, mirrors=(NOBODY,))
    with pytest.raises(DataUnavailable):
        offline.prepare([], kept, None, lambda line: None)
    assert contents(kept) == before


def test_files_that_cannot_be_kept_are_used_all_the_same(tmp_path, fashion, stand_in, monkeypatch):
    def full(source: Path, target: Path) -> None:
        raise OSError(28, "No space left on device", str(target))

    monkeypatch.setattr(storage, "link", full)
    given = fashion.find(stand_in.write(tmp_path / "mine"))
    said: list[str] = []
    assert same(fashion.prepare(given, tmp_path / "kept", None, said.append), stand_in)
    [line] = said
    assert "could not be kept" in line
    assert "No space left on device" in line


def test_a_user_may_name_the_folder_of_kept_files(tmp_path, fashion, stand_in):
    kept = stand_in.write(tmp_path / "raw/fashion_mnist")
    given = fashion.find(tmp_path / "raw")
    assert same(fashion.prepare(given, kept, None, no_report), stand_in)
    assert len(contents(kept)) == 4
