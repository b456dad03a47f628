"""Which models a published number is compared with."""

from pathlib import Path

import pytest
import yaml
from sparsevae.comparison.matching import (
    SETTINGS,
    apart_from,
    demanded,
    describe,
    differences,
    fitting,
    identity,
    kind_of,
    recipe_differences,
)
from sparsevae.comparison.published import read_rows
from sparsevae.study.settings import to_mapping
from sparsevae.study.study import Study
from unit.comparison.test_published import PUBLISHED, of, run, vsc

ROOT = Path(__file__).parents[3]
UNIT_NORM = {"family": "gaussian", "inputs": "unit_norm"}


@pytest.fixture(scope="module")
def rows():
    return read_rows(PUBLISHED / "scorecard_rows.csv")


def papers(**settings):
    """The paper's VSC for figure 1, at alpha 0.1, with changes; nested ones replace a group."""
    prior = {"kind": "pseudo_inputs", "spike_prob": 0.1, "selection": "paper"}
    values = {"family": "vsc", "prior": prior, "slab_warmup": {"end": 0.3}}
    values |= {"dataset": "fashion_mnist", "latent_dim": 60, "likelihood": UNIT_NORM}
    return run(**(values | settings))


def test_a_row_fits_runs_with_its_settings_whatever_their_name(rows):
    row = of(rows, dataset="mnist", measure="loss", alpha=0.2).iloc[0].to_dict()
    runs = [
        vsc("my-own", 0.2),
        vsc("vsc-0.2", 0.5),
        vsc("other-prior", 0.2, kind="pseudo_inputs"),
        vsc("warmed", 0.2, warmup=True),
        vsc("weighted", 0.2, beta=2.0),
        vsc("gauss", 0.2, likelihood={"family": "gaussian"}),
        vsc("few", 0.2, training={"max_images": 1000}),
        run("vae"),
        vsc("elsewhere", 0.2, dataset="digits"),
    ]
    assert [found["model"] for found in fitting(row, runs)] == ["my-own"]
    assert differences(row, runs[3]) == {"slab_warmup": "yes"}
    assert differences(row, runs[6]) == {"max_images": 1000}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {}),
        ({"prior": {"selection": "mixture"}}, {"selection": "mixture"}),
        ({"prior": {"sparsity_weight": 0.2}}, {"sparsity_weight": 0.2}),
        ({"training": {"max_images": 500}}, {"max_images": 500}),
        ({"beta_annealing": {"first": 0.0}}, {}),
        ({"network": {"hidden": [20]}}, {}),
    ],
)
def test_a_bound_needs_the_objective_and_not_the_recipe(rows, settings, expected):
    row = of(rows, measure="elbo_selected", dataset="fashion_mnist", alpha=0.1).iloc[0].to_dict()
    if "prior" in settings:
        settings = {"prior": papers()["prior"] | settings["prior"]}
    assert differences(row, papers(**settings)) == expected


def test_annealing_is_recipe_and_said(rows):
    row = of(rows, measure="elbo_selected", dataset="fashion_mnist", alpha=0.1).iloc[0].to_dict()
    annealed = papers(beta_annealing={"first": 0.0})
    assert recipe_differences(row, annealed) == {"annealing": "yes"}
    assert describe({"annealing": "yes"}) == "beta_annealing=set"


def test_correlations_are_compared_with_a_tuned_recipe(rows):
    row = of(rows, measure="correlation_contrast", model="VSC", latent_dim=60).iloc[0].to_dict()
    prior = {"kind": "pseudo_inputs", "spike_prob": 0.01, "sparsity_weight": 0.2}
    tuned = vsc(dataset="smiley", latent_dim=60, beta=0.15, warmup=True)
    tuned |= {"prior": tuned["prior"] | prior}
    assert fitting(row, [tuned]) == [tuned]
    assert recipe_differences(row, tuned) == {
        "beta": 0.15,
        "sparsity_weight": 0.2,
        "selection": "mixture",
        "likelihood": "bernoulli",
        "inputs": "unit_interval",
    }
    denser = tuned | {"prior": tuned["prior"] | {"spike_prob": 0.1}}
    assert differences(row, denser) == {"alpha": 0.1}


def test_every_published_correlation_has_a_counterpart_in_the_study_of_smiley(rows):
    config = yaml.safe_load((ROOT / "config/smiley.yaml").read_text(encoding="utf-8"))
    study = Study(config)
    runs = [to_mapping(settings) for settings in study.runs.values()]
    smiley = of(rows, dataset="smiley")
    assert set(smiley["model"]) == {"VSC", "beta-VAE", "beta-TCVAE"}
    for row in smiley.to_dict("records"):
        of_size = [run for run in runs if run["latent_dim"] == row["latent_dim"]]
        assert fitting(row, of_size)


def test_labels_of_the_probe_are_told_apart_for_accuracy_only(rows):
    few = run(evaluation={"probe_labels": 100})
    vaes = of(rows, dataset="mnist", family="vae", latent_dim=8).to_dict("records")
    assert [len(fitting(row, [few])) for row in vaes] == [1, 0]


def test_settings_of_spikes_mean_nothing_without_them():
    plain, fixed, learned = (identity(r) for r in (run(), vsc(alpha=0.3), papers()))
    assert plain["alpha"] is plain["selection"] is fixed["selection"] is None
    assert (fixed["alpha"], fixed["sparsity_weight"]) == (0.3, None)
    assert (learned["selection"], learned["sparsity_weight"]) == ("paper", 1)
    assert apart_from(vsc("a", 0.1), "alpha") == apart_from(vsc("b", 0.7), "alpha")
    assert apart_from(vsc("a", 0.1), "beta") != apart_from(vsc("b", 0.7), "beta")
    warm, cold = vsc(warmup=True), vsc()
    assert apart_from(warm, "slab_warmup") == apart_from(cold, "slab_warmup")


def test_settings_are_described_as_a_config_has_them():
    settings = {"alpha": 0.5, "slab_warmup": "no", "max_images": "all"}
    expected = "prior.spike_prob=0.5; slab_warmup=null; training.max_images=null"
    assert describe(settings) == expected


def test_every_setting_has_a_reason_and_every_measure_a_kind(rows):
    assert all(setting.why for setting in SETTINGS.values())
    kinds = {measure: kind_of(measure) for measure in rows["measure"]}
    assert set(kinds.values()) == {"bound", "accuracy", "factors", "classes"}
    assert kinds["elbo_selected"] == "bound"
    row = of(rows, measure="accuracy").iloc[0].to_dict()
    assert demanded(row)["probe_labels"] == 5000
