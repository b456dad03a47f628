"""The scripts of the data rules, with a stand-in for the `snakemake` object."""

import gzip
import runpy
import subprocess
import sys
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from small_uci_har import make_stand_in
from snakemake.iocontainers import OutputFiles
from sparsevae.data import catalogue, idx_datasets, uci_har, uci_har_files
from sparsevae.data.catalogue import CATALOGUE
from sparsevae.data.split import load_split
from test_idx_datasets import same

SCRIPTS = Path(catalogue.__file__).parents[2]


def run(script: str, folder: Path, dataset: str, raw=(), mirrors=None) -> tuple:
    """Runs a script as its rule does; the splits that it wrote to `folder`."""
    snakemake = SimpleNamespace(
        wildcards=SimpleNamespace(dataset=dataset),
        input=SimpleNamespace(raw=raw),
        params=SimpleNamespace(mirrors=mirrors),
        output=OutputFiles(fromdict={s: str(folder / f"{s}.npz") for s in ("train", "test")}),
        log=[str(folder / "log.txt")],
    )
    runpy.run_path(str(SCRIPTS / f"{script}.py"), {"snakemake": snakemake})
    return load_split(snakemake.output.train), load_split(snakemake.output.test)


@pytest.mark.parametrize("dataset", [n for n, i in CATALOGUE.items() if i.source == "generated"])
def test_a_generated_dataset_is_what_the_catalogue_says(tmp_path, dataset):
    info = CATALOGUE[dataset]
    train, test = run(f"generate_{dataset}", tmp_path, dataset)
    assert train.inputs.shape == (info.train_size, *info.shape)
    assert test.inputs.shape == (info.test_size, *info.shape)
    assert np.unique(train.labels).tolist() == list(range(len(info.class_names)))


def test_two_runs_write_the_same_bytes(tmp_path):
    written = []
    for name in ("one", "other"):
        run("generate_digits", tmp_path / name, "digits")
        written.append(
            [(tmp_path / name / f"{part}.npz").read_bytes() for part in ("train", "test")]
        )
    assert written[0] == written[1]


def test_files_of_the_users_folder_are_used(tmp_path, stand_in, monkeypatch):
    monkeypatch.setitem(idx_datasets.IDX_DATASETS, "fashion_mnist", stand_in.dataset)
    folder = stand_in.write(tmp_path / "downloads")
    files = idx_datasets.find_files(stand_in.dataset, folder)
    assert same(run("read_idx_dataset", tmp_path, "fashion_mnist", raw=files), stand_in)


def test_the_users_mirrors_take_the_place_of_the_published_ones(
    tmp_path, stand_in, server, monkeypatch
):
    monkeypatch.setitem(idx_datasets.IDX_DATASETS, "fashion_mnist", stand_in.dataset)
    server.files.update({f"{n}.gz": gzip.compress(raw) for n, raw in stand_in.raw.items()})
    splits = run("fetch_idx_dataset", tmp_path, "fashion_mnist", mirrors=[server.url("good")])
    assert same(splits, stand_in)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"log.lock", "log.txt", "test.npz", "train.npz"}


def test_a_user_error_is_one_line_and_writes_nothing(tmp_path, stand_in, capsys):
    folder = stand_in.write(tmp_path / "downloads")
    files = idx_datasets.find_files(stand_in.dataset, folder)
    written = tmp_path / "written"
    with pytest.raises(SystemExit):
        run("read_idx_dataset", written, "mnist", raw=files)
    assert capsys.readouterr().err.count("\n") == 1
    assert {path.name for path in written.iterdir()} == {"log.lock", "log.txt"}


def test_torch_is_imported_only_to_fetch():
    code = (
        "import sys;"
        "from sparsevae.data import digits, smiley, idx_loading, download, uci_har, celeba;"
        "print('torch' in sys.modules)"
    )
    command = [sys.executable, "-c", code]
    found = subprocess.run(command, cwd=SCRIPTS, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_uci_har_comes_from_the_users_folder_or_addresses(tmp_path, server, monkeypatch):
    har = make_stand_in()
    monkeypatch.setattr(uci_har, "UCI_HAR", har.dataset)
    server.files["a.zip"] = har.outer
    fetched = run(
        "fetch_uci_har", tmp_path / "1", "uci_har", mirrors=[server.url("good") + "a.zip"]
    )
    monkeypatch.setattr(uci_har, "load", partial(uci_har.load, dataset=har.dataset))
    files = uci_har_files.find_files(har.unpack(tmp_path / "mine"))
    read = run("read_uci_har", tmp_path / "2", "uci_har", raw=[str(file) for file in files])
    for one, other, labels in zip(fetched, read, har.labels, strict=True):
        assert np.array_equal(one.inputs, other.inputs)
        assert one.inputs.dtype == np.float32
        assert np.array_equal(one.labels + 1, labels)
    for name in ("train.npz", "test.npz"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()
