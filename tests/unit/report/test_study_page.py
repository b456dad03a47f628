"""What the Snakefile tells the report of a study."""

import json

import yaml
from checkout import REPOSITORY
from sparsevae.figures.plan import planned
from sparsevae.report.study_page import describe, from_mapping
from sparsevae.study.study import Study


def described(**changes) -> dict:
    config = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text())
    study = Study(config | changes)
    return describe(study, planned(study))


def test_it_is_plain_and_comes_back_whole():
    page = from_mapping(json.loads(json.dumps(described())))
    assert (page.name, page.runs) == ("quick", 21)
    vscs = dict.fromkeys(("vsc", "vsc-0.01", "vsc-wu"), "vsc")
    assert page.families == {"ae": "ae", "vae": "vae"} | vscs
    assert page.warmed == ("vsc-wu",)
    assert page.pseudo_inputs == ("vsc-wu",)
    assert page.figures == ("scorecard",)
    digits = page.grid("mnist_5k")
    assert (digits.latent_dims, digits.shown_latent_dim) == ((2, 16), 16)
    assert (digits.seeds, digits.once) == ((1, 2, 3, 4), ("2 latents", "ae"))
    assert digits.seeds_in_words == "4 seeds each (one for 2 latents and ae)"
    assert digits.left_out == {
        "factor_correlations": "known factors",
        "pseudo_inputs": "a model with pseudo-inputs",
    }


def test_nothing_of_the_machine_is_in_it():
    places = {"datasets_dir": "/where/they/are", "container": "/where/it/is.sif"}
    config = described(**places, device="cpu")["config"]
    assert not {"datasets_dir", "device", "results_dir"} & config.keys()
    assert "container" not in config
    assert config["study"] == "quick"
