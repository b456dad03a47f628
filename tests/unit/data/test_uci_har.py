"""UCI HAR from a small archive of the same form: from folders, and from a server here."""

import hashlib
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from small_uci_har import HarStandIn, make_stand_in, with_archives, zipped
from sparsevae.data.fetching import PATIENCE
from sparsevae.data.uci_har import ARCHIVE_NAMES, DATASET, FILE_NAMES, FOLDER, NESTED, UciHar
from sparsevae.jobs.errors import DamagedFile, DataUnavailable


@pytest.fixture(scope="module")
def har() -> HarStandIn:
    return make_stand_in()


def same(splits, har: HarStandIn) -> bool:
    for split, values, labels in zip(splits, har.values, har.labels, strict=True):
        assert (split.inputs.dtype, split.labels.dtype) == (np.float32, np.uint8)
        np.testing.assert_allclose(split.inputs, values / 2 + 0.5, rtol=0, atol=1e-7)
        np.testing.assert_array_equal(split.labels + 1, labels)
    return len(splits) == 2


def test_what_is_known_of_the_files_agrees_with_the_declaration():
    samples = (DATASET.train_size, DATASET.test_size)
    assert tuple(map(sum, DATASET.class_sizes)) == samples
    assert {len(sizes) for sizes in DATASET.class_sizes} == {len(DATASET.class_names)}
    # A label and a line feed for each sample; 16 characters for each feature and one for the line.
    assert DATASET.sizes[1::2] == tuple(2 * n for n in samples)
    assert DATASET.sizes[::2] == tuple((16 * DATASET.shape[0] + 2) * n for n in samples)


def test_the_range_from_minus_one_to_one_becomes_the_unit_interval(tmp_path, har):
    train, _ = har.dataset.read(har.dataset.find(har.unpack(tmp_path)))
    assert train.inputs[0, :3].tolist() == [0.0, 0.5, 1.0]


@pytest.mark.parametrize("place", [".", "uci_har", FOLDER, f"uci_har/{FOLDER}"])
def test_an_unpacked_folder_is_found_where_users_have_it(tmp_path, har, place):
    har.unpack(tmp_path / place)
    assert same(har.dataset.read(har.dataset.find(tmp_path)), har)


@pytest.mark.parametrize("kind", ["inner", "outer"])
@pytest.mark.parametrize("name", ARCHIVE_NAMES)
def test_an_archive_is_found_and_may_be_nested_in_another(tmp_path, har, name, kind):
    (tmp_path / name).write_bytes(getattr(har, kind))
    assert same(har.dataset.read(har.dataset.find(str(tmp_path))), har)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_nothing_found_is_one_line_with_the_folders_looked_in(tmp_path, har):
    har.unpack(tmp_path / FOLDER)
    (tmp_path / FOLDER / FILE_NAMES[3]).unlink()
    with pytest.raises(DataUnavailable) as caught:
        DATASET.find(tmp_path)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith("uci_har: ")
    assert f"{tmp_path / 'uci_har'}, {tmp_path};" in message
    assert "datasets_dir to null" in message


def failure(files: list[Path], dataset: UciHar) -> str:
    with pytest.raises(DamagedFile) as caught:
        dataset.read(files)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(tuple(f"{file}: " for file in files))
    return message


def test_another_archive_is_named_with_all_checksums(tmp_path, har):
    path = tmp_path / NESTED
    path.write_bytes(har.inner[:-1] + b"x")
    message = failure([path], har.dataset)
    assert hashlib.sha256(path.read_bytes()).hexdigest() in message
    assert all(checksum in message for checksum in har.dataset.sha256s)


def test_a_nested_archive_needs_its_own_checksum(tmp_path, har):
    other = zipped({NESTED: har.inner}, zipfile.ZIP_STORED)
    (tmp_path / NESTED).write_bytes(other)
    dataset = with_archives(har.dataset, other)
    assert hashlib.sha256(har.inner).hexdigest() in failure([tmp_path / NESTED], dataset)


def test_an_archive_larger_than_any_published_is_not_even_read(tmp_path, har):
    path = tmp_path / NESTED
    path.write_bytes(har.outer + b"x")
    assert "no published archive has that many" in failure([path], har.dataset)


TRAIN, TRAIN_LABELS, TEST, _ = (f"{FOLDER}/{name}" for name in FILE_NAMES)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        # A bomb: a member of 64 MB that packs into a thousandth of it.
        ({TRAIN: bytes(64 << 20)}, "train/X_train.txt has 67,108,864 bytes, the published 1,0"),
        ({TEST: b"1 2 3\n"}, "test/X_test.txt has 6 bytes, the published"),
        ({TEST: None}, f"it does not hold {TEST}"),
        ({NESTED: bytes(1 << 20)}, f"{NESTED} has 1,048,576 bytes"),
        ({NESTED: b"no zip"}, "not UCI HAR's archive"),
    ],
)
def test_members_have_the_published_names_and_sizes(tmp_path, har, change, reason):
    path = tmp_path / "archive.zip"
    dataset = har.archive(path, **change)
    assert reason in failure([path], dataset)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"PK\x03\x04 and no more", "not a whole zip archive"),
        (b"", "not a whole zip archive"),
    ],
)
def test_what_is_no_zip_is_named(tmp_path, har, content, reason):
    path = tmp_path / NESTED
    path.write_bytes(content)
    dataset = replace(with_archives(har.dataset, content), largest_archive=1000)
    assert reason in failure([path], dataset)


def test_a_member_whose_bytes_do_not_fit_its_checksum_is_named(tmp_path, har):
    broken = bytearray(har.inner)
    broken[60] ^= 0xFF  # within the first member's data
    path = tmp_path / NESTED
    path.write_bytes(broken)
    assert "not a whole zip archive" in failure([path], with_archives(har.dataset, bytes(broken)))


def test_members_that_would_leave_the_folder_are_not_written(tmp_path, har):
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / NESTED
    dataset = har.archive(path, **{"../escaped.txt": b"out", f"{FOLDER}/../../up.txt": b"out"})
    assert same(dataset.read([path]), har)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == [path]


def swap(content: bytes, old: bytes, new: bytes) -> bytes:
    assert content.count(old) >= 1
    assert len(old) == len(new)
    return content.replace(old, new, 1)


@pytest.mark.parametrize(
    ("index", "old", "new", "reason"),
    [
        (0, b" 1.0000000e+000", b" 1.0000001e+000", "values out of [-1, 1]"),
        (0, b" 1.0000000e+000", b"            nan", "values out of [-1, 1]"),
        (0, b" 1.0000000e+000", b"          seven", "not a table of numbers"),
        (0, b" 1.0000000e+000", b"               ", "not a table of numbers"),
        (1, b"1\n1\n", b"1\n2\n", "samples per class [1, 3, 2, 2, 2, 2], expected [2, 2,"),
        (1, b"1\n1\n", b"1\n7\n", "samples per class"),
    ],
)
def test_wrong_contents_of_the_right_size_are_named(tmp_path, har, index, old, new, reason):
    files = DATASET.find(har.unpack(tmp_path))
    files[index].write_bytes(swap(files[index].read_bytes(), old, new))
    assert reason in failure(files, har.dataset)


def test_a_file_of_another_size_is_named_before_it_is_read(tmp_path, har):
    files = DATASET.find(har.unpack(tmp_path))
    size = files[2].stat().st_size
    files[2].write_bytes(files[2].read_bytes() + b"\n")
    message = failure(files, har.dataset)
    assert message.startswith(f"{files[2]}: {size + 1:,} bytes, the published file has {size:,}")


def fetch(folder: Path, dataset: UciHar, **settings: float):
    patience = replace(PATIENCE, **{"rounds": 1, "pause": 0.0, **settings})
    dataset = replace(dataset, patience=patience)
    return dataset.read(dataset.fetch(folder, lambda line: None))


@pytest.mark.parametrize("kind", ["inner", "outer"])
def test_an_archive_is_fetched_and_stays(tmp_path, har, server, kind):
    server.files["a.zip"] = getattr(har, kind)
    dataset = replace(har.dataset, mirrors=(server.url("good") + "a.zip",))
    assert same(fetch(tmp_path, dataset), har)
    assert [file.name for file in tmp_path.iterdir()] == [NESTED]
    assert same(har.dataset.read(har.dataset.find(tmp_path)), har)


@pytest.mark.parametrize("bad", ["missing", "half", "page", "wrong", "silent"])
def test_the_next_mirror_is_tried(tmp_path, har, server, bad):
    server.files["a.zip"] = har.outer
    server.wrong_file = har.outer[:-1] + b"x"
    dataset = replace(
        har.dataset, mirrors=tuple(f"{server.url(name)}a.zip" for name in (bad, "good"))
    )
    assert same(fetch(tmp_path, dataset, timeout=0.5), har)
    assert server.requests[bad, "a.zip"] == 1


def unfetched(folder: Path, dataset: UciHar, **settings: float) -> Exception:
    with pytest.raises((DataUnavailable, DamagedFile)) as caught:
        fetch(folder, dataset, **settings)
    assert list(folder.iterdir()) == []
    assert "\n" not in str(caught.value)
    assert str(folder) not in str(caught.value)
    assert f"set datasets_dir in the config to a folder with {NESTED}" in str(caught.value)
    return caught.value


@pytest.mark.parametrize(
    ("manner", "kind", "reason"),
    [
        ("missing", DataUnavailable, "HTTP Error 404"),
        ("half", DataUnavailable, "ended after"),
        ("wrong", DamagedFile, "not UCI HAR's archive: sha256"),
    ],
)
def test_a_failure_names_the_address(tmp_path, har, server, manner, kind, reason):
    server.files["a.zip"] = har.outer
    server.wrong_file = har.outer[:-1] + b"x"
    url = server.url(manner) + "a.zip"
    error = unfetched(tmp_path, replace(har.dataset, mirrors=(url,)))
    assert isinstance(error, kind)
    assert f"{url} ({reason}" in str(error)


def test_a_download_stops_at_the_size_of_the_largest_archive(tmp_path, har, server):
    server.wrong_file = bytes(8 << 20)
    url = server.url("wrong") + "a.zip"
    message = str(unfetched(tmp_path, replace(har.dataset, mirrors=(url,))))
    assert f"more than {har.dataset.largest_archive:,} bytes" in message


def test_only_web_addresses_are_opened(tmp_path, har):
    (tmp_path / "a.zip").write_bytes(har.outer)
    url = (tmp_path / "a.zip").as_uri()
    folder = tmp_path / "beside"
    folder.mkdir()
    assert "no web address" in str(unfetched(folder, replace(har.dataset, mirrors=(url,))))
