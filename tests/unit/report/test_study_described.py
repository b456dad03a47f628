"""What the Snakefile tells the report of a study."""

import json

import yaml
from checkout import REPOSITORY
from sparsevae.report.study_described import describe
from sparsevae.report.study_page import from_mapping
from sparsevae.study.study import Study


def described(**changes) -> dict:
    config = yaml.safe_load((REPOSITORY / "config/config.yaml").read_text())
    return describe(Study(config | changes))


def test_it_is_plain_and_comes_back_whole():
    page = from_mapping(json.loads(json.dumps(described())))
    assert (page.name, page.runs) == ("quick", 32)
    assert page.families == {"ae": "ae", "vae": "vae", "vsc": "vsc", "vsc-wu": "vsc"}
    assert page.warmed == ("vsc-wu",)
    assert page.pseudo_inputs == ()
    assert page.figures == ("scorecard",)
    digits = page.grid("digits")
    assert (digits.latent_dims, digits.shown_latent_dim, digits.seeds) == ((2, 8, 16), 16, (1, 2))
    assert digits.left_out == ("pseudo_inputs",)


def test_nothing_of_the_machine_is_in_it():
    places = {"datasets_dir": "/where/they/are", "container": "/where/it/is.sif"}
    config = described(**places, device="cpu")["config"]
    assert not {"datasets_dir", "device", "results_dir"} & config.keys()
    assert "container" not in config
    assert config["study"] == "quick"
