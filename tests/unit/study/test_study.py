import copy
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sparsevae.figures.catalogue import figure_names
from sparsevae.jobs.errors import ConfigError
from sparsevae.study.settings import SlabWarmup, Training, merge
from sparsevae.study.study import Study, without_nulls

ROOT = Path(__file__).parents[3]
CONFIG: dict[str, Any] = {
    "study": "trial",
    "seeds": [5, 3],
    "run": {"beta": 2.0, "training": {"epochs": 4, "batch_size": 10}, "network": {"hidden": [7]}},
    "models": {
        "vae": {"family": "vae", "beta": 3.0},
        "vsc-wu": {"family": "vsc", "slab_warmup": {"end": 0.5}, "prior": {"spike_prob": 0.1}},
    },
    "datasets": {
        "digits": {"latent_dims": [8, 2]},
        "smiley": {
            "latent_dims": [4],
            "models": ["vsc-wu"],
            "seeds": [9],
            "run": {"training": {"epochs": 1}, "slab_warmup": None},
        },
    },
}


def study(**changes: Any) -> Study:
    return Study(merge(CONFIG, changes))


def test_runs_are_the_product_of_each_dataset_in_the_configs_order():
    digits = [
        ("digits", model, size, seed)
        for model in ("vae", "vsc-wu")
        for size in (2, 8)  # ascending, whatever the config's order
        for seed in (5, 3)
    ]
    assert list(study().runs) == [*digits, ("smiley", "vsc-wu", 4, 9)]


def test_a_run_knows_its_own_name():
    for key, run in study().runs.items():
        assert (run.dataset, run.model, run.latent_dim, run.seed) == key


def test_settings_of_a_model_win_over_the_studys():
    runs = study().runs
    assert runs["digits", "vae", 2, 5].beta == 3.0
    assert runs["digits", "vsc-wu", 2, 5].beta == 2.0
    assert runs["digits", "vsc-wu", 2, 5].prior.spike_prob == 0.1
    assert runs["digits", "vsc-wu", 2, 5].family == "vsc"


def test_settings_of_a_dataset_win_over_a_models():
    runs = study(datasets={"digits": {"run": {"beta": 4.0, "prior": {"spike_prob": 0.3}}}}).runs
    assert runs["digits", "vae", 2, 5].beta == 4.0
    assert runs["digits", "vsc-wu", 2, 5].prior.spike_prob == 0.3
    assert runs["smiley", "vsc-wu", 4, 9].prior.spike_prob == 0.1
    assert runs["smiley", "vsc-wu", 4, 9].slab_warmup is None


def test_layers_are_merged_key_by_key_over_the_defaults():
    training = study().runs["smiley", "vsc-wu", 4, 9].training
    assert (training.epochs, training.batch_size, training.decay_at) == (
        1,
        10,
        Training().decay_at,
    )
    warmup = study().runs["digits", "vsc-wu", 2, 5].slab_warmup
    assert (warmup.start, warmup.end) == (SlabWarmup().start, 0.5)


def test_one_dataset_does_not_change_another():
    config = copy.deepcopy(CONFIG)
    runs = Study(config).runs
    assert config == CONFIG
    assert runs["digits", "vsc-wu", 2, 5].training.epochs == 4


def test_wildcards_find_their_run():
    names = {"dataset": "digits", "model": "vae", "latent_dim": "8", "seed": "3"}
    run = study().run(SimpleNamespace(**names))
    assert run is study().runs["digits", "vae", 8, 3] or run == study().runs["digits", "vae", 8, 3]
    with pytest.raises(ConfigError, match=r"^digits/vae/latent-8/seed-4 is not a run of study"):
        study().run(SimpleNamespace(**names | {"seed": "4"}))


@pytest.mark.parametrize(
    ("target", "there"),
    [
        (
            "runs/digits/vae/latent-99/seed-5/metrics.json",
            "digits/vae with latent sizes 2, 8 and seeds 5, 3",
        ),
        (
            "runs/digits/vae/latent-8/seed-9/metrics.json",
            "digits/vae with latent sizes 2, 8 and seeds 5, 3",
        ),
        ("runs/smiley/vae/latent-4/seed-9/weights.safetensors", "smiley with models vsc-wu"),
        ("onnx/digits/gan/latent-2/seed-5.onnx", "digits with models vae, vsc-wu"),
        ("logs/runs/mnist/vae/latent-2/seed-5.log", "datasets digits, smiley"),
    ],
)
def test_a_file_of_a_run_that_is_not_in_the_study_is_named(target, there):
    for start in ("", "./"):
        with pytest.raises(ConfigError) as error:
            study().check_targets(["--cores", "2", f"{start}results/trial/{target}"])
        assert str(error.value).startswith(f"{start}results/trial/{target}: ")
        assert str(error.value).endswith(f" is not a run of study trial, which has {there}")


def test_files_of_the_study_and_of_others_are_left_to_snakemake():
    study().check_targets(
        [
            "results/trial/runs/digits/vae/latent-8/seed-3/metrics.json",
            "results/trial/onnx/digits/vae/latent-8/seed-3.onnx",
            "results/trial/figures/digits/examples.png",
            "results/other/runs/digits/vae/latent-99/seed-3/metrics.json",
            "--configfile",
        ]
    )


def test_shown_runs_are_of_the_first_seed_and_the_largest_size():
    def shown(*arguments: Any, **changes: Any) -> list[tuple[str, int, int]]:
        runs = study(**changes).shown_runs(*arguments)
        return [(run.model, run.latent_dim, run.seed) for run in runs]

    assert shown("digits") == [("vae", 8, 5), ("vsc-wu", 8, 5)]
    assert shown("digits", 2) == [("vae", 2, 5), ("vsc-wu", 2, 5)]
    assert shown("smiley") == [("vsc-wu", 4, 9)]
    chosen = {"datasets": {"digits": {"shown_latent_dim": 2}}}
    assert shown("digits", **chosen) == [("vae", 2, 5), ("vsc-wu", 2, 5)]


def test_accuracy_against_labels_is_measured_at_the_size_that_is_shown():
    trial = study(run={"evaluation": {"probe_curve": [100], "probe_labels": 50}})
    of_digits = [run for run in trial.runs.values() if run.dataset == "digits"]
    assert {run.latent_dim: run.evaluation.probe_curve for run in of_digits} == {2: (), 8: (100,)}
    assert {run.evaluation.probe_labels for run in of_digits} == {50}


def test_pictures_are_decoded_of_the_first_seed_at_the_sizes_that_are_shown():
    sizes = [2, 4, 8, 16, 32, 64]
    trial = study(datasets={"digits": {"latent_dims": sizes, "shown_latent_dim": 8}})
    pictured = {
        (run.latent_dim, run.seed)
        for run in trial.runs.values()
        if run.dataset == "digits" and trial.pictured(run)
    }
    # The plane, the size that is shown, and of the sparse codes the smallest, middle and largest.
    assert pictured == {(size, 5) for size in (2, 8, 32, 64)}


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ([8, 2], (2, 8)),
        ([5], (5,)),
        ([2, 8, 16], (2, 8, 16)),
        ([200, 8, 16, 24, 40, 96], (8, 96, 200)),  # the reproduction's three
        (list(range(8, 201, 8)), (8, 104, 200)),
    ],
)
def test_codes_are_shown_at_the_smallest_the_middle_and_the_largest_size(sizes, shown):
    trial = study(datasets={"digits": {"latent_dims": sizes}})
    assert trial.shown_latent_dims("digits") == shown


def test_files_go_below_the_studys_folder():
    assert study().folder == Path("results/trial")
    trial = study(results_dir="/scratch")
    run = trial.runs["digits", "vae", 8, 3]
    where = "/scratch/trial/runs/digits/vae/latent-8/seed-3/history.csv"
    assert trial.file_of(run, "history.csv") == where


def test_runs_of_the_first_seed_are_every_model_at_every_size():
    runs = study().first_seed_runs("digits")
    assert [(run.model, run.latent_dim, run.seed) for run in runs] == [
        (model, size, 5) for model in ("vae", "vsc-wu") for size in (2, 8)
    ]


def test_a_results_folder_can_be_anywhere():
    assert study(results_dir="/scratch").folder == Path("/scratch/trial")


def test_an_overlay_takes_out_what_it_sets_to_null():
    overlaid = study(datasets={"smiley": None}, models={"vae": "null"})
    assert list(overlaid.grids) == ["digits"]
    assert overlaid.models == ("vsc-wu",)
    assert without_nulls({"run": None, "models": {"a": None, "b": 1}}, "models") == {
        "run": None,
        "models": {"b": 1},
    }


def test_what_is_for_pictures_is_trained_with_the_first_seed_only():
    once = {"models": ["vae"], "latent_dims": [2]}
    small = study(seeds=[3, 4], datasets={"digits": {"first_seed_only": once}})
    assert [key[1:] for key in small.runs if key[0] == "digits"] == [
        ("vae", 2, 3),
        ("vae", 8, 3),
        ("vsc-wu", 2, 3),
        ("vsc-wu", 8, 3),
        ("vsc-wu", 8, 4),
    ]
    shown = small.shown_runs("digits", all_seeds=True)
    assert [(run.model, run.seed) for run in shown] == [("vae", 3), ("vsc-wu", 3), ("vsc-wu", 4)]


def test_mirrors_and_device_have_defaults():
    assert study().mirrors("mnist") is None
    assert study(mirrors={"mnist": ["https://example.org/"]}).mirrors("mnist") == [
        "https://example.org/"
    ]
    assert study().device == "cpu"
    assert study().figures == ()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"datasets": {"digits": {"models": ["vsc"]}}},
            "datasets.digits.models: vsc is not in models; allowed: vae, vsc-wu",
        ),
        (
            {"datasets": {"digits": {"shown_latent_dim": 4}}},
            "datasets.digits.shown_latent_dim: 4 is not in latent_dims; allowed: 2, 8",
        ),
        (
            {"datasets": {"cifar": {"latent_dims": [2]}}},
            "datasets.cifar: unknown; allowed: digits, smiley, mnist, fashion_mnist, uci_har, "
            "celeba, mnist_5k, or a path to your own data: {path: ..., latent_dims: [...]}",
        ),
        (
            {"datasets": {"digits": {"path": "mine.npz"}}},
            "datasets.digits: has a path, and is a known name; take another",
        ),
        (
            {"datasets": {"digits": {"labels": "y"}}},
            "config: datasets.digits.labels: 'y' is used with path: a value, which is null",
        ),
        (
            {"datasets": {"digits": {"first_seed_only": {"models": ["vsc"]}}}},
            "datasets.digits.first_seed_only.models: vsc is not in its models; "
            "allowed: vae, vsc-wu",
        ),
        (
            {"datasets": {"digits": {"first_seed_only": {"latent_dims": [4]}}}},
            "datasets.digits.first_seed_only.latent_dims: 4 is not in latent_dims; allowed: 2, 8",
        ),
        (
            {"figures": ["traversal"]},
            f"config: figures.0: 'traversal' is not allowed; allowed: {', '.join(figure_names())}",
        ),
        (
            {"run": {"training": {"epochs": None}}},
            "digits/vae: training: epochs or iterations must be set",
        ),
        (
            {"models": {"vsc-wu": {"slab_warmup": {"start": 0.6}}}},
            "digits/vsc-wu: slab_warmup.start: 0.6 is after slab_warmup.end; allowed: 0 to 0.5",
        ),
        (
            {"models": {"vae": {"beta_annealing": {"start": 0.7}}}},
            "digits/vae: beta_annealing.start: 0.7 is after beta_annealing.end; allowed: 0 to 0.6",
        ),
        (
            {"run": {"training": {"draws": 2}, "spike": {"relaxation": "disarm"}}},
            "digits/vae: training.draws: 2 with spike.relaxation: disarm, which decodes a pair of "
            "its own; allowed: 1",
        ),
        (
            {"run": {"betta": 2}},
            "config: run.betta: no such key; allowed: beta, beta_annealing, network, likelihood, "
            "spike, slab, prior, slab_warmup, counts, support, training, evaluation",
        ),
        (
            {
                "run": {"network": {"body": "conv"}},
                "datasets": {"smiley": None, "uci_har": {"latent_dims": [2]}},
            },
            "uci_har/vae: network.body: conv needs images, and uci_har has none; allowed: mlp",
        ),
        (
            {"models": {"few": {"family": "topk", "support": {"kept": 9}}}},
            "digits/few: support.kept: 9 with 2 latents; allowed: at most 2",
        ),
        (
            {"seeds": []},
            "config: seeds: [] is not allowed; allowed: list: integer at least 0, at least 1 of "
            "them, each once",
        ),
    ],
)
def test_what_is_not_allowed_is_said_in_one_line(changes, message):
    with pytest.raises(ConfigError) as error:
        study(**changes)
    assert str(error.value) == message


def test_epochs_may_be_null_where_iterations_are_set():
    changes = {
        "run": {"training": {"epochs": None, "iterations": 30}},
        "datasets": {"smiley": None},
    }
    run = study(**changes).runs["digits", "vae", 2, 5]
    assert (run.training.epochs, run.training.iterations) == (None, 30)


@pytest.mark.parametrize("module", ["study.study", "jobs.imports", "data.catalogue"])
def test_parsing_needs_no_torch(module):
    """The Snakefile imports it in every job; torch takes seconds."""
    code = f"import sys, sparsevae.{module}; sys.exit('torch' in sys.modules)"
    scripts = ROOT / "workflow/scripts"
    subprocess.run([sys.executable, "-c", code], cwd=scripts, check=True)


def test_the_runs_of_all_seeds_of_a_run():
    runs = study().runs
    of_it = study().with_all_seeds(runs["digits", "vae", 8, 3])
    assert of_it == [runs["digits", "vae", 8, 5], runs["digits", "vae", 8, 3]]


def starting(template: str, **changes: Any) -> Study:
    return study(run={"training": {"init_from": template}}, **changes)


def test_the_weights_that_a_run_begins_with_are_named_by_the_run(monkeypatch):
    monkeypatch.setenv("SCRATCH", "/scratch")
    made = starting("$SCRATCH/old/{dataset}/{model}/latent-{latent_dim}/seed-{seed}")
    run = made.runs["digits", "vae", 2, 5]
    assert made.start_of(run) == "/scratch/old/digits/vae/latent-2/seed-5/weights.safetensors"
    # Paths of a machine are no settings: the run has them as they were written.
    assert run.training.init_from.startswith("$SCRATCH")
    assert study().start_of(study().runs["digits", "vae", 2, 5]) is None


@pytest.mark.parametrize("template", ["old/{epoch}", "old/{", "old/{}", "old/*"])
def test_a_wrong_template_of_weights_is_refused(template):
    with pytest.raises(ConfigError, match=r"^config: run.training.init_from: [^\n]* without {, }"):
        starting(template)


def test_weights_to_begin_with_must_exist_or_be_another_runs(tmp_path):
    with pytest.raises(ConfigError, match=r"digits/vae/latent-2/seed-5: .* finish that run first$"):
        starting(str(tmp_path)).check_starts()
    (tmp_path / "weights.safetensors").touch()
    starting(str(tmp_path)).check_starts()
    own = "results/trial/runs/{dataset}/{model}/latent-{latent_dim}/seed-{seed}"
    with pytest.raises(ConfigError, match="is the run itself"):
        starting(own).check_starts()
    changes = {
        "models": {"vsc-wu": {"training": {"init_from": None}}},
        "datasets": {"smiley": None},
    }
    of_the_study = own.replace("{model}", "vsc-wu")
    Study(without_nulls(merge(starting(of_the_study).config, changes), "datasets")).check_starts()


@pytest.mark.parametrize("setting", [{"keep": "best"}, {"patience": 3}])
def test_best_weights_need_validation_samples(setting):
    with pytest.raises(ConfigError, match="validation_fraction: 0 with keep: best or patience"):
        study(run={"training": {"validation_fraction": 0} | setting})
