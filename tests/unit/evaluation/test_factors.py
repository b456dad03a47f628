import json

import numpy as np
import pytest
import torch
from sparsevae.data.smiley import smiley
from sparsevae.data.split import Split
from sparsevae.evaluation import (
    dci,
    disentanglement,
    factors,
    mutual_information,
    presence_auc,
    presence_regression,
)
from sparsevae.evaluation.encoded import Encoded, encode_split

FAMILIES = ["ae", "vae", "tcvae", "vsc"]


@pytest.fixture(scope="module")
def test() -> Split:
    return smiley(n_train=0, n_test=400)[1]


@pytest.fixture
def model(tiny_model):
    return lambda family: tiny_model(family, shape=(1, 32, 32)).float()


def encoded(model, test: Split) -> Encoded:
    """The first 300 images, in batches of 64."""
    return encode_split(model, test, "unit_interval", 64).first(300)


@torch.no_grad()
@pytest.mark.parametrize("family", FAMILIES)
def test_latents_are_one_hard_draw_per_image_or_the_code(family, model, test):
    run = model(family)
    latents = factors.draw_latents(encoded(run.train(), test), seed=1)
    assert latents.shape == (300, 2)
    assert np.array_equal(latents, factors.draw_latents(encoded(run, test), seed=1))
    assert np.array_equal(latents, factors.draw_latents(encoded(run, test), seed=2)) == (
        family == "ae"
    )
    x = torch.from_numpy(test.inputs[:300].reshape(300, -1)).float() / 255
    codes = run.posterior_mean(x).numpy()
    if family == "vsc":
        off = 1 - run.encode(x).spike_prob.mean(0).numpy()
        np.testing.assert_allclose((latents == 0).mean(0), off, atol=0.1)
    assert np.allclose(latents, codes, atol=1e-4) == (family == "ae")


@pytest.mark.parametrize("family", FAMILIES)
def test_measures_are_those_of_this_draw(family, model, test):
    run = model(family)
    measures, table = factors.relate(encoded(run, test), seed=1)
    assert tuple(measures) == factors.MEASURES
    latents = factors.draw_latents(encoded(run, test), seed=1)
    truth = test.factors[:300], test.presence[:300]
    matrix = disentanglement.factor_correlations(*truth, latents)
    expected = disentanglement.summarise(matrix)
    for other in (mutual_information, dci):
        expected |= other.summarise(*truth, latents)
    expected |= presence_regression.regress_given_presence(*truth, latents)
    expected |= presence_auc.summarise(*truth, latents)
    defined = {name: value for name, value in measures.items() if value is not None}
    assert defined == {name: value for name, value in expected.items() if not np.isnan(value)}
    json.dumps(measures, allow_nan=False)
    assert [(row["factor"], row["latent"]) for row in table] == [
        (factor, latent) for factor in range(18) for latent in range(2)
    ]
    assert [row["correlation"] for row in table] == matrix.ravel().tolist()
    assert all(list(row) == factors.CORRELATION_COLUMNS for row in table)


def test_without_known_factors_nothing_is_defined(model, test):
    unknown = Split(test.inputs, test.labels)
    measures, table = factors.relate(encoded(model("vsc"), unknown), seed=1)
    assert measures == dict.fromkeys(factors.MEASURES)
    assert table == []


def test_a_validation_set_has_the_cheap_measures_with_the_same_values(model, test):
    run = model("vsc")
    whole, _ = factors.relate(encoded(run, test), seed=1)
    found = factors.relate_validation(encoded(run, test), seed=1)
    assert tuple(found) == factors.OF_VALIDATION
    assert found == {name: whole[name] for name in factors.OF_VALIDATION}
