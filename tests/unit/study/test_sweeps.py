"""Lists of settings make a grid of models, and later studies take what one chose."""

from pathlib import Path
from typing import Any

import pytest
from sparsevae.jobs.errors import ConfigError
from sparsevae.study.settings import merge
from sparsevae.study.study import Study

SWEEP = {"training.learning_rate": ["1e-3", 0.003], "network.hidden": [[7], [7, 8]]}
NAMES = [
    f"vae_learning_rate-{rate}_hidden-{hidden}"
    for rate in ("0.001", "0.003")
    for hidden in ("7", "7x8")
]
CONFIG: dict[str, Any] = {
    "study": "trial",
    "seeds": [1, 2],
    "models": {"ae": {"family": "ae"}, "vae": {"family": "vae", "beta": 2, "sweep": SWEEP}},
    "datasets": {"digits": {"latent_dims": [2]}},
}


def study(**changes: Any) -> Study:
    return Study(merge(CONFIG, changes))


def test_a_sweep_is_every_combination_in_the_configs_order():
    made = study()
    assert list(made.models) == ["ae", *NAMES]
    first, last = (made.runs["digits", NAMES[i], 2, 2] for i in (0, 3))
    assert (first.training.learning_rate, first.network.hidden) == (0.001, (7,))
    assert (last.training.learning_rate, last.network.hidden) == (0.003, (7, 8))
    assert first.beta == last.beta == 2


def test_settings_of_a_group_vary_together():
    pairs = [{"family": "bernoulli"}, {"family": "gaussian", "inputs": "unit_norm"}]
    models = {"vae": {"family": "vae", "sweep": {"likelihood": pairs, "beta": [1]}}}
    made = Study(CONFIG | {"models": models})
    second = "vae_likelihood-gaussian-unit_norm_beta-1"
    assert list(made.models) == ["vae_likelihood-bernoulli_beta-1", second]
    assert made.varied[second] == {
        "swept": "vae",
        "sweep.likelihood.family": "gaussian",
        "sweep.likelihood.inputs": "unit_norm",
        "sweep.beta": 1.0,
    }
    assert made.runs["digits", second, 2, 1].likelihood.inputs == "unit_norm"


def test_tables_get_the_settings_that_vary():
    of_first = {
        "swept": "vae",
        "sweep.training.learning_rate": 0.001,
        "sweep.network.hidden": "7",
    }
    varied = study().varied
    assert varied[NAMES[0]] == of_first
    assert varied["ae"] == {"swept": "ae"}


def test_a_study_without_sweeps_says_nothing_of_them():
    models = {"models": {"vae": {"family": "vae"}}}
    assert Study(CONFIG | models).varied == {}


def test_a_swept_model_is_named_by_its_own_name_in_a_dataset():
    made = study(datasets={"digits": {"models": ["vae"], "first_seed_only": {"models": ["vae"]}}})
    assert [key[1:] for key in made.runs] == [(name, 2, 1) for name in NAMES]


def test_settings_that_end_alike_have_their_whole_names():
    sweep = {"slab_warmup.end": [0.3], "beta_annealing.end": [0.5]}
    made = Study(CONFIG | {"models": {"vsc": {"family": "vsc", "sweep": sweep}}})
    assert list(made.models) == ["vsc_slab_warmup.end-0.3_beta_annealing.end-0.5"]


@pytest.mark.parametrize(
    ("sweep", "words"),
    [
        ({"beta": [1, 4]}, "models.vae.sweep: beta is set for the model too; take one out"),
        ({"no.such": [1]}, "models.vae.sweep: no: no such key; allowed: "),
        ({"training.epochs": [1, -2]}, "models.vae.sweep: training.epochs: -2 is not allowed"),
        ({"training.epochs": []}, "models.vae.sweep.training.epochs: [] is not allowed"),
        ({"training.epochs": [1, 1]}, "makes vae_epochs-1, which is there already"),
        ({"spike.bias": [1, 2]}, "models.vae.spike: {'bias': 1.0} is used by no run"),
    ],
)
def test_a_sweep_that_makes_no_grid_is_one_line(sweep, words):
    models = {"vae": {"family": "vae", "beta": 2, "sweep": sweep}}
    with pytest.raises(ConfigError) as error:
        Study(CONFIG | {"models": models})
    assert words in str(error.value)
    assert "\n" not in str(error.value)


def test_a_setting_that_some_variants_use_is_used():
    sweep = {"likelihood.family": ["bernoulli", "gaussian"]}
    models = {
        "vae": {"family": "vae", "likelihood": {"variance_floor": 0.1}, "sweep": sweep},
    }
    assert len(Study(CONFIG | {"models": models}).models) == 2


@pytest.fixture
def chosen(tmp_path: Path) -> str:
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables/selection.csv").write_text(
        "dataset,model,selected,sweep.training.learning_rate,sweep.likelihood.inputs\n"
        "digits,vae,vae_x,0.004,unit_norm\nsmiley,vae,vae_y,0.5,\n",
        encoding="utf-8",
    )
    return str(tmp_path)


def test_a_later_study_takes_the_selected_settings_of_its_dataset(chosen):
    models = {"vae": {"family": "vae", "likelihood": {"family": "gaussian"}}}
    models["vae"] |= {"selected_from": chosen}
    run = Study(CONFIG | {"models": models}).runs["digits", "vae", 2, 1]
    assert run.training.learning_rate == 0.004
    assert (run.likelihood.inputs, run.likelihood.family) == ("unit_norm", "gaussian")


def test_what_was_not_selected_is_one_line(chosen):
    def refused(folder: str, dataset: str) -> str:
        models = {"vae": {"family": "vae", "selected_from": folder}}
        with pytest.raises(ConfigError) as error:
            _ = Study(CONFIG | {"models": models, "datasets": {dataset: {"latent_dims": [2]}}}).runs
        return str(error.value)

    assert refused("nowhere", "digits").startswith(
        "config: models.vae.selected_from: nowhere/tables/selection.csv: No such file"
    )
    assert refused(chosen, "mnist").endswith(
        "has no vae on mnist; it has vae on digits, vae on smiley"
    )
