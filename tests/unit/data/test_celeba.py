"""CelebA from a few made-up faces in the published layout."""

import hashlib
import shutil
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sparsevae.data import celeba
from sparsevae.data.celeba import DATASET, IMAGES, LISTS
from sparsevae.data.split import Split
from sparsevae.jobs.errors import DamagedFile, DataUnavailable
from test_data_scripts import prepare
from torchvision.datasets import CelebA

# Partition 0 is train, 1 validation, 2 test; in the real lists they come in this order too.
PARTITIONS = [0, 0, 0, 0, 1, 1, 2, 2, 0]
NAMES = [f"{number:06d}.jpg" for number in range(1, len(PARTITIONS) + 1)]


def grey(number: int) -> int:
    return 20 * number + 10


def write_faces(folder: Path) -> Path:
    """Grey faces, each of its own level, with a white frame that lies outside of the crop."""
    (folder / IMAGES).mkdir(parents=True)
    for number, name in enumerate(NAMES):
        pixels = np.full((218, 178, 3), 255, np.uint8)
        pixels[32:-32, 12:-12] = grey(number)
        Image.fromarray(pixels).save(folder / IMAGES / name, quality=95)
    rows = {
        "list_eval_partition.txt": [f"{n} {p}" for n, p in zip(NAMES, PARTITIONS, strict=True)],
        "identity_CelebA.txt": [f"{n} 1" for n in NAMES],
        "list_attr_celeba.txt": [str(len(NAMES)), "Bald Young", *(f"{n}  1 -1" for n in NAMES)],
        "list_bbox_celeba.txt": [str(len(NAMES)), "image_id x_1 y_1", *(f"{n} 1 2" for n in NAMES)],
        "list_landmarks_align_celeba.txt": [str(len(NAMES)), "x y", *(f"{n} 1 2" for n in NAMES)],
    }
    for name, lines in rows.items():
        (folder / name).write_text("\n".join(lines) + "\n")
    return folder


def load(folder: Path, n_train: int, n_test: int) -> tuple[Split, Split]:
    """The first faces of each set."""
    few = replace(DATASET, train_size=n_train, test_size=n_test)
    return few.read(few.find(folder))


@pytest.fixture
def faces(tmp_path, monkeypatch) -> Path:
    """A user's folder; torchvision's checksums are those of the lists in it."""
    folder = write_faces(tmp_path / "celeba")
    md5s = [("", hashlib.md5((folder / name).read_bytes()).hexdigest(), name) for name in LISTS]
    monkeypatch.setattr(CelebA, "file_list", md5s)
    return folder


def levels(split) -> list[int]:
    """The grey of each face; the frame must be gone, and JPEG may be off by a little."""
    flat = split.inputs.reshape(len(split), -1).astype(int)
    assert np.ptp(flat, axis=1).max() <= 4
    return flat.mean(1).round().astype(int).tolist()


def near(numbers: list[int]) -> object:
    return pytest.approx([grey(number) for number in numbers], abs=2)


def test_the_first_faces_of_the_partitions_are_taken(faces):
    train, test = load(faces, n_train=5, n_test=3)
    assert levels(train) == near([0, 1, 2, 3, 8])
    # All of test, and then the first of validation.
    assert levels(test) == near([6, 7, 4])
    assert train.inputs.shape == (5, *DATASET.shape) == (5, 3, 32, 32)
    assert train.inputs.dtype == train.labels.dtype == np.uint8
    assert not train.labels.any()
    assert not test.labels.any()
    assert levels(load(faces, n_train=2, n_test=1)[0]) == near([0, 1])


def test_the_middle_is_cropped_and_resized_with_colours_in_their_order(faces):
    """Against a mean over the pixels that each small pixel covers: 148 / 32 = 4.6 each way."""
    ramp = np.zeros((218, 178, 3), np.uint8)
    ramp[..., 0] = np.linspace(0, 255, 178)[None]
    ramp[..., 1] = np.linspace(0, 255, 218)[:, None]
    ramp[..., 2] = 100
    Image.fromarray(ramp).save(faces / IMAGES / NAMES[0], quality=100, subsampling=0)
    small = load(faces, 1, 1)[0].inputs[0].astype(float)
    middle = ramp[35:183, 15:163].astype(float)
    edges = np.linspace(0, 148, 33)
    covered = [slice(round(a), round(b)) for a, b in pairwise(edges)]
    rows = np.stack([middle[part].mean(0) for part in covered])
    expected = np.stack([rows[:, part].mean(1) for part in covered], axis=1).transpose(2, 0, 1)
    np.testing.assert_allclose(small, expected, atol=4)


def test_the_users_folder_is_read_and_found_again_when_the_config_has_forgotten_it(
    faces, tmp_path, monkeypatch
):
    monkeypatch.setattr(celeba, "DATASET", replace(DATASET, train_size=5, test_size=3))
    for raw in (DATASET.find(faces), []):
        train, test = prepare(tmp_path / "written", "celeba", raw=raw)
        assert (levels(train), levels(test)) == (near([0, 1, 2, 3, 8]), near([6, 7, 4]))
    kept = tmp_path / "written/raw"
    assert (kept / IMAGES).resolve() == faces / IMAGES  # 200,000 faces are not copied


def test_what_torchvision_fetches_stays_without_its_archive(faces, tmp_path, monkeypatch):
    def download(self, folder, target_type, download) -> None:
        shutil.copytree(faces, Path(folder) / "celeba")
        (Path(folder) / "celeba/img_align_celeba.zip").write_bytes(b"as large as all faces")

    kept = tmp_path / "kept"
    with monkeypatch.context() as patch:
        patch.setattr(CelebA, "__init__", download)
        files = DATASET.fetch(kept, print)
    assert {path.name for path in kept.iterdir()} == {*LISTS, IMAGES}
    assert files == DATASET.find(kept)
    assert levels(load(kept, 5, 3)[1]) == near([6, 7, 4])


@pytest.mark.parametrize("place", [".", "celeba"])
def test_the_lists_are_found_where_users_have_them(faces, place):
    root = faces.parent if place == "celeba" else faces
    assert DATASET.find(root) == [faces / name for name in LISTS]


def test_a_missing_part_is_named(faces):
    (faces / LISTS[2]).unlink()
    with pytest.raises(DataUnavailable, match=f"^celeba: no {LISTS[2]} in {faces}; "):
        DATASET.find(faces)
    shutil.rmtree(faces / IMAGES)
    with pytest.raises(DataUnavailable, match=f"no folder {IMAGES} in .*celeba/celeba, ") as caught:
        DATASET.find(str(faces))
    assert "\n" not in str(caught.value)


def failure(folder: Path, n_train: int = 5, n_test: int = 3) -> str:
    with pytest.raises(DamagedFile) as caught:
        load(folder, n_train, n_test)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_list_with_another_checksum_is_named(faces):
    path = faces / LISTS[0]
    path.write_text(path.read_text().replace("000009.jpg 0", "000009.jpg 2"))
    found = hashlib.md5(path.read_bytes()).hexdigest()
    assert failure(faces).startswith(f"{path}: md5 {found}, expected ")


@pytest.mark.parametrize(
    ("content", "reason"),
    [(None, "No such file"), (b"no picture", "cannot identify"), ("cut", "truncated"),
     ("small", "16x16 pixels instead of 178x218")],
)  # fmt: skip
def test_a_face_that_is_none_is_named(faces, content, reason):
    path = faces / IMAGES / NAMES[1]
    if content is None:
        path.unlink()
    elif content == "cut":
        path.write_bytes(path.read_bytes()[:-200])
    elif content == "small":
        Image.new("RGB", (16, 16)).save(path)
    else:
        path.write_bytes(content)
    message = failure(faces)
    assert f"{NAMES[1]} is not a face of CelebA" in message
    assert reason in message


def test_too_few_faces_are_named(faces):
    assert "5 faces, expected 6 or more" in failure(faces, n_train=6)


def test_without_gdown_the_advice_is_to_have_the_files(tmp_path):
    """Not fetched for real: 1.4 GB, and gdown is not among the packages."""
    with pytest.raises(DataUnavailable, match="celeba: torchvision could not download it") as error:
        DATASET.fetch(tmp_path, print)
    assert "gdown" in str(error.value)
    assert "set datasets_dir to a folder" in str(error.value)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_torchvision_checks_every_list():
    assert set(LISTS) < {name for _, _, name in CelebA.file_list}
