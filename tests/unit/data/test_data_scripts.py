"""The script of the data rules, with a stand-in for the `snakemake` object."""

import gzip
import runpy
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from small_uci_har import make_stand_in
from snakemake.iocontainers import InputFiles, OutputFiles
from sparsevae.data import catalogue, fashion_mnist, mnist, uci_har
from sparsevae.data.catalogue import CATALOGUE
from sparsevae.data.generated import GeneratedDataset
from sparsevae.data.split import load_split
from test_idx_datasets import same

NOBODY = "http://127.0.0.1:9/"  # answers there
SCRIPTS = Path(catalogue.__file__).parents[2]


def prepare(folder: Path, dataset: str, raw=(), mirrors=None) -> tuple:
    """Runs the script as its rule does; the splits that it wrote to `folder`."""
    snakemake = SimpleNamespace(
        input=InputFiles(toclone=[str(file) for file in raw]),
        params=SimpleNamespace(
            own=[], module=CATALOGUE[dataset].module, mirrors=mirrors, kept=str(folder / "raw")
        ),
        output=OutputFiles(
            fromdict={s: str(folder / f"{s}.npz") for s in CATALOGUE[dataset].parts}
        ),
        log=[str(folder / "log.txt")],
    )
    runpy.run_path(str(SCRIPTS / "prepare_dataset.py"), {"snakemake": snakemake})
    return load_split(snakemake.output.train), load_split(snakemake.output.test)


GENERATED = [n for n, dataset in CATALOGUE.items() if isinstance(dataset, GeneratedDataset)]


@pytest.mark.parametrize("name", GENERATED)
def test_a_generated_dataset_is_what_it_declares(tmp_path, name):
    dataset = CATALOGUE[name]
    train, test = prepare(tmp_path, name)
    assert train.inputs.shape == (dataset.train_size, *dataset.shape)
    assert test.inputs.shape == (dataset.test_size, *dataset.shape)
    assert np.unique(train.labels).tolist() == list(range(len(dataset.class_names)))


def test_two_runs_write_the_same_bytes(tmp_path):
    written = []
    for name in ("one", "other"):
        prepare(tmp_path / name, "digits")
        written.append(
            [(tmp_path / name / f"{part}.npz").read_bytes() for part in ("train", "test")]
        )
    assert written[0] == written[1]


def test_files_of_the_users_folder_are_used_and_kept(tmp_path, stand_in, monkeypatch):
    monkeypatch.setattr(fashion_mnist, "DATASET", stand_in.dataset)
    files = stand_in.dataset.find(stand_in.write(tmp_path / "mine"))
    assert same(prepare(tmp_path, "fashion_mnist", raw=files), stand_in)
    for file in files:
        file.unlink()
    assert same(prepare(tmp_path, "fashion_mnist", mirrors=[NOBODY]), stand_in)


def test_the_users_mirrors_take_the_place_of_the_published_ones(
    tmp_path, stand_in, server, monkeypatch
):
    monkeypatch.setattr(fashion_mnist, "DATASET", stand_in.dataset)
    server.files.update({f"{n}.gz": gzip.compress(raw) for n, raw in stand_in.raw.items()})
    splits = prepare(tmp_path, "fashion_mnist", mirrors=[server.url("good")])
    assert same(splits, stand_in)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"log.lock", "log.txt", "raw", "test.npz", "train.npz"}


def test_a_user_error_is_one_line_and_writes_nothing(tmp_path, stand_in, capsys):
    files = mnist.DATASET.find(stand_in.write(tmp_path / "downloads"))
    written = tmp_path / "written"
    with pytest.raises(SystemExit):
        prepare(written, "mnist", raw=files)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.endswith(
        "; put the published file in its place, or set datasets_dir to null to fetch it\n"
    )
    assert {path.name for path in written.iterdir()} == {"log.lock", "log.txt"}


def test_uci_har_comes_from_the_users_folder_or_addresses(tmp_path, server, monkeypatch):
    har = make_stand_in()
    monkeypatch.setattr(uci_har, "DATASET", har.dataset)
    server.files["a.zip"] = har.outer
    fetched = prepare(tmp_path / "1", "uci_har", mirrors=[server.url("good") + "a.zip"])
    files = har.dataset.find(har.unpack(tmp_path / "mine"))
    read = prepare(tmp_path / "2", "uci_har", raw=files)
    for one, other, labels in zip(fetched, read, har.labels, strict=True):
        assert np.array_equal(one.inputs, other.inputs)
        assert one.inputs.dtype == np.float32
        assert np.array_equal(one.labels + 1, labels)
    for name in ("train.npz", "test.npz"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_parts_are_written_under_their_names(tmp_path, monkeypatch):
    train, test = CATALOGUE["digits"].make()

    fields = {f: getattr(CATALOGUE["digits"], f) for f in ("name", "module", "shape")}
    sizes = {"class_names": (), "train_size": 1, "test_size": 1}
    # The order is the dataset's own.
    swapped = GeneratedDataset(
        **fields, **sizes, make=lambda: (test, train), parts=("test", "train")
    )
    monkeypatch.setattr("sparsevae.data.digits.DATASET", swapped)
    written = prepare(tmp_path, "digits")
    assert np.array_equal(written[0].inputs, train.inputs)
    assert np.array_equal(written[1].inputs, test.inputs)
