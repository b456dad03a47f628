"""What the shipped studies would do."""

import pytest
from checkout import REPOSITORY, SMOKE, Checkout, job_counts

FIGURES = 8  # for each dataset; the scorecard is one for the study


@pytest.fixture(scope="module")
def fresh(new_checkout) -> Checkout:
    return new_checkout()


def test_the_quick_study_has_a_training_and_an_evaluation_for_each_run(fresh):
    plan = fresh.planned()
    digits, smiley = 4 * 3 * 2, 4 * 2 * 1
    assert plan["train"] == plan["evaluate"] == digits + smiley
    assert plan["generate_digits"] == plan["generate_smiley"] == 1
    assert sum(plan[rule] for rule in plan if rule.startswith("plot_")) == 2 * FIGURES + 1


def test_the_mnist_study_is_two_trainings_on_fetched_data(fresh):
    plan = fresh.planned("--configfile", "config/mnist.yaml")
    assert (plan["fetch_idx_dataset"], plan["train"], plan["evaluate"]) == (1, 2, 2)


def test_the_bounds_on_mnist_are_six_sizes_of_four_models(fresh):
    plan = fresh.planned("--configfile", "config/mnist_bounds.yaml")
    assert plan["train"] == plan["evaluate"] == 6 * 4


def test_an_overlay_takes_a_dataset_out(fresh):
    assert "generate_smiley" not in fresh.planned(*SMOKE)


def test_pictures_are_decoded_only_for_runs_that_a_figure_shows(fresh):
    # One per model for the shown latent size and one for the plane of two latents.
    assert fresh.planned(*SMOKE)["render"] == 4 * 2


def test_every_config_in_the_repository_is_planned_here():
    studies = {path.name for path in (REPOSITORY / "config").glob("*.yaml")}
    assert studies == {"config.yaml", "mnist.yaml", "mnist_bounds.yaml", "smoke.yaml"}


def test_job_counts_reads_snakemakes_table():
    table = "Job stats:\njob    count\n-----  -----\nall        1\ntrain     12\ntotal     13\n\n"
    assert job_counts(table) == {"train": 12}
