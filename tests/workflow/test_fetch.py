"""Fetching from a server on this machine, as a rule of the workflow, and what is left without it.

Fashion-MNIST's real files are not at hand, so here its rule must refuse what stands in for them.
"""

import gzip
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from checkout import Checkout
from small_uci_har import MODULE, HarStandIn, known_to, make_stand_in
from sparsevae.data import fashion_mnist
from sparsevae.data.idx import FILE_NAMES
from sparsevae.data.split import load_split


@pytest.fixture
def served(tmp_path) -> Iterator[tuple[Path, str]]:
    """A folder and its address."""
    folder = tmp_path / "served"
    folder.mkdir()
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield folder, f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def fetch(checkout: Checkout, dataset: str, url: str, *arguments: str):
    study = {
        "study": "fetch",
        "seeds": [1],
        "models": {"ae": {"family": "ae"}},
        "datasets": {dataset: {"latent_dims": [2]}},
        "mirrors": {dataset: [url]},
    }
    (checkout.root / "study.yaml").write_text(yaml.safe_dump(study))
    target = f"resources/datasets/{dataset}/train.npz"
    return checkout.snakemake(target, "--configfile", "study.yaml", *arguments)


@pytest.mark.mnist
def test_mnist_comes_from_a_mirror(new_checkout, served, mnist_folder):
    folder, url = served
    for name in FILE_NAMES:
        (folder / f"{name}.gz").symlink_to(Path(mnist_folder) / f"{name}.gz")
    checkout = new_checkout()
    result = fetch(checkout, "mnist", url)
    assert result.returncode == 0, result.stdout + result.stderr
    train = load_split(checkout.root / "resources/datasets/mnist/train.npz")
    assert train.inputs.shape == (60_000, 1, 28, 28)
    # The mean of MNIST's training pixels, known as 0.1307.
    assert round(train.inputs.mean() / 255, 4) == 0.1307


def test_a_mirror_with_other_files_than_fashion_mnists_is_refused(new_checkout, served):
    folder, url = served
    for name in FILE_NAMES:
        header = b"\0\0\x08\x03" if "idx3" in name else b"\0\0\x08\x01"
        sizes = (2, 28, 28) if "idx3" in name else (2,)
        content = (
            header
            + b"".join(n.to_bytes(4) for n in sizes)
            + bytes(2 * 784 if "idx3" in name else 2)
        )
        (folder / f"{name}.gz").write_bytes(gzip.compress(content))
    checkout = new_checkout()
    assert fetch(checkout, "fashion_mnist", url).returncode != 0
    *_, line = (
        (checkout.root / "results/fetch/logs/datasets/fashion_mnist.log").read_text().splitlines()
    )
    assert url in line
    assert fashion_mnist.DATASET.md5s[0] in line
    assert not list((checkout.root / "resources/datasets").rglob("*.npz"))


HAR = "resources/datasets/uci_har"
NOBODY = "http://127.0.0.1:9/a.zip"  # answers there


@pytest.fixture
def har() -> HarStandIn:
    return make_stand_in()


@pytest.fixture
def knowing(new_checkout, har) -> Checkout:
    """A checkout that takes a small archive for the published one."""
    checkout = new_checkout()
    known_to(checkout, har)
    return checkout


def prepared(checkout: Checkout) -> dict[str, bytes]:
    files = {file.name: file.read_bytes() for file in (checkout.root / HAR).glob("*.npz")}
    assert set(files) == {"train.npz", "test.npz"}
    return files


def test_a_change_of_code_and_of_mirrors_needs_no_network(knowing, har, served):
    folder, url = served
    (folder / "a.zip").write_bytes(har.outer)
    assert fetch(knowing, "uci_har", f"{url}a.zip").returncode == 0
    before = prepared(knowing)
    knowing.edit(MODULE, '"""UCI HAR', '""" UCI HAR')
    result = fetch(knowing, "uci_har", NOBODY)
    assert result.returncode == 0, result.stderr
    assert "Preparing the dataset uci_har" in result.stdout + result.stderr
    assert prepared(knowing) == before


def test_a_folder_that_the_config_has_forgotten_needs_no_network(knowing, har, tmp_path):
    (tmp_path / "UCI HAR Dataset.zip").write_bytes(har.inner)
    given = fetch(knowing, "uci_har", NOBODY, "--config", f"datasets_dir={tmp_path}")
    assert given.returncode == 0, given.stderr
    before = prepared(knowing)
    (tmp_path / "UCI HAR Dataset.zip").unlink()
    result = fetch(knowing, "uci_har", NOBODY)
    assert result.returncode == 0, result.stderr
    assert prepared(knowing) == before


def test_a_refetch_that_fails_leaves_what_was_prepared(knowing, har, served):
    """After a version that kept no files: there is nothing to prepare it from but the network."""
    folder, url = served
    (folder / "a.zip").write_bytes(har.outer)
    assert fetch(knowing, "uci_har", f"{url}a.zip").returncode == 0
    before = prepared(knowing)
    shutil.rmtree(knowing.root / "resources/datasets/raw")
    knowing.edit(MODULE, '"""UCI HAR', '""" UCI HAR')
    result = fetch(knowing, "uci_har", NOBODY)
    assert result.returncode != 0
    assert "DataUnavailable: uci_har: no mirror gave the published file" in result.stderr
    assert prepared(knowing) == before
