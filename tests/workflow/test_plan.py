"""What the shipped studies would do."""

import pytest
from checkout import REPOSITORY, SMOKE, Checkout, job_counts, planned_by


@pytest.fixture(scope="module")
def fresh(new_checkout) -> Checkout:
    return new_checkout()


def test_the_quick_study_has_a_training_and_an_evaluation_for_each_run(fresh):
    plan = fresh.planned()
    # Three models with four seeds and an autoencoder with one, and each with two latents.
    mnist, smiley = 3 * 4 + 1 + 4, 3 + 1
    assert plan["train_and_evaluate"] == mnist + smiley <= 24
    assert plan["prepare_mnist_5k"] == plan["prepare_smiley"] == 1
    drawn = figures(plan)
    # Only Smiley's factors are known, and only there are pseudo-inputs; two latents on digits only.
    once = ("factor_correlations", "pseudo_inputs", "latent_grid", "scorecard")
    assert {drawn.pop(f"plot_{name}") for name in once} == {1}
    assert len(drawn) == 11
    assert set(drawn.values()) == {2}


def test_another_seed_is_one_more_process_per_run(fresh):
    (fresh.root / "five_seeds.yaml").write_text("seeds: [1, 2, 3, 4, 5]\n")
    plans = [
        fresh.planned("--configfile", "config/config.yaml", *overlay)
        for overlay in ((), ("five_seeds.yaml",))
    ]
    assert sum(plans[1].values()) - sum(plans[0].values()) == 3


def test_the_mnist_study_is_two_trainings_on_fetched_data(fresh):
    plan = fresh.planned("--configfile", "config/mnist.yaml")
    assert (plan["prepare_mnist"], plan["train_and_evaluate"]) == (1, 2)


GRID = ("--configfile", "config/reproduction.yaml")


def figures(plan: dict[str, int]) -> dict[str, int]:
    return {rule: count for rule, count in plan.items() if rule.startswith("plot_")}


def test_the_reproduction_with_five_seeds_is_its_whole_grid(fresh):
    (fresh.root / "five_seeds.yaml").write_text("seeds: [1, 2, 3, 4, 5]\n")
    plan = fresh.planned(*GRID, "five_seeds.yaml")
    # Two datasets, four models, latent sizes 8 to 200 in steps of 8.
    assert plan["train_and_evaluate"] == 2 * 4 * 25 * 5
    assert plan["prepare_mnist"] == plan["prepare_fashion_mnist"] == 1
    assert plan["collect_metrics"] == plan["summarise_metrics"] == 1
    assert figures(plan).pop("plot_scorecard") == 1
    assert set((figures(plan) | {"plot_scorecard": 2}).values()) == {2}


def test_the_small_reproduction_is_six_sizes_of_four_models_on_mnist(fresh):
    plan = fresh.planned(*GRID, "config/reproduction_small.yaml")
    assert plan["train_and_evaluate"] == 6 * 4
    assert plan["prepare_mnist"] == 1
    assert set(figures(plan).values()) == {1}


def test_the_paper_with_five_seeds_is_its_four_datasets(fresh):
    plan = fresh.planned("--configfile", "config/paper.yaml")  # five by itself
    # Models times latent sizes: Fashion-MNIST, UCI HAR, Smiley, CelebA.
    assert plan["train_and_evaluate"] == (8 + 6 + 8 * 4 + 1) * 5
    datasets = ("fashion_mnist", "uci_har", "smiley", "celeba")
    assert [plan[f"prepare_{name}"] for name in datasets] == [1] * 4
    drawn = figures(plan)
    # Pictures are not drawn of UCI HAR, nor classes of CelebA, which has one.
    assert (drawn["plot_reconstructions"], drawn["plot_pseudo_inputs"]) == (3, 3)
    assert (drawn["plot_class_spikes"], drawn["plot_interpolation"]) == (3, 2)
    # Several latent sizes and known factors: Smiley; several betas: all but CelebA.
    assert (drawn["plot_bound_vs_latent_dim"], drawn["plot_bound_vs_weight"]) == (1, 3)
    assert (drawn["plot_factor_correlations"], drawn["plot_scorecard"]) == (1, 1)


def test_the_studies_of_smiley_and_of_warm_up_are_their_models_sizes_and_seeds(fresh):
    runs = {"smiley": 3 * 4 * 3, "warmup": 19, "mnist_warmup": 2 * 2 * 3}
    for study, trainings in runs.items():
        plan = fresh.planned("--configfile", f"config/{study}.yaml")
        assert plan["train_and_evaluate"] == trainings


def test_an_overlay_takes_a_dataset_out(fresh):
    (fresh.root / "no_smiley.yaml").write_text("datasets: {smiley: null}\n")
    plan = fresh.planned("--configfile", "config/config.yaml", "no_smiley.yaml")
    assert "prepare_mnist_5k" in plan
    assert "prepare_smiley" not in plan


def test_pseudo_inputs_are_drawn_where_a_model_has_them(fresh):
    assert fresh.planned(*SMOKE)["plot_pseudo_inputs"] == 1


def test_a_sweep_is_planned_as_its_grid(fresh):
    plan = fresh.planned("--configfile", "config/smiley_selection.yaml")
    assert plan["train_and_evaluate"] == 4 * 2 * 3 * 2
    assert plan["select_models"] == 1


def test_every_config_in_the_repository_is_planned_here():
    studies = {path.name for path in (REPOSITORY / "config").glob("*.yaml")}
    assert studies == {
        "config.yaml",
        "mnist.yaml",
        "mnist_warmup.yaml",
        "paper.yaml",
        "reproduction.yaml",
        "reproduction_small.yaml",
        "smiley.yaml",
        "smiley_selection.yaml",
        "smoke.yaml",
        "warmup.yaml",
    }


def test_the_command_line_plans_the_same(fresh):
    """All other plans are made in the process of the tests."""
    assert planned_by(fresh.snakemake("--dry-run", *SMOKE)) == fresh.planned(*SMOKE)


def test_job_counts_reads_snakemakes_table():
    table = "Job stats:\njob    count\n-----  -----\nall        1\ntrain     12\ntotal     13\n\n"
    assert job_counts(table) == {"train": 12}
