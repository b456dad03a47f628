"""Fetching through torchvision from a server on this machine, as a rule of the workflow.

Fashion-MNIST's real files are not at hand, so here its rule must refuse what stands in for them;
that right files are taken up is shown in tests/unit/data/test_download.py.
"""

import gzip
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from checkout import Checkout
from sparsevae.data.idx_datasets import FILE_NAMES, IDX_DATASETS
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


def fetch(checkout: Checkout, dataset: str, url: str):
    study = {
        "study": "fetch",
        "seeds": [1],
        "models": {"ae": {"family": "ae"}},
        "datasets": {dataset: {"latent_dims": [2]}},
        "mirrors": {dataset: [url]},
    }
    (checkout.root / "study.yaml").write_text(yaml.safe_dump(study))
    target = f"resources/datasets/{dataset}/train.npz"
    return checkout.snakemake(target, "--configfile", "study.yaml")


@pytest.mark.mnist
def test_mnist_comes_through_torchvision_from_a_mirror(new_checkout, served, mnist_folder):
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
    [line] = (
        (checkout.root / "results/fetch/logs/datasets/fashion_mnist.log").read_text().splitlines()
    )
    assert url in line
    assert IDX_DATASETS["fashion_mnist"].md5s[0] in line
    assert not list((checkout.root / "resources/datasets").rglob("*.npz"))
