"""A study of all sparse families beside VSC: training, measures, figures, explorer, loading."""

import csv

import numpy as np
import pytest
import sparsevae
import yaml
from checkout import Checkout
from sparsevae.study.families import FAMILIES

SPARSE = [name for name, family in FAMILIES.items() if family.module.startswith("sparse.")]
WITHOUT_BOUND = ("topk",)
STUDY = {
    "study": "sparse",
    "seeds": [1],
    "models": {name: {"family": name} for name in SPARSE}
    | {"topk": {"family": "topk", "support": {"kept": 1}}},
    "run": {
        "network": {"hidden": [8]},
        "training": {"epochs": 1},
        "evaluation": {"max_images": 60, "iwae_images": 20, "probe_labels": 100},
    },
    "datasets": {"digits": {"latent_dims": [2]}},
    "figures": ["reconstructions", "latent_grid", "prior_samples", "traversals", "sparse_codes"],
}


@pytest.fixture(scope="module")
def finished(new_checkout) -> Checkout:
    checkout = new_checkout()
    (checkout.root / "study.yaml").write_text(yaml.safe_dump(STUDY), encoding="utf-8")
    result = checkout.snakemake("--configfile", "study.yaml", "--config", "device=cpu")
    assert result.returncode == 0, result.stdout + result.stderr
    return checkout


def test_each_has_both_bounds_a_probe_and_is_in_figures_and_the_explorer(finished):
    results = finished.root / "results/sparse"
    with (results / "tables/metrics.csv").open() as file:
        rows = {row["model"]: row for row in csv.DictReader(file)}
    assert set(rows) == set(SPARSE)
    for name, row in rows.items():
        bounds = () if name in WITHOUT_BOUND else ("elbo", "iwae")
        for measure in (*bounds, "probe_accuracy", "active_fraction"):
            assert np.isfinite(float(row[measure])), (name, measure)
    made = {path.stem for path in (results / "figures/digits").glob("*.png")}
    assert made == set(STUDY["figures"])
    index = (results / "explorer/data/study.js").read_text(encoding="utf-8")
    assert all(f'"{name}"' in index for name in SPARSE)


def test_each_is_loaded_and_its_gated_codes_have_exact_zeros(finished):
    for name in SPARSE:
        folder = finished.root / f"results/sparse/runs/digits/{name}/latent-2/seed-1"
        model = sparsevae.load(folder)
        codes = model.encode(np.random.default_rng(1).random((50, 1, 8, 8)))
        assert codes.shape == (50, 2)
        if name not in WITHOUT_BOUND:
            assert np.isfinite(model.sample(4)).all()
