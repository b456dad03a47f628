"""A dataset without images, from an archive to tables and figures: UCI HAR, small, for real."""

import csv
import re

import pytest
import yaml
from checkout import Checkout
from small_uci_har import HarStandIn, make_stand_in
from sparsevae.jobs.storage import read_arrays

MODULE = "workflow/scripts/sparsevae/data/uci_har_files.py"
STUDY = {
    "study": "har",
    "seeds": [1],
    "models": {"ae": {"family": "ae"}, "vsc": {"family": "vsc"}},
    "run": {
        "network": {"hidden": [8]},
        "likelihood": {"family": "gaussian", "inputs": "unit_norm"},
        "training": {"epochs": 2, "batch_size": 4, "validation_fraction": 0.25},
    },
    "datasets": {"uci_har": {"latent_dims": [3]}},
    "figures": ["training_history", "reconstructions", "class_activations", "prior_samples"],
}


@pytest.fixture(scope="module")
def har() -> HarStandIn:
    return make_stand_in()


@pytest.fixture(scope="module")
def checkout(new_checkout, har) -> Checkout:
    """A checkout that knows the small archive's checksum, sizes and classes for the published."""
    checkout = new_checkout()
    published = (checkout.root / MODULE).read_text()
    known = re.search(r"^UCI_HAR = UciHar\(.*?^\)", published, re.MULTILINE | re.DOTALL).group()
    checkout.edit(MODULE, known, f"UCI_HAR = {har.dataset!r}")
    (checkout.root / "study.yaml").write_text(yaml.safe_dump(STUDY))
    return checkout


def test_from_the_archive_of_a_folder_to_tables_and_figures(checkout, har):
    (checkout.root / "mine").mkdir()
    (checkout.root / "mine/UCI HAR Dataset.zip").write_bytes(har.inner)
    result = checkout.snakemake(
        "--configfile", "study.yaml", "--config", "datasets_dir=mine", "device=cpu"
    )
    assert result.returncode == 0, result.stdout + result.stderr
    results = checkout.root / "results/har"
    with (results / "tables/metrics.csv").open() as file:
        rows = {row["model"]: row for row in csv.DictReader(file)}
    assert set(rows) == {"ae", "vsc"}
    assert rows["vsc"]["elbo"]
    assert rows["vsc"]["probe_accuracy"]
    made = {path.stem for path in (results / "figures/uci_har").iterdir()}
    assert made == {"training_history", "class_activations"}
    assert [read_arrays(path) for path in results.rglob("pictures.npz")] == [{}, {}]


def test_a_folder_without_it_stops_in_one_line(checkout):
    target = "resources/datasets/uci_har/test.npz"
    (checkout.root / "empty").mkdir()
    result = checkout.parsed(
        target, "--forceall", "--configfile", "study.yaml", "--config", "datasets_dir=empty"
    )
    complaint = [line for line in result.stderr.splitlines() if "DataUnavailable" in line]
    assert result.returncode != 0
    assert len(complaint) == 1, result.stderr
    assert "Traceback" not in result.stderr
    assert complaint[0].startswith("DataUnavailable: uci_har: neither UCI HAR Dataset.zip")
