"""Data of the user's, by an entry of the config: every format, and what is refused in one line."""

from pathlib import Path

import numpy as np
import own_files
import pandas as pd
import pytest
from sparsevae.data.own import splits
from sparsevae.data.own.dataset import from_plain, own_dataset
from sparsevae.data.own.declared import Declared
from sparsevae.data.own.found import BadData
from sparsevae.jobs.errors import UserError

PIXELS, LABELS = own_files.images()
CELLS = Path(__file__).parents[2] / "support/cells.h5ad"  # written by anndata 0.12.19


def entry(path: Path, **settings: object) -> Declared:
    return Declared(name="mine", path=str(path), **settings)  # type: ignore[arg-type]


@pytest.fixture
def written(tmp_path) -> dict[str, Declared]:
    """The same images and labels in each format that holds them."""
    np.savez(tmp_path / "a.npz", inputs=PIXELS, labels=LABELS)
    np.savez(tmp_path / "named.npz", x=PIXELS[:, None] / 255, y=LABELS.astype(float), z=LABELS)
    flat = pd.DataFrame(PIXELS.reshape(len(PIXELS), -1)).assign(kind=LABELS, n=range(len(PIXELS)))
    flat.to_csv(tmp_path / "a.csv", index=False)
    flat.rename(columns=str).to_parquet(tmp_path / "a.parquet")
    images = own_files.write_idx(tmp_path / "train-images-idx3-ubyte.gz", PIXELS)
    labels = own_files.write_idx(tmp_path / "train-labels-idx1-ubyte", LABELS)
    from scipy.io import savemat

    savemat(tmp_path / "a.mat", {"X": PIXELS, "y": LABELS[:, None]})
    table = {"labels": "kind", "ignore": ("n",), "shape": (1, own_files.SIDE, own_files.SIDE)}
    return {
        "npz": entry(tmp_path / "a.npz"),
        "named npz": entry(tmp_path / "named.npz", inputs="x", labels="y"),
        "csv": entry(tmp_path / "a.csv", **table),
        "parquet": entry(tmp_path / "a.parquet", **table),
        "idx": entry(images, labels=str(labels)),
        "mat": entry(tmp_path / "a.mat", inputs="X", labels="y"),
        "folder": entry(own_files.write_folder(tmp_path / "images", PIXELS, LABELS)),
    }


FORMATS = ("npz", "named npz", "csv", "parquet", "idx", "mat")


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_data_are_the_same_in_every_format(written, kind):
    made, expected = splits.make(written[kind]), splits.make(written["npz"])
    assert made.record["digest"] == expected.record["digest"]
    assert made.train.inputs.shape == (72, 1, own_files.SIDE, own_files.SIDE)
    assert made.train.inputs.dtype == np.uint8


def test_a_folder_of_images_has_its_classes_and_pixels(written):
    made = splits.make(written["folder"])
    assert made.record["classes"] == sorted(own_files.CLASSES)
    found = {image.tobytes() for image in made.train.inputs} | {
        image.tobytes() for image in made.test.inputs
    }
    assert found == {image.tobytes() for image in PIXELS}
    by_image = {
        image.tobytes(): own_files.CLASSES[n] for image, n in zip(PIXELS, LABELS, strict=True)
    }
    for image, label in zip(made.test.inputs, made.test.labels, strict=True):
        assert made.record["classes"][label] == by_image[image.tobytes()]


def test_images_are_resized_and_cropped(tmp_path):
    from PIL import Image

    for number in range(8):
        colour = np.full((20, 30, 3), number * 20, np.uint8)
        colour[:, :5] = 255  # cut off: the middle 20 of 30 columns stay
        Image.fromarray(colour).save(tmp_path / f"{number}.png")
    made = splits.make(entry(tmp_path, size=10))
    assert made.record["shape"] == [3, 10, 10]
    # The columns beside what is cut off are blended with it.
    assert set(np.unique(made.train.inputs[..., 1:-1])) <= set(range(0, 141, 20))


def test_each_class_has_its_share_of_the_test_set(written):
    made = splits.make(written["npz"])
    assert np.bincount(made.test.labels).tolist() == [6, 6, 6]
    again = splits.make(written["npz"])
    assert np.array_equal(again.test.inputs, made.test.inputs)
    other = splits.make(entry(Path(written["npz"].path), split_seed=1))
    assert not np.array_equal(other.test.inputs, made.test.inputs)


def test_a_test_set_of_its_own_is_taken_whole(written, tmp_path):
    np.savez(tmp_path / "test.npz", inputs=PIXELS[:7], labels=LABELS[:7])
    made = splits.make(entry(Path(written["npz"].path), test_path=str(tmp_path / "test.npz")))
    assert np.array_equal(made.train.inputs[:, 0], PIXELS)
    assert np.array_equal(made.test.labels, LABELS[:7])


def test_the_scaling_is_fitted_on_the_training_set_only(tmp_path):
    values, _ = own_files.features()
    path = own_files.write_table(tmp_path / "a.csv")
    table = {"labels": "kind", "ignore": ("id",)}
    plain = splits.make(entry(path, **table))
    made = splits.make(entry(path, scale="standard", **table))
    train = plain.train.inputs.astype(np.float64)
    scaling = made.record["scaling"]
    assert scaling["offset"] == pytest.approx(train.mean(0).tolist())
    assert scaling["factor"] == pytest.approx(train.std(0).tolist())
    assert made.test.inputs == pytest.approx((plain.test.inputs - train.mean(0)) / train.std(0))
    assert len(values) == len(made.train) + len(made.test)
    unit = splits.make(entry(path, scale="unit_interval", **table))
    assert (unit.train.inputs.min(), unit.train.inputs.max()) == (0, 1)
    outside = (plain.test.inputs < train.min(0)) | (plain.test.inputs > train.max(0))
    assert unit.record["clipped_test_values"] == outside.sum()


@pytest.mark.parametrize(
    ("settings", "first"),
    [({}, "X"), ({"inputs": "log"}, "log"), ({"inputs": "csc"}, "X")],
)
def test_cells_of_anndata(settings, first):
    made = splits.make(entry(CELLS, labels="kind", **settings))
    assert made.record["classes"] == ["cat", "dog", "owl"]
    values = np.concatenate([made.train.inputs, made.test.inputs])
    generator = np.random.default_rng(0)
    rates = 2 + 2 * (np.arange(90) % 3)[:, None] * np.array([1, 0, 0.5, 0, 1, 0])
    counts = generator.poisson(rates, (90, 6))
    expected = counts if first == "X" else np.log1p(counts)
    assert np.sort(values, axis=0) == pytest.approx(np.sort(expected, axis=0))
    assert made.record["whole_numbers"] == (first == "X")


def test_what_was_found_is_kept_until_a_file_changes(written, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    first = own_dataset(written["npz"])
    assert capsys.readouterr().err == (
        "mine: 72 samples to train on and 18 to test on, images of 1 x 8 x 8, values from 0 to "
        f"{PIXELS.max() / 255:g}, 3 classes\n"
    )
    assert (first.shape, first.class_names) == ((1, 8, 8), ("0", "1", "2"))
    assert own_dataset(written["npz"]).record == first.record
    assert not capsys.readouterr().err
    np.savez(tmp_path / "a.npz", inputs=PIXELS[:60], labels=LABELS[:60])
    assert own_dataset(written["npz"]).train_size == 48
    with pytest.raises(BadData, match="changed since the study was planned"):
        from_plain(written["npz"].plain(), first.record).prepare([], tmp_path, None, print)


def test_the_prepared_sets_are_those_of_the_plan(written, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    planned = own_dataset(written["csv"])
    train, test = from_plain(written["csv"].plain(), planned.record).prepare(
        [], tmp_path, None, print
    )
    assert (len(train), len(test)) == (planned.train_size, planned.test_size)


def broken(folder: Path) -> dict[str, tuple[Declared, str]]:
    """Data that cannot be trained on, and a part of the line that says so."""
    values = PIXELS.reshape(len(PIXELS), -1)[:, :6].astype(float) + np.arange(6)
    holes = values.copy()
    holes[3, 2] = np.nan
    holes[5, 0] = np.inf
    constant = values.copy()
    constant[:, 4] = 7
    for name, array in {"holes": holes, "constant": constant, "few": values[:2]}.items():
        np.savez(folder / f"{name}.npz", inputs=array)
    np.savez(folder / "one.npz", inputs=values, labels=np.zeros(len(values), int))
    np.savez(folder / "short.npz", inputs=values, labels=LABELS[:5])
    np.savez(folder / "two.npz", a=values, b=values)
    np.savez(folder / "pickled.npz", inputs=np.array([{}] * 4, dtype=object))
    np.save(folder / "pickled.npy", np.array([{}] * 4, dtype=object))
    np.savez(folder / "text.npz", inputs=np.array([["a", "b"]] * 9))
    np.savez(folder / "complex.npz", inputs=values + 1j)
    (folder / "zip.npz").write_bytes(b"PK\x03\x04")
    own_files.write_table(folder / "text.csv")
    (folder / "holes.csv").write_text("a,b\n1,2\n,3\n4,5\n", encoding="utf-8")
    mixed = own_files.write_folder(folder / "mixed", PIXELS[:4], None)
    own_files.write_folder(folder / "bad", PIXELS[:4], None)
    (folder / "bad" / "zz.png").write_bytes(b"no image")
    from PIL import Image

    Image.fromarray(PIXELS[0][:4]).save(mixed / "zz.png")
    (folder / "empty").mkdir()
    return {
        "missing": (entry(folder / "none.npz"), "not there"),
        "a suffix": (entry(folder / "bad/zz.png"), "cannot be read"),
        "holes": (
            entry(folder / "holes.npz"),
            "2 values are missing or infinite, the first in sample 4, feature 3",
        ),
        "constant": (entry(folder / "constant.npz"), "feature 5 of 6 is the same"),
        "an empty split": (entry(folder / "few.npz"), "2 samples with test_fraction: 0.2"),
        "one class": (entry(folder / "one.npz"), "all labels are 0"),
        "labels too few": (entry(folder / "short.npz"), "labels of shape (5,) for 90 samples"),
        "two arrays": (entry(folder / "two.npz"), "arrays a, b; name one"),
        "an unknown array": (entry(folder / "two.npz", inputs="c"), "no c in it; there are a, b"),
        "pickled .npz": (entry(folder / "pickled.npz"), "not a readable .npz"),
        "pickled .npy": (entry(folder / "pickled.npy"), "not a readable .npy"),
        "text": (entry(folder / "text.npz"), "not numbers"),
        "complex": (entry(folder / "complex.npz"), "not numbers"),
        "half a zip": (entry(folder / "zip.npz"), "not a readable .npz (File is not a zip file)"),
        "memory": (entry(folder / "holes.npz", max_mb=0), "above max_mb: 0"),
        "text in a column": (
            entry(folder / "text.csv", labels="kind"),
            "column id has 'sample 0' in row 1",
        ),
        "an unknown column": (entry(folder / "text.csv", labels="sort"), "no column sort"),
        "a hole in a table": (entry(folder / "holes.csv"), "sample 2, feature a"),
        "mixed sizes": (
            entry(folder / "mixed"),
            "zz.png: 8 x 4 pixels where 000.png has 8 x 8",
        ),
        "no image": (entry(folder / "bad"), "zz.png: not a readable image"),
        "no images": (entry(folder / "empty"), "no images"),
        "a shape": (entry(folder / "constant.npz", shape=(1, 2, 2)), "6 values a sample"),
        "size": (entry(folder / "constant.npz", size=4), "size is for folders of images"),
        "scaled images": (entry(folder / "images.npz", scale="standard"), "leave scale out"),
        "pixels": (entry(folder / "pixels.npz"), "pixels from"),
    }


CASES = sorted(
    {"missing", "a suffix", "holes", "constant", "an empty split", "one class", "labels too few"}
    | {"two arrays", "an unknown array", "pickled .npz", "pickled .npy", "text", "complex"}
    | {"half a zip", "memory", "text in a column", "an unknown column", "a hole in a table"}
    | {"mixed sizes", "no image", "no images", "a shape", "size", "scaled images", "pixels"}
)


@pytest.mark.parametrize("case", CASES)
def test_bad_data_get_one_line_and_leave_nothing_behind(case, tmp_path, monkeypatch):
    np.savez(tmp_path / "images.npz", inputs=PIXELS)
    np.savez(tmp_path / "pixels.npz", inputs=PIXELS * 3.7)
    declared, part = broken(tmp_path)[case]
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(UserError) as caught:
        own_dataset(declared)
    line = str(caught.value)
    assert part in line
    assert "\n" not in line
    assert not list(Path.cwd().iterdir())
