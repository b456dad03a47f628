import hashlib
from pathlib import Path

import numpy as np
import pytest
from sparsevae.data import mnist
from sparsevae.data.idx import FILE_NAMES, IdxDataset
from sparsevae.jobs.errors import DamagedFile, DataUnavailable


def from_folder(dataset: IdxDataset, folder: str | Path):
    return dataset.read(dataset.find(folder))


def same(splits, stand_in) -> bool:
    train, test = splits
    found = (train.inputs[:, 0], train.labels, test.inputs[:, 0], test.labels)
    return all(map(np.array_equal, found, stand_in.arrays))


@pytest.mark.parametrize("zipped", [True, False], ids=["gzip", "raw"])
@pytest.mark.parametrize("place", [".", "fashion_mnist", "FashionMNIST/raw"])
def test_files_are_found_where_users_have_them(tmp_path, stand_in, place, zipped):
    stand_in.write(tmp_path / place, zipped=zipped)
    train, test = from_folder(stand_in.dataset, tmp_path)
    assert train.inputs.shape == (30, 1, 28, 28)
    assert same((train, test), stand_in)


def test_the_datasets_own_folder_goes_before_files_of_the_same_name(tmp_path, stand_in):
    for name in FILE_NAMES:
        (tmp_path / name).write_bytes(b"of another dataset")
    stand_in.write(tmp_path / "FashionMNIST/raw")
    assert same(from_folder(stand_in.dataset, str(tmp_path)), stand_in)


def test_a_missing_file_is_named_with_the_folders_looked_in(tmp_path, stand_in):
    stand_in.write(tmp_path / "FashionMNIST/raw")
    (tmp_path / "FashionMNIST/raw" / "t10k-labels-idx1-ubyte.gz").unlink()
    with pytest.raises(DataUnavailable) as caught:
        from_folder(stand_in.dataset, tmp_path)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith("fashion_mnist: no t10k-labels-idx1-ubyte or ")
    for place in ("fashion_mnist", "FashionMNIST/raw", "."):
        assert str(tmp_path / place) in message


def test_a_wrong_checksum_is_named_with_the_right_one(tmp_path, stand_in):
    stand_in.write(tmp_path, zipped=False)
    wrong = tmp_path / "t10k-labels-idx1-ubyte"
    content = bytearray(wrong.read_bytes())
    content[-1] ^= 1
    wrong.write_bytes(content)
    with pytest.raises(DamagedFile) as caught:
        from_folder(stand_in.dataset, tmp_path)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(f"{wrong}: not fashion_mnist's")
    assert f"expected {stand_in.dataset.md5s[3]}" in message
    assert message.count(stand_in.dataset.md5s[3]) == 1


def test_the_checksums_come_in_the_order_of_the_files(tmp_path, stand_in):
    stand_in.write(tmp_path, zipped=False)
    files = [tmp_path / name for name in FILE_NAMES]
    assert same(stand_in.dataset.read(files), stand_in)
    with pytest.raises(DamagedFile, match="t10k-images"):
        stand_in.dataset.read([files[2], *files[1:]])


@pytest.mark.mnist
def test_the_real_mnist(real_mnist: Path):
    train, test = from_folder(mnist.DATASET, real_mnist)
    assert_is_mnist(train, test)


def assert_is_mnist(train, test) -> None:
    """Known facts of MNIST: its first labels, how many of each digit, the mean grey 0.1307."""
    assert train.inputs.shape == (60_000, 1, 28, 28)
    assert test.inputs.shape == (10_000, 1, 28, 28)
    assert train.labels[:5].tolist() == [5, 0, 4, 1, 9]
    assert test.labels[:5].tolist() == [7, 2, 1, 0, 4]
    assert np.bincount(test.labels).tolist() == [
        980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009,
    ]  # fmt: skip
    assert train.inputs.mean() / 255 == pytest.approx(0.1307, abs=5e-5)


@pytest.mark.parametrize("zipped", [True, False], ids=["gzip", "raw"])
def test_a_truncated_file_is_named_with_both_checksums(tmp_path, stand_in, zipped):
    stand_in.write(tmp_path, zipped=zipped)
    name = "train-images-idx3-ubyte" + (".gz" if zipped else "")
    cut = (tmp_path / name).read_bytes()[:-20]
    (tmp_path / name).write_bytes(cut)
    with pytest.raises(DamagedFile) as caught:
        from_folder(stand_in.dataset, tmp_path)
    message = str(caught.value)
    assert "\n" not in message
    assert message.startswith(str(tmp_path / name))
    assert hashlib.md5(cut).hexdigest() in message
    assert stand_in.dataset.md5s[0] in message
