"""What the page is told of a study and of a model."""

import json
import re

import numpy as np
import pytest
import torch
from checkout import REPOSITORY
from exported import parse, unpack
from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.mixture import Mixture
from sparsevae.explorer.export import script, study_record
from sparsevae.explorer.model_record import model_record
from sparsevae.explorer.page import embedded, write_page
from sparsevae.models.vae import VAE
from sparsevae.study.settings import RunConfig

PAGE = REPOSITORY / "workflow/pages/explorer"
HOSTILE = "</script><img src=x onerror=alert(1)>"


@pytest.fixture
def inputs() -> torch.Tensor:
    return torch.rand(6, 3, generator=torch.Generator().manual_seed(5))


def test_of_a_vsc_codes_spikes_and_what_is_on(tiny_model, inputs):
    model = tiny_model("vsc").float()
    record = json.loads(json.dumps(model_record(model, inputs, "run")))
    posterior = model.encode(inputs)
    means, spikes = unpack(record["means"]), unpack(record["spike_probs"])
    torch.testing.assert_close(torch.tensor(means), posterior.slab.mean.detach(), atol=1e-5, rtol=0)
    assert abs(spikes - posterior.spike_prob.detach().numpy()).max() < 2e-4
    on = [[int(prob > 0.5) for prob in row] for row in posterior.spike_prob]
    assert record["active"] == ["".join(map(str, row)) for row in on]
    assert record["prior"] == {"kind": "spike_and_slab", "spike_prob": 0.5}
    assert record["peak"] == inputs.max().item()


def test_of_a_vae_no_spikes_and_a_normal_prior(tiny_model, inputs):
    record = model_record(tiny_model("vae").float(), inputs, "run")
    assert (record["spike_probs"], record["prior"]) == (None, {"kind": "normal"})


def test_of_an_autoencoder_codes_and_why_there_is_no_prior(tiny_model, inputs):
    model = tiny_model("ae").float()
    record = model_record(model, inputs, "run")
    codes = torch.tensor(unpack(record["means"]))
    torch.testing.assert_close(codes, model.posterior_mean(inputs).detach(), atol=1e-5, rtol=1e-5)
    assert record["prior"] == {"kind": "none", "reason": "An autoencoder has no prior."}


class TwoHumps(VAE):
    """A VAE with a prior of its own."""

    def prior_distribution(self):
        mean = torch.tensor([[2.0, 0.0], [-2.0, 1.0]])
        return Mixture(DiagonalGaussian(mean, torch.full_like(mean, -1.0)))


class Uniform(VAE):
    """A VAE whose prior is no mixture of Gaussians."""

    def prior_distribution(self):
        return None

    def sample_prior(self, n, generator):
        return torch.rand(n, self.latent_dim, generator=generator)


def test_of_a_new_model_the_prior_that_it_states(inputs):
    """Not that of the class which it derives from."""
    model = TwoHumps((1, 1, 3), 2)
    record = model_record(model, inputs, "run")["prior"]
    assert record["kind"] == "mixture"
    expected = {
        "means": [[2.0, 0.0], [-2.0, 1.0]],
        "log_vars": [[-1.0, -1.0]] * 2,
        "spike_probs": [[1.0, 1.0]] * 2,
    }
    for name, values in expected.items():
        assert unpack(record[name]) == pytest.approx(np.array(values), abs=1e-3)


def test_of_a_prior_that_the_page_cannot_draw_from_there_is_no_button(inputs):
    record = model_record(Uniform((1, 1, 3), 2), inputs, "run")["prior"]
    assert record["kind"] == "none"
    assert record["reason"].startswith("This page cannot draw")


def test_of_pseudo_inputs_the_components_as_the_prior_has_them(tiny_model, inputs):
    prior = {"kind": "pseudo_inputs", "pseudo_inputs": 4, "sharpening_end": 9.0}
    model = tiny_model("vsc", prior=prior).float()
    record = model_record(model, inputs, "run")["prior"]
    parts = model.prior_components()
    expected = {
        "means": parts.slab.mean,
        "log_vars": parts.slab.log_var,
        "spike_probs": parts.spike_prob,
    }
    for name, values in expected.items():
        steps = values.detach().abs().max(dim=1, keepdim=True).values / 32767
        assert ((torch.tensor(unpack(record[name])) - values.detach()).abs() <= steps).all(), name


def test_a_model_is_the_same_bytes_each_time(tiny_model, inputs):
    one, other = (
        script("decoder-0", model_record(tiny_model("vsc").float(), inputs, "run")) for _ in "ab"
    )
    assert one == other


def test_a_study_has_its_models_colours_and_files():
    runs = [
        RunConfig(dataset="digits", model=model, latent_dim=size, seed=1, family=family)
        for model, family in (("vae", "vae"), ("mine", "vsc"))
        for size in (2, 8)
    ]
    digits = {"shape": [1, 8, 8], "classes": list("0123456789"), "shown_latents": 8}
    record = study_record("s", ["ae", "vae", "mine"], runs, {"digits": digits})
    assert [(m["name"], m["label"], m["family"]) for m in record["models"]] == [
        ("vae", "VAE", "vae"),
        ("mine", "mine", "vsc"),
    ]
    assert record["models"][0]["colour"] == "#0072B2"
    (found,) = record["datasets"]
    assert found == {"name": "digits", **digits, "images": 0, "decoders": found["decoders"]}
    assert found["decoders"][1] == {"model": "mine", "latents": 2, "file": 2}
    assert [decoder["latents"] for decoder in found["decoders"]] == [2, 2, 8, 8]


def test_a_study_without_images_has_no_datasets():
    assert study_record("s", ["vae"], [], {})["datasets"] == []


def test_text_of_the_config_ends_no_script():
    line = script(HOSTILE, {"name": HOSTILE})
    assert "<" not in line
    assert parse(line) == (HOSTILE, {"name": HOSTILE})


def test_the_page_shows_the_name_of_a_study_as_text(tmp_path):
    write_page(PAGE, tmp_path, HOSTILE)
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "<img src=x" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") == 2


def test_another_page_takes_the_explorer_in_from_a_folder():
    page = embedded(PAGE, 'a"b')
    lines = page.splitlines()
    assert lines[0] == '<link rel="stylesheet" href="a&quot;b/explorer.css">'
    assert lines[1] == '<script src="a&quot;b/data.js" defer></script>'
    assert 'data-folder="a&quot;b/data"' in page


def test_the_page_has_every_file_that_it_names(tmp_path):
    write_page(PAGE, tmp_path, "s")
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    named = re.findall(r'(?:src|href)="\./([^"]+)"', page)
    assert sorted([*named, "index.html"]) == sorted(file.name for file in tmp_path.iterdir())
