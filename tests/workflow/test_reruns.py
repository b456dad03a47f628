"""A change reruns what it must, and nothing else. Dry runs on a finished smoke study."""

import os
from contextlib import ExitStack, contextmanager

import numpy as np
import pytest
from checkout import SMOKE
from sparsevae.figures.catalogue import figure_names

RUNS = 8
# The smoke study has no known factors, and no models that differ in one weight alone.
FIGURE_RULES = {f"plot_{name}" for name in figure_names()} - {
    "plot_bound_vs_weight",
    "plot_factor_correlations",
}
TABLE_RULES = {
    "collect_metrics",
    "summarise_metrics",
    "select_models",
    "collect_references",
    "collect_probes",
    "collect_class_cosines",
    "make_scorecard",
    "judge_claims",
}
RUN = "train_and_evaluate"
AFTER_A_RUN = (TABLE_RULES | FIGURE_RULES) - {"plot_examples"} | {"export_explorer", "report"}


@contextmanager
def restored(path):
    """Puts content and times of a file back, so that the study is as it was."""
    content, stat = path.read_bytes(), path.stat()
    try:
        yield
    finally:
        path.write_bytes(content)
        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def plan_after_edit(smoke, file, old, new):
    with restored(smoke.root / file):
        smoke.edit(file, old, new)
        return smoke.planned(*SMOKE)


PACKAGE = "workflow/scripts/sparsevae"


def test_nothing_changed_nothing_planned(smoke):
    assert smoke.planned(*SMOKE) == {}


def test_a_touched_module_reruns_nothing(smoke):
    (smoke.root / PACKAGE / "training/trainer.py").touch()
    assert smoke.planned(*SMOKE) == {}


@pytest.mark.parametrize(
    ("module", "runs"),
    [
        ("training/trainer.py", RUNS),
        ("models/vsc.py", RUNS // 2),  # two of four models are of that family
        ("distributions/relaxations.py", RUNS),  # four imports away from the script
        ("evaluation/probes.py", RUNS),
    ],
)
def test_a_module_of_the_runs_runs_them_again(smoke, module, runs):
    plan = plan_after_edit(smoke, f"{PACKAGE}/{module}", '"""', '""" ')
    assert plan[RUN] == runs
    assert set(plan) == {RUN} | AFTER_A_RUN


@pytest.mark.parametrize(
    ("file", "old", "new", "trains"),
    [
        (f"{PACKAGE}/evaluation/probes.py", '"""', '""" ', False),
        (f"{PACKAGE}/training/trainer.py", '"""', '""" ', True),
        ("config/smoke.yaml", "seeds: [1]", "seeds: [1]\nrun: {evaluation: {samples: 2}}", False),
        ("config/smoke.yaml", "seeds: [1]", "seeds: [1]\nrun: {beta: 2}", True),
    ],
)
def test_only_what_a_training_depends_on_trains_again(smoke, file, old, new, trains):
    results = smoke.root / "results/smoke"
    run = "digits/vae/latent-2/seed-1"
    remembered = (smoke.root / ".snakemake/metadata").iterdir()
    kept = [*remembered, *(results / "runs" / run).iterdir(), results / f"logs/runs/{run}.log"]
    with ExitStack() as stack:
        for path in [smoke.root / file, *kept]:
            stack.enter_context(restored(path))
        smoke.edit(file, old, new)
        target = f"results/smoke/runs/{run}/metrics.json"
        assert smoke.snakemake(*SMOKE, "--", target).returncode == 0
        assert ("epoch 1 of" in kept[-1].read_text()) == trains


def test_a_dataset_remakes_itself_only(smoke):
    assert plan_after_edit(smoke, f"{PACKAGE}/data/smiley.py", '"""', '""" ') == {}
    plan = plan_after_edit(smoke, f"{PACKAGE}/data/digits.py", '"""', '""" ')
    assert plan["prepare_digits"] == 1


def test_a_module_of_one_figure_redraws_that_figure(smoke):
    plan = plan_after_edit(smoke, f"{PACKAGE}/figures/prior_samples.py", '"""', '""" ')
    assert plan == {"plot_prior_samples": 1, "report": 1}


def test_a_published_number_is_compared_again_and_nothing_is_trained(smoke):
    file = "resources/published/scorecard_rows.csv"
    plan = plan_after_edit(smoke, file, "111.310181", "111.310182")
    drawn = {
        "plot_scorecard",
        "plot_bound_vs_latent_dim",
        "plot_accuracy_vs_latent_dim",
    }
    assert plan == dict.fromkeys({"make_scorecard", "collect_references", "report"} | drawn, 1)


def test_the_style_of_figures_redraws_all_of_them_and_nothing_else(smoke):
    plan = plan_after_edit(smoke, f"{PACKAGE}/figures/style.py", '"""', '""" ')
    assert plan == dict.fromkeys(FIGURE_RULES | {"report"}, 1)


def test_an_environment_file_reruns_its_rules(smoke):
    plan = plan_after_edit(smoke, "envs/figures.yaml", "python=3.11", "python=3.12")
    rules = TABLE_RULES | FIGURE_RULES | {"report"}
    assert plan == dict.fromkeys(rules, 1)


def test_a_setting_of_one_model_retrains_that_model(smoke):
    plan = plan_after_edit(
        smoke, "config/smoke.yaml", "    family: vae", "    family: vae\n    beta: 2.0"
    )
    assert plan[RUN] == 2


def test_a_new_latent_size_trains_only_the_new_runs(smoke):
    plan = plan_after_edit(
        smoke, "config/smoke.yaml", "latent_dims: [2, 4]", "latent_dims: [2, 3, 4]"
    )
    assert plan[RUN] == 4
    assert "plot_bound_vs_latent_dim" in plan
    assert "plot_traversals" not in plan


def test_a_changed_data_file_retrains(smoke):
    data = smoke.root / "resources/datasets/digits/train.npz"
    with restored(data):
        with np.load(data) as arrays:
            changed = {name: arrays[name] for name in arrays.files}
        changed["inputs"] = changed["inputs"][::-1]
        np.savez_compressed(data, **changed)
        plan = smoke.planned(*SMOKE)
    assert plan[RUN] == RUNS
    assert "prepare_digits" not in plan
