import errno
import gzip
import hashlib
import os
import socket
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sparsevae.data import fashion_mnist, fetching, mnist
from sparsevae.data.fetching import PATIENCE, limited
from sparsevae.data.idx import FILE_NAMES, IdxDataset, read_raw
from sparsevae.jobs.errors import DamagedFile, DataUnavailable
from test_idx_datasets import assert_is_mnist, same


@pytest.fixture
def fashion(server, stand_in):
    """The stand-in for Fashion-MNIST, its files on the server; called with manners of mirrors."""
    server.files.update({f"{n}.gz": gzip.compress(raw) for n, raw in stand_in.raw.items()})
    server.wrong_file = gzip.compress(wrong_content(stand_in))

    def at(*manners: str) -> IdxDataset:
        return replace(stand_in.dataset, mirrors=tuple(map(server.url, manners)))

    return at


def wrong_content(stand_in) -> bytes:
    """A sound idx file that is none of the dataset's."""
    content = bytearray(stand_in.raw[FILE_NAMES[0]])
    content[-1] ^= 1
    return bytes(content)


def nothing(line: str) -> None:
    """A report that nobody reads."""


def fetch(dataset: IdxDataset, folder: Path, **settings: float):
    """The splits of the files that a patient dataset fetches into a folder."""
    patience = replace(PATIENCE, **{"rounds": 1, "pause": 0.0, **settings})
    dataset = replace(dataset, patience=patience)
    return dataset.read(dataset.fetch(folder, nothing))


def failure(dataset: IdxDataset, folder: Path, **settings: float) -> Exception:
    """What fetch raises; nothing may be left in the folder, and the message is one line."""
    with pytest.raises((DataUnavailable, DamagedFile)) as caught:
        fetch(dataset, folder, **settings)
    assert list(folder.iterdir()) == []
    assert "\n" not in str(caught.value)
    return caught.value


FETCHED = {f"{name}.gz" for name in FILE_NAMES}


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_files_are_fetched_and_stay(tmp_path, fashion, stand_in):
    assert same(fetch(fashion("good"), tmp_path), stand_in)
    assert names(tmp_path) == FETCHED


def test_a_mirror_may_have_packed_the_files_anew(tmp_path, fashion, stand_in, server):
    for name, raw in stand_in.raw.items():
        server.files[f"{name}.gz"] = gzip.compress(raw, compresslevel=1, mtime=1)
    assert same(fetch(fashion("good"), tmp_path), stand_in)


def test_an_address_may_come_without_its_last_slash(tmp_path, fashion, stand_in, server):
    dataset = replace(fashion("good"), mirrors=(server.url("good").rstrip("/"),))
    assert same(fetch(dataset, tmp_path), stand_in)


@pytest.mark.parametrize("bad", ["missing", "half", "page", "wrong"])
def test_the_next_mirror_is_tried(tmp_path, fashion, stand_in, server, bad):
    splits = fetch(fashion(bad, "good"), tmp_path)
    assert same(splits, stand_in)
    assert all(server.requests[bad, f"{name}.gz"] for name in FILE_NAMES)
    assert names(tmp_path) == FETCHED


def test_a_failure_that_passes_is_tried_again(tmp_path, fashion, stand_in):
    failure(fashion("flaky"), tmp_path)
    assert same(fetch(fashion("flaky"), tmp_path, rounds=2), stand_in)


def test_tries_are_bounded_and_every_address_is_named(tmp_path, fashion, server):
    dataset = fashion("missing", "half")
    message = str(failure(dataset, tmp_path, rounds=3))
    first = f"{FILE_NAMES[0]}.gz"
    assert message.startswith("fashion_mnist: ")
    assert f"{server.url('missing')}{first} (HTTP Error 404: Not Found)" in message
    assert f"{server.url('half')}{first} (" in message
    assert "set datasets_dir in the config to a folder with the four files" in message
    assert server.requests["missing", first] == 3
    assert server.requests["half", first] == 3


def test_no_file_is_unavailable_data(tmp_path, fashion):
    assert isinstance(failure(fashion("missing"), tmp_path), DataUnavailable)


def test_a_file_that_breaks_off_is_named_with_its_sizes(tmp_path, fashion, server):
    size = len(server.files[f"{FILE_NAMES[0]}.gz"])
    error = failure(fashion("half"), tmp_path)
    assert f"(ended after {size // 2:,} of {size:,} bytes)" in str(error)


def test_what_is_another_file_is_a_damaged_one(tmp_path, fashion):
    assert isinstance(failure(fashion("page"), tmp_path), DamagedFile)


def test_a_server_that_sends_for_ever_fills_no_disk(tmp_path, fashion):
    dataset = replace(fashion("endless"), largest=3_000_000)
    assert "more than 3,000,000 bytes" in str(failure(dataset, tmp_path))


def test_a_library_that_knows_no_bound_is_stopped_at_the_largest_size(tmp_path):
    def write_for_ever() -> None:
        with limited(largest_file=1000, seconds=10.0), (tmp_path / "endless").open("wb") as file:
            while True:
                file.write(bytes(400))
                file.flush()

    with pytest.raises(OSError, match="File too large"):
        write_for_ever()


def test_a_system_that_refuses_the_bound_of_size_still_fetches(
    tmp_path, fashion, stand_in, monkeypatch
):
    def refuse(*arguments: object) -> None:
        raise ValueError("not allowed to raise maximum limit")

    monkeypatch.setattr(fetching.resource, "setrlimit", refuse)
    assert same(fetch(fashion("good"), tmp_path), stand_in)


def test_a_disk_that_is_full_is_no_fault_of_the_mirror(tmp_path, fashion, monkeypatch):
    def full(*arguments: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(fetching, "_save", full)
    with pytest.raises(OSError, match="No space left") as caught:
        fetch(fashion("good", "flaky"), tmp_path)
    assert caught.value.filename == str(tmp_path / f"{FILE_NAMES[0]}.gz")


def test_a_server_that_sends_a_byte_now_and_then_is_given_up(tmp_path, fashion):
    assert "not done after 0.5 s" in str(failure(fashion("slow"), tmp_path, seconds=0.5))


def test_the_next_mirror_has_all_the_time_again(tmp_path, fashion, stand_in):
    assert same(fetch(fashion("slow", "good"), tmp_path, seconds=0.5), stand_in)


def test_a_download_that_was_killed_is_cleared_away(tmp_path, fashion):
    (tmp_path / f".{FILE_NAMES[0]}.gz.12ab.part").write_bytes(b"half")
    fetch(fashion("good"), tmp_path)
    assert names(tmp_path) == FETCHED


def test_a_server_that_is_not_there(tmp_path, stand_in):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    dataset = replace(stand_in.dataset, mirrors=(f"http://127.0.0.1:{port}/",))
    assert "refused" in str(failure(dataset, tmp_path))


def test_a_server_that_is_silent(tmp_path, fashion):
    assert "timed out" in str(failure(fashion("silent"), tmp_path, timeout=0.2))


def test_an_address_that_is_none(tmp_path, stand_in):
    dataset = replace(stand_in.dataset, mirrors=("nowhere",))
    assert "nowhere/train-images" in str(failure(dataset, tmp_path))
    assert "the list is empty" in str(failure(replace(dataset, mirrors=()), tmp_path))


def test_a_wrong_file_is_named_with_both_checksums(tmp_path, fashion, stand_in):
    error = failure(fashion("wrong"), tmp_path)
    assert isinstance(error, DamagedFile)
    assert stand_in.dataset.md5s[0] in str(error)
    assert hashlib.md5(wrong_content(stand_in)).hexdigest() in str(error)
    assert str(tmp_path) not in str(error)  # the file is gone, its path would mislead


def test_torchvision_knows_the_same_files_and_first_mirror():
    import torchvision.datasets

    published = {"MNIST": mnist.DATASET, "FashionMNIST": fashion_mnist.DATASET}
    for name, dataset in published.items():
        known = getattr(torchvision.datasets, name)
        assert known.mirrors[0] == dataset.mirrors[0]
        assert [file for file, _ in known.resources] == [f"{n}.gz" for n in FILE_NAMES]


@pytest.mark.mnist
def test_the_real_mnist_from_a_server(tmp_path, server, real_mnist):
    for name in FILE_NAMES:
        found = next(p for p in (real_mnist / name, real_mnist / f"{name}.gz") if p.is_file())
        server.files[f"{name}.gz"] = gzip.compress(read_raw(found), compresslevel=1)
    train, test = fetch(replace(mnist.DATASET, mirrors=(server.url("good"),)), tmp_path)
    assert_is_mnist(train, test)
    assert np.array_equal(np.unique(train.labels), np.arange(10))
