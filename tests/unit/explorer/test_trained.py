"""`sparsevae.load`: against the model's own functions in PyTorch, and by hand."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import sparsevae
import torch
from saved_runs import SHAPE, pixels, saved_run
from sparsevae.distributions.noise import torch_generator
from sparsevae.evaluation.bounds import iwae
from sparsevae.explorer.arrays import WrongInput
from sparsevae.explorer.trained import TrainedModel
from sparsevae.training.saved import read_run

X = pixels()
ROWS = torch.from_numpy(X.reshape(7, 12)).float() / 255


@pytest.fixture
def load(tmp_path):
    def make(*arguments, **settings) -> TrainedModel:
        return sparsevae.load(saved_run(tmp_path / "run", *arguments, **settings))

    return make


def torch_model(tmp_path: Path):
    return read_run(tmp_path / "run").model().eval()


@pytest.mark.parametrize("family", ["ae", "vae", "vsc"])
@torch.no_grad()
def test_codes_and_posterior_are_those_of_the_model(load, family, tmp_path):
    model = load(family)
    posterior = torch_model(tmp_path).encode(ROWS)
    np.testing.assert_array_equal(model.encode(X), posterior.sparse_code)
    parameters = model.posterior(X)
    np.testing.assert_array_equal(parameters.mean, posterior.slab_mean)
    if family == "ae":
        assert parameters.std is None
    else:
        slab = posterior.slab if family == "vsc" else posterior
        np.testing.assert_allclose(parameters.std**2, slab.log_var.exp(), rtol=1e-5)
    if family == "vsc":
        np.testing.assert_array_equal(parameters.spike_prob, posterior.spike_prob)
    else:
        assert parameters.spike_prob is None


def test_codes_have_exact_zeros_where_the_spike_is_off(load):
    model = load()
    codes, spikes = model.encode(X), model.posterior(X).spike_prob
    assert np.array_equal(codes == 0, spikes <= 0.5)
    assert 0 < (codes == 0).mean() < 1


@torch.no_grad()
def test_decoding_reconstructing_and_sampling(load, tmp_path):
    model, inside = load(), torch_model(tmp_path)
    codes = model.encode(X)
    expected = inside.decode(torch.from_numpy(codes)).mean.reshape(7, *SHAPE).numpy()
    np.testing.assert_allclose(model.decode(codes), expected, atol=1e-6)
    for x in (X, X.reshape(7, 12), X[:, 0]):
        np.testing.assert_allclose(model.reconstruct(x), expected.reshape(x.shape), atol=1e-6)
    one, again, other = model.sample(4, seed=1), model.sample(4, seed=1), model.sample(4, seed=2)
    assert one.shape == (4, *SHAPE)
    assert one.dtype == np.float32
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_samples_are_decoded_draws_from_the_prior(load):
    """With a spike probability of nearly zero all latents are off: the decoding of z = 0."""
    model = load(prior={"spike_prob": 1e-6})
    nothing = model.decode(np.zeros((1, 5)))
    np.testing.assert_allclose(model.sample(3), np.repeat(nothing, 3, 0), atol=1e-6)


def test_images_rows_bytes_and_floats_are_the_same_samples(load):
    model = load()
    codes = model.encode(X)
    for x in (X.reshape(7, 12), X[:, 0], X / 255, (X / 255).tolist(), X.astype(np.float32) / 255):
        np.testing.assert_allclose(model.encode(x), codes, atol=1e-5)


@torch.no_grad()
def test_the_likelihood_is_the_bound_of_the_evaluation(load, tmp_path):
    model, inside = load(evaluation={"iwae_samples": 9}), torch_model(tmp_path)
    noise = torch_generator(1, "iwae")
    expected = iwae(inside, ROWS, inside.encode(ROWS), 9, noise).log_prob.numpy()
    np.testing.assert_allclose(model.log_likelihood(X), expected, rtol=1e-6)
    more = [model.log_likelihood(X, draws, seed=4).mean() for draws in (1, 10, 1000)]
    assert more[0] < more[1] < more[2] < 0  # a probability of pixels: below one


def test_batches_change_nothing(load):
    model = load()
    whole = [model.encode(X), model.reconstruct(X), *model.posterior(X)]
    model.batch_size = 2
    for one, other in zip(
        whole, [model.encode(X), model.reconstruct(X), *model.posterior(X)], strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-6)


def test_memory_does_not_grow_with_the_samples(load, monkeypatch):
    model = load()
    model.batch_size = 3
    seen = []
    encode = model._model.encode
    monkeypatch.setattr(model._model, "encode", lambda x: seen.append(len(x)) or encode(x))
    model.encode(pixels(8))
    assert seen == [3, 3, 2]


@torch.no_grad()
def test_a_users_scaling_is_done_inside(load, tmp_path):
    scaling = {"kind": "standard", "offset": [1.0, 2.0, 3.0], "factor": [2.0, 4.0, 8.0]}
    likelihood = {"family": "gaussian", "mean": "linear"}
    model = load("vae", (3,), scaling, likelihood=likelihood)
    x = np.array([[3.0, -6.0, 11.0], [1.0, 2.0, 3.0]])
    inside = torch_model(tmp_path)
    posterior = inside.encode(torch.tensor([[1.0, -2.0, 1.0], [0.0, 0.0, 0.0]]))
    np.testing.assert_allclose(model.encode(x), posterior.mean, atol=1e-6)
    decoded = inside.decode(posterior.mean).mean.numpy()
    np.testing.assert_allclose(model.reconstruct(x), decoded * [2, 4, 8] + [1, 2, 3], atol=1e-5)


@torch.no_grad()
def test_counts_are_reconstructed_with_the_total_of_each_sample(load, tmp_path):
    model = load("vae", (3,), likelihood={"family": "negative_binomial"})
    x = np.array([[3.0, 0.0, 1.0], [10.0, 20.0, 70.0]])
    inside = torch_model(tmp_path)
    shares = inside.decode(inside.encode(torch.from_numpy(x).float()).mean).mean.numpy()
    np.testing.assert_allclose(shares.sum(1), 1, rtol=1e-5)
    np.testing.assert_allclose(model.decode(model.encode(x)), shares, rtol=1e-5)
    np.testing.assert_allclose(model.reconstruct(x), shares * [[4], [100]], rtol=1e-5)
    assert model.log_likelihood(x, draws=3).shape == (2,)
    with pytest.raises(WrongInput, match="needs counts"):
        model.encode(x / 2)


@torch.no_grad()
def test_values_beyond_the_training_sets_are_clipped_as_the_workflow_does(load, tmp_path):
    scaling = {"kind": "unit_interval", "offset": [0.0, 10.0], "factor": [2.0, 10.0]}
    model = load("vae", (2,), scaling)
    found = model.encode(np.array([[3.0, 5.0], [1.0, 15.0]]))
    posterior = torch_model(tmp_path).encode(torch.tensor([[1.0, 0.0], [0.5, 0.5]]))
    np.testing.assert_allclose(found, posterior.mean, atol=1e-6)


@torch.no_grad()
def test_the_papers_unit_norm_is_done_inside(load, tmp_path):
    model = load(likelihood={"inputs": "unit_norm"})
    posterior = torch_model(tmp_path).encode(ROWS / ROWS.norm(dim=1, keepdim=True))
    np.testing.assert_allclose(model.encode(X), posterior.sparse_code, atol=1e-6)


NAN = np.full((4, 12), 0.5)
NAN[2, 3:5] = np.nan, np.inf


@pytest.mark.parametrize(
    ("x", "said"),
    [
        (X[0, 0, 0], r"x has shape \(4,\), expected \(n, 1, 3, 4\) or \(n, 12\) or \(n, 3, 4\)"),
        (X[0, 0], r"for one sample write x\[None\]$"),
        (X[:0], "expected"),
        (np.zeros((2, 13)), r"x has shape \(2, 13\), expected"),
        (X.astype(float), r"x has values from \d+ to \d+; images are numbers in \[0, 1\], or of"),
        (X / -255, r"x has values from -[\d.]+ to "),
        (NAN, r"not finite, the first in sample 2, feature 3 \(nan\), and 2 of 48 from sample 0"),
        (np.array([["a"] * 12]), "x has type <U1; expected real numbers"),
        ([[1, 2], [3]], "x is no array"),
        (X * 1j, "x has type complex128"),
        (None, "x has type object"),
    ],
)
def test_what_a_model_cannot_take_is_one_line(load, x, said):
    with pytest.raises(WrongInput, match=said) as error:
        load().encode(x)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("z", "said"),
    [
        (np.zeros((2, 4)), r"z has shape \(2, 4\), expected \(n, 5\)$"),
        (np.zeros(5), r"for one code write z\[None\]$"),
        (np.full((1, 5), np.nan), "z has values that are not finite"),
    ],
)
def test_codes_that_cannot_be_decoded_are_one_line(load, z, said):
    with pytest.raises(WrongInput, match=said):
        load().decode(z)


def test_reals_outside_of_the_likelihoods_range_are_one_line(load):
    model = load("vae", (3,))
    with pytest.raises(WrongInput, match=r"bernoulli needs inputs in \[0, 1\] and these are from"):
        model.encode(np.full((2, 3), 1.5))


@pytest.mark.parametrize("method", ["sample", "log_likelihood"])
def test_an_autoencoder_has_no_prior(load, method):
    argument = 3 if method == "sample" else X
    with pytest.raises(WrongInput, match=f"an autoencoder has no prior, so no {method}"):
        getattr(load("ae"), method)(argument)


def test_nothing_is_imported_before_it_is_needed():
    code = "import sys, sparsevae; sys.exit('torch' in sys.modules or 'numpy' in sys.modules)"
    scripts = Path(sparsevae.__file__).parents[1]
    subprocess.run([sys.executable, "-c", code], cwd=scripts, check=True)
