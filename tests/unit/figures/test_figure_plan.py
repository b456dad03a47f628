"""Which figures a study makes of which dataset, and why not the others."""

from copy import deepcopy
from typing import Any

import pytest
from sparsevae.figures.catalogue import declarations, figure_names
from sparsevae.figures.declaration import Need
from sparsevae.figures.plan import datasets_of, figure_files, figures_of, left_out, study_figures
from sparsevae.study.settings import merge
from sparsevae.study.study import Study

# A study of which every figure of a dataset can be made.
RICH: dict[str, Any] = {
    "study": "trial",
    "seeds": [1, 2],
    "models": {
        "ae": {"family": "ae"},
        "vae": {"family": "vae"},
        "beta": {"family": "vae", "beta": 4},
        "vsc": {"family": "vsc", "prior": {"kind": "pseudo_inputs"}},
    },
    "datasets": {"smiley": {"latent_dims": [2, 8]}},
    "run": {"evaluation": {"probe_curve": [100], "probe_labels": 50}},
    "figures": list(figure_names()),
}
OF_A_DATASET = {name for name, figure in declarations().items() if figure.per == "dataset"}


def study(**changes: Any) -> Study:
    return Study(merge(deepcopy(RICH), changes))


def with_dataset(name: str, **entry: Any) -> Study:
    return study(datasets={"smiley": None, name: {"latent_dims": [2, 8]} | entry})


def names_with(*needs: Need) -> set[str]:
    return {name for name in OF_A_DATASET if set(needs) & set(declarations()[name].needs)}


def test_a_study_with_all_that_is_needed_has_every_figure():
    assert set(figures_of(study(), "smiley")) == OF_A_DATASET
    assert left_out(study(), "smiley") == {}


def test_figures_are_those_of_the_config_in_its_order():
    asked = study(figures=["traversals", "scorecard", "examples"])
    assert figures_of(asked, "smiley") == ("traversals", "examples")
    assert study_figures(asked) == ("scorecard",)
    stems = ("smiley/traversals", "smiley/examples", "scorecard")
    assert figure_files(asked) == [
        f"results/trial/figures/{stem}.{suffix}" for stem in stems for suffix in ("png", "pdf")
    ]


@pytest.mark.parametrize(
    ("lacking", "trial"),
    [
        ([Need.IMAGES, Need.FACTORS], with_dataset("uci_har")),
        ([Need.CLASSES, Need.FACTORS], with_dataset("celeba")),
        ([Need.FACTORS], with_dataset("digits")),
        ([Need.TWO_LATENTS], study(datasets={"smiley": {"latent_dims": [3, 8]}})),
        ([Need.LATENT_SIZES], study(datasets={"smiley": {"latent_dims": [2]}})),
        ([Need.LABEL_COUNTS], study(run={"evaluation": {"probe_curve": [50]}})),
        ([Need.WEIGHTS], study(models={"beta": {"training": {"epochs": 3}}})),
        (
            [Need.PRIOR, Need.MIXTURE, Need.SPIKES, Need.WEIGHTS, Need.PSEUDO_INPUTS],
            study(datasets={"smiley": {"models": ["ae"]}}),
        ),
        ([Need.SPIKES, Need.PSEUDO_INPUTS], study(models={"vsc": None})),
        ([Need.PSEUDO_INPUTS], study(models={"vsc": {"prior": {"kind": "fixed"}}})),
    ],
    ids=lambda value: "+".join(need.name for need in value) if isinstance(value, list) else "",
)
def test_what_would_show_nothing_is_left_out_with_the_reason(lacking, trial):
    (dataset,) = trial.grids
    missing = names_with(*lacking)
    assert missing
    assert set(figures_of(trial, dataset)) == OF_A_DATASET - missing
    for name, words in left_out(trial, dataset).items():
        needs = [need for need in declarations()[name].needs if need in lacking]
        assert words == ", ".join(need.value for need in needs)


def test_probes_see_no_more_labels_than_there_are_images():
    """The digits have 1,437: at 2,000 and at 5,000 labels a probe sees these."""
    trial = {"run": {"evaluation": {"probe_curve": [2000], "probe_labels": 5000}}}
    digits = with_dataset("digits", **trial)
    assert "accuracy_vs_labels" not in figures_of(digits, "digits")
    mnist = with_dataset("mnist", **trial)
    assert "accuracy_vs_labels" in figures_of(mnist, "mnist")


def test_models_of_another_dataset_do_not_count():
    both = study(datasets={"digits": {"latent_dims": [2, 8], "models": ["vae"]}})
    assert "pseudo_inputs" in figures_of(both, "smiley")
    assert "pseudo_inputs" not in figures_of(both, "digits")
    assert datasets_of(both, declarations()["pseudo_inputs"]) == ("smiley",)


def test_alphas_make_a_line_as_betas_do():
    models = {"beta": None, "vsc": {"prior": {"kind": "fixed", "spike_prob": 0.2}}}
    one = study(models=models)
    assert "bound_vs_weight" not in figures_of(one, "smiley")
    sparser = {"family": "vsc", "prior": {"spike_prob": 0.1}}
    assert "bound_vs_weight" in figures_of(study(models=models | {"sparser": sparser}), "smiley")
