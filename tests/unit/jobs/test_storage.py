import csv
import errno
import json
import math
import os
import re
import zipfile
from pathlib import Path

import numpy as np
import pytest
from sparsevae.jobs import storage
from sparsevae.jobs.errors import DamagedFile


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A file in a folder that is yet to be made."""
    return tmp_path / "new" / "folder" / "result"


def test_a_file_appears_under_its_name_only_when_it_is_whole(target):
    with storage.replacing(target) as temporary:
        temporary.write_text("half")
        assert not target.exists()
        assert temporary.parent == target.parent  # a rename within one file system
        temporary.write_text("whole")
    assert target.read_text() == "whole"
    assert list(target.parent.iterdir()) == [target]


def test_failure_keeps_the_old_file_and_leaves_no_other(target):
    storage.write_text(target, "old")

    def interrupted() -> None:
        with storage.replacing(target) as temporary:
            temporary.write_text("half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert target.read_text() == "old"
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize(("mask", "file", "folder"), [(0o027, 0o640, 0o750), (0o002, 0o664, 0o775)])
def test_files_and_folders_have_the_permissions_of_any_new_one(target, mask, file, folder):
    """mkstemp makes files that nobody else can read; a group that shares a folder writes too."""
    before = os.umask(mask)
    try:
        storage.write_text(target, "x")
        with storage.workspace(target.parent / "report") as work:
            (work / "report").mkdir()
            (work / "report").rename(target.parent / "report")
    finally:
        os.umask(before)
    assert target.stat().st_mode & 0o777 == file
    assert target.parent.stat().st_mode & 0o777 == folder
    assert (target.parent / "report").stat().st_mode & 0o777 == folder


def refuse(number: int):
    def call(*arguments: object, **named: object) -> None:
        raise OSError(number, os.strerror(number))

    return call


def test_a_file_system_that_refuses_everything_but_files_still_keeps_results(target, monkeypatch):
    """CIFS refuses chmod and utime, FUSE fsync and links."""
    for name in ("chmod", "fchmod", "utime", "link"):
        monkeypatch.setattr(os, name, refuse(errno.EPERM))
    monkeypatch.setattr(os, "fsync", refuse(errno.EINVAL))
    storage.write_text(target, "whole")
    storage.link(target, target.with_name("second"))
    storage.copy_folder(target.parent, target.parents[1] / "copy", leave_out=["result"])
    assert [file.name for file in (target.parents[1] / "copy").iterdir()] == ["second"]
    assert (target.parents[1] / "copy/second").read_text(encoding="utf-8") == "whole"


def test_a_disk_that_fails_to_sync_is_not_ignored(target, monkeypatch):
    monkeypatch.setattr(os, "fsync", refuse(errno.EIO))
    with pytest.raises(OSError, match="Input/output") as caught:
        storage.write_text(target, "x")
    assert caught.value.filename == str(target)
    assert not target.exists()


def test_a_full_disk_names_the_file_that_was_to_be_written(target):
    """The system names none for a write, and for others the temporary file."""

    def full() -> None:
        with storage.replacing(target):
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(OSError, match="No space left") as caught:
        full()
    assert caught.value.filename == str(target)


def test_a_file_that_is_read_meanwhile_keeps_its_name(target, tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        storage.link(tmp_path / "none", target)
    assert caught.value.filename == str(tmp_path / "none")


def test_json_keeps_the_order_of_its_keys(target):
    storage.write_json(target, {"b": 1, "a": None, "c": 0.1})
    assert list(json.loads(target.read_text()).items()) == [("b", 1), ("a", None), ("c", 0.1)]
    assert target.read_bytes().endswith(b"}\n")
    assert storage.read_json(target) == {"b": 1, "a": None, "c": 0.1}


def test_json_refuses_nan(target):
    with pytest.raises(ValueError, match="JSON"):
        storage.write_json(target, {"elbo": math.nan})
    assert not target.exists()


def test_damaged_json_is_named(target):
    storage.write_text(target, '{"elbo": ')
    with pytest.raises(DamagedFile, match=f"^{target}: not JSON .*; move it away and run again$"):
        storage.read_json(target)


def test_csv_has_nine_digits_and_empty_cells_for_what_is_not_defined(target):
    rows = [
        {"name": "vae", "x": 1 / 3, "n": 12, "y": None},
        {"name": "vsc", "x": math.nan, "n": 123456789012, "y": np.float32(2.5)},
        {"name": "ae", "x": 1e-20, "n": 0},
    ]
    storage.write_csv(target, rows, ["name", "y", "x", "n"])
    assert target.read_text().splitlines() == [
        "name,y,x,n",
        "vae,,0.333333333,12",
        "vsc,2.5,,123456789012",
        "ae,,1e-20,0",
    ]


def test_csv_quotes_what_a_reader_would_split(target):
    rows = [{"label": text} for text in ('a,b "c"', "two\nlines", "plain")]
    storage.write_csv(target, rows, ["label"])
    with target.open(newline="") as file:
        assert list(csv.DictReader(file)) == rows


def test_arrays_come_back_as_they_were(target):
    arrays = {"b": np.arange(6, dtype=np.uint8).reshape(2, 3), "a": np.ones(2, np.float32)}
    storage.write_arrays(target, arrays)
    back = storage.read_arrays(target)
    assert list(back) == ["b", "a"]
    for name, array in arrays.items():
        assert back[name].dtype == array.dtype
        np.testing.assert_array_equal(back[name], array)


def test_arrays_carry_no_time(target):
    """Else the same arrays would be other bytes tomorrow."""
    storage.write_arrays(target, {"a": np.ones(2)})
    with zipfile.ZipFile(target) as archive:
        assert [entry.date_time for entry in archive.infolist()] == [(1980, 1, 1, 0, 0, 0)]


def halved(content: bytes) -> bytes:
    return content[: len(content) // 2]


def flipped(content: bytes) -> bytes:
    """A bit of the compressed array is wrong, as after a bad copy."""
    middle = 60
    return content[:middle] + bytes([content[middle] ^ 255]) + content[middle + 1 :]


@pytest.mark.parametrize(
    "damage", [halved, flipped, lambda content: b"", lambda content: b"<html>Sign in</html>"]
)
def test_damaged_arrays_are_named(damage, target):
    storage.write_arrays(target, {"a": np.arange(1000)})
    target.write_bytes(damage(target.read_bytes()))
    with pytest.raises(DamagedFile, match=f"^{target}: not a readable .npz"):
        storage.read_arrays(target)


def test_pickled_objects_are_not_loaded(target):
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        np.savez(file, a=np.array([{"an": "object"}], dtype=object))
    with pytest.raises(DamagedFile):
        storage.read_arrays(target)


@pytest.mark.parametrize("number", [errno.EIO, errno.EACCES, errno.ESTALE, errno.ENOMEM])
def test_a_disk_that_cannot_be_read_is_not_taken_for_a_damaged_file(target, monkeypatch, number):
    storage.write_arrays(target, {"a": np.arange(3)})
    monkeypatch.setattr(zipfile, "ZipFile", refuse(number))
    with pytest.raises(OSError, match=re.escape(os.strerror(number))):
        storage.read_arrays(target)


def test_a_file_that_is_not_there_is_not_called_damaged(target):
    with pytest.raises(FileNotFoundError):
        storage.read_arrays(target)
