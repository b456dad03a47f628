"""A study of the user's data in every format, through its config alone, up to the report."""

import json
from pathlib import Path

import numpy as np
import own_files
import pandas as pd
import pytest
import yaml
from checkout import REPOSITORY, Checkout, results_of
from explorer_page import settled
from scipy.io import savemat
from site_pages import check_every_page
from sparsevae.jobs.tables import read_table

# A study of eleven datasets takes two minutes.
pytestmark = pytest.mark.slow

PIXELS, LABELS = own_files.images()
UNLABELLED = ("flat", "npy", "table")
OF = "results/mine/runs/{}/vsc/latent-2/seed-1/{}"
IMAGES = ("npz", "idx", "mat", "folder", "flat", "npy", "parquet")


def write_everything(root: Path) -> dict[str, dict[str, object]]:
    """Files in each format below `root`, and the entries of the config that read them."""
    data = root / "mine"
    data.mkdir()
    np.savez(data / "a.npz", inputs=PIXELS, labels=LABELS)
    np.save(data / "a.npy", PIXELS)
    savemat(data / "a.mat", {"inputs": PIXELS, "labels": LABELS[:, None]})
    own_files.write_idx(data / "images-ubyte.gz", PIXELS)
    own_files.write_idx(data / "labels-ubyte", LABELS)
    own_files.write_folder(data / "folder", PIXELS, LABELS)
    own_files.write_folder(data / "flat", PIXELS, None)
    own_files.write_table(data / "kinds.csv")
    own_files.write_table(data / "table.csv", labelled=False)
    flat = pd.DataFrame(PIXELS.reshape(len(PIXELS), -1)).rename(columns=str)
    flat.assign(label=LABELS).to_parquet(data / "a.parquet")
    (data / "cells.h5ad").write_bytes((REPOSITORY / "tests/support/cells.h5ad").read_bytes())
    gaussian = {"run": {"likelihood": {"family": "gaussian"}}}
    return {
        "npz": {"path": "mine/a.npz"},
        "npy": {"path": "mine/a.npy"},
        "mat": {"path": "mine/a.mat"},
        "idx": {"path": "mine/images-ubyte.gz", "labels": "mine/labels-ubyte"},
        "folder": {"path": "mine/folder", "size": 8},
        "flat": {"path": "mine/flat"},
        "kinds": {"path": "mine/kinds.csv", "labels": "kind", "ignore": ["id"], "scale": "standard"}
        | gaussian,
        "table": {"path": "mine/table.csv", "ignore": ["id"], "scale": "unit_interval"},
        "parquet": {"path": "mine/a.parquet", "shape": [1, 8, 8]},
        "cells": {"path": "mine/cells.h5ad", "labels": "kind", "inputs": "log"} | gaussian,
        "counts": {"path": "mine/cells.h5ad", "labels": "kind"}
        | {"run": {"likelihood": {"family": "negative_binomial"}}},
    }


@pytest.fixture(scope="module")
def studied(new_checkout) -> Checkout:
    checkout = new_checkout()
    study = yaml.safe_load((REPOSITORY / "config/smoke.yaml").read_text(encoding="utf-8"))
    study["study"] = "mine"
    study["figures"] = ["reconstructions", "class_activations"]
    study["models"] = {"vsc": study["models"]["vsc"]}
    run = {"network": {"hidden": [16]}, "training": {"epochs": 2, "batch_size": 16}}
    study["run"] = run | {"evaluation": {"iwae_samples": 5}}
    entries = write_everything(checkout.root)
    study["datasets"] = {name: {"latent_dims": [2]} | entry for name, entry in entries.items()}
    (checkout.root / "mine.yaml").write_text(yaml.safe_dump(study), encoding="utf-8")
    done = checkout.snakemake("--configfile", "mine.yaml")
    assert done.returncode == 0, done.stdout + done.stderr
    return checkout


def test_every_format_is_trained_and_reported(studied):
    table = read_table(studied.root / "results/mine/tables/metrics.csv")
    metrics = table.set_index("dataset")
    assert len(metrics) == 11
    assert metrics["elbo"].notna().all()
    assert metrics["probe_accuracy"].isna().tolist() == [n in UNLABELLED for n in metrics.index]
    # A Gaussian's mean can be any number where the data's can.
    found = json.loads((studied.root / OF.format("kinds", "config.json")).read_text())
    assert found["likelihood"]["mean"] == "linear"
    for name in metrics.index:
        assert (studied.root / f"results/mine/report/experiments-{name}.html").is_file()


def test_figures_are_those_that_make_sense(studied):
    figures = studied.root / "results/mine/figures"
    for name in ("npz", "flat", "kinds", "table", "cells"):
        drawn = {file.stem for file in (figures / name).glob("*.png")}
        assert ("reconstructions" in drawn) == (name in IMAGES)
        assert ("class_activations" in drawn) == (name not in UNLABELLED)


def test_the_same_data_give_the_same_bytes_from_another_format(studied):
    """Where a name is written it differs, as it should; weights and pictures have none."""
    files = results_of(studied.root / "results/mine")
    of = OF.removeprefix("results/mine/")
    for name in ("history.csv", "pictures.npz", "class_activations.csv", "image_blocks.csv"):
        assert files[of.format("npz", name)] == files[of.format("idx", name)], name
        assert files[of.format("npz", name)] == files[of.format("mat", name)], name


def test_a_changed_file_reruns_what_uses_it_and_nothing_else(studied):
    assert studied.planned("--configfile", "mine.yaml") == {}
    np.savez(studied.root / "mine/a.npz", inputs=PIXELS[::-1], labels=LABELS[::-1])
    plan = studied.planned("--configfile", "mine.yaml")
    assert (plan["prepare_npz"], plan["train_and_evaluate"]) == (1, 1)


# Last: the event loop of an open browser is in the way of Snakemake within this process.
@pytest.mark.parametrize("width", [390, 1400])
def test_every_page_of_the_report_is_whole_in_a_browser(studied, open_page, width):
    site = studied.root / "results/mine/report"
    page = open_page(site, "index.html", viewport={"width": width, "height": 900})
    check_every_page(page, site)


def test_the_explorer_shows_what_are_images(studied, open_page):
    page = open_page(studied.root / "results/mine/explorer", "index.html")
    settled(page)
    names = page.locator("[data-part=dataset] option").all_inner_texts()
    assert {name.partition(" ")[0] for name in names} == set(IMAGES)
