import gzip
import struct
import tracemalloc

import numpy as np
import pytest
from sparsevae.data import idx
from sparsevae.data.idx import read_idx, read_raw
from sparsevae.jobs.errors import DamagedFile

IMAGES = np.random.default_rng(3).integers(0, 256, (5, 4, 3), dtype=np.uint8)
HEADER = bytes([0, 0, 8, 3]) + struct.pack(">3I", 5, 4, 3)
RAW = HEADER + IMAGES.tobytes()


def header(*shape: int) -> bytes:
    return bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape)


@pytest.mark.parametrize("content", [RAW, gzip.compress(RAW)], ids=["raw", "gzip"])
def test_values_come_back_in_their_shape(idx_file, content):
    path = idx_file(content)
    values = read_idx(path)
    assert values.dtype == np.uint8
    assert np.array_equal(values, IMAGES)
    assert read_raw(path) == RAW


def test_labels_have_one_dimension(idx_file):
    assert read_idx(idx_file(header(4) + b"\7\2\1\0")).tolist() == [7, 2, 1, 0]


def test_a_file_of_many_blocks_is_whole(idx_file, monkeypatch):
    monkeypatch.setattr(idx, "_BLOCK", 7)
    assert np.array_equal(read_idx(idx_file(RAW)), IMAGES)
    assert np.array_equal(read_idx(idx_file(gzip.compress(RAW))), IMAGES)


DAMAGE = {
    "empty": (b"", "not an idx file"),
    "3 bytes": (b"\0\0\x08", "not an idx file"),
    "web page": (b"<html>", "not an idx file (it starts with 0x3c68746d)"),
    "no dimension": (bytes([0, 0, 8, 0]), "not an idx file"),
    "65 dimensions": (bytes([0, 0, 8, 65]) + b"\0\0\0\1" * 65 + b"x", "not an idx file"),
    "floats": (bytes([0, 0, 13, 1]) + struct.pack(">I", 1) + b"abcd", "type 0x0d"),
    "short header": (HEADER[:9], "ends within its header (9 of 16 bytes)"),
    "no images": (header(0, 28, 28), "no values"),
    "one byte less": (RAW[:-1], "says 5x4x3 values, 76 bytes, but it has "),
    "one byte more": (RAW + b"\0", "says 5x4x3 values, 76 bytes, but it has more"),
}


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["raw", "gzip"])
@pytest.mark.parametrize(("content", "reason"), DAMAGE.values(), ids=DAMAGE)
def test_damage_is_one_line_that_names_file_and_reason(idx_file, content, reason, pack):
    path = idx_file(pack(content))
    with pytest.raises(DamagedFile) as caught:
        read_idx(path)
    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert reason in message
    assert "\n" not in message


ZIPPED = gzip.compress(RAW)
BROKEN_GZIP = {
    "truncated": ZIPPED[:-30],
    "without checksum": ZIPPED[:-8],
    "with another checksum": ZIPPED[:-8] + b"\0" * 8,
    "followed by more": ZIPPED + b"rest",
    "two bytes": ZIPPED[:2],
}


@pytest.mark.parametrize("content", BROKEN_GZIP.values(), ids=BROKEN_GZIP)
def test_a_gzip_that_is_not_whole_is_damaged(idx_file, content):
    path = idx_file(content)
    with pytest.raises(DamagedFile, match=f"{path}: not a whole gzip file") as caught:
        read_idx(path)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("shape", [(2**32 - 1, 2**32 - 1), (1 << 31,)])
@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["raw", "gzip"])
def test_no_memory_is_taken_on_the_word_of_a_header(idx_file, shape, pack):
    path = idx_file(pack(header(*shape) + bytes(1000)))
    assert _peak_of_damaged_read(path) < 1_000_000


def test_a_gzip_is_unzipped_no_further_than_its_header_says(idx_file):
    path = idx_file(gzip.compress(header(100) + bytes(50_000_000)))
    assert _peak_of_damaged_read(path) < 3_000_000


def _peak_of_damaged_read(path) -> int:
    """Bytes allocated at most while the file is refused."""
    tracemalloc.start()
    try:
        with pytest.raises(DamagedFile, match="its header says"):
            read_idx(path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
