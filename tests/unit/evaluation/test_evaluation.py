import json
import math

import numpy as np
import pytest
import torch
from sparsevae.data.split import Split
from sparsevae.evaluation.encoded import encode_split
from sparsevae.evaluation.evaluate import (
    ACTIVATION_COLUMNS,
    class_activations,
    evaluate,
    evaluate_validation,
    warning_of,
)
from sparsevae.models.base import Model
from sparsevae.study.settings import Evaluation

MEASURES = [
    "elbo",
    "elbo_standard_error",
    "elbo_selected",
    "elbo_selected_standard_error",
    "iwae",
    "iwae_standard_error",
    "elbo_iwae_images",
    "reconstruction",
    "kl",
    "kl_slab",
    "kl_spike",
    "sparsity",
    "active_fraction",
    "hoyer",
    "used_latents",
    "pseudo_inputs_in_use",
    "collapsed",
    "elbo_of_mean",
    "worse_than_mean",
]
OF_AUTOENCODERS = [
    *("reconstruction", "active_fraction", "hoyer", "used_latents"),
    *("elbo_of_mean", "worse_than_mean"),
]
OF_PSEUDO_INPUTS = ["sparsity", "pseudo_inputs_in_use"]


def images(n: int, seed: int) -> Split:
    """Random images of 1x2x3 pixels with three labels, and one pixel that tells the label."""
    generator = np.random.default_rng(seed)
    inputs = generator.integers(0, 256, (n, 1, 2, 3), dtype=np.uint8)
    labels = (np.arange(n) % 3).astype(np.uint8)
    inputs[:, 0, 0, 0] = labels * 100
    return Split(inputs, labels)


TEST = images(30, 2)


@pytest.fixture
def model(tiny_model):
    return lambda family: tiny_model(family, shape=(1, 2, 3)).float()


def evaluated(
    model: Model,
    test: Split = TEST,
    max_images: int | None = None,
    elbo_of_mean: float = -1e3,
    **settings,
) -> dict:
    """The measures of a test set, of which a batch has eight images."""
    evaluation = Evaluation(**({"samples": 3, "batch_size": 8} | settings))
    encoded = encode_split(model, test, "unit_interval", evaluation.batch_size)
    return evaluate(model, encoded.first(max_images), evaluation, 1, elbo_of_mean)[0]


def activations_of(model: Model, test: Split = TEST) -> list[dict]:
    return class_activations(encode_split(model, test, "unit_interval", 7))


@pytest.mark.parametrize("family", ["ae", "vae", "tcvae", "vsc"])
def test_every_model_has_the_same_measures(family, model):
    metrics = evaluated(model(family))
    assert list(metrics) == MEASURES
    json.dumps(metrics, allow_nan=False)
    defined = [name for name in MEASURES if metrics[name] is not None]
    of_others = [name for name in MEASURES if name not in OF_PSEUDO_INPUTS]
    assert defined == (OF_AUTOENCODERS if family == "ae" else of_others)


@torch.no_grad()
def test_pseudo_inputs_have_a_sparsity_penalty_and_a_number_in_use(tiny_model):
    prior = {"kind": "pseudo_inputs", "pseudo_inputs": 4, "selection": "softmax"}
    vsc = tiny_model("vsc", (1, 2, 3), prior=prior).float()
    metrics = evaluated(vsc)
    assert [name for name in MEASURES if metrics[name] is None] == []
    x = torch.from_numpy(TEST.inputs.reshape(30, 6)) / 255
    mean = torch.softmax(vsc.prior.selector(x), 1).mean(0)
    perplexity = 2 ** -(mean * mean.log2()).sum().item()
    assert metrics["pseudo_inputs_in_use"] == pytest.approx(perplexity, rel=1e-5)
    penalty = vsc.penalties(x, vsc.encode(x)).sparsity.mean().item()
    assert metrics["sparsity"] == pytest.approx(penalty, rel=1e-5)


def test_iwae_is_of_the_first_images_alone(model, decoded_latents):
    """7 of 30 test images, with as many draws at a time as make up a batch of 14."""
    vsc = model("vsc")
    drawn = decoded_latents(vsc)
    settings = {"iwae_samples": 25, "iwae_images": 7, "batch_size": 14}
    whole = evaluated(vsc, **settings)
    rows = [latents.shape[:-1] for latents in drawn if latents.dim() == 3]
    assert rows == [(2, 7)] * 12 + [(1, 7)]
    first = evaluated(vsc, Split(TEST.inputs[:7], TEST.labels[:7]), **settings)
    assert (first["iwae"], first["iwae_standard_error"]) == (
        whole["iwae"],
        whole["iwae_standard_error"],
    )
    assert first["elbo"] != whole["elbo"]


def test_iwae_is_above_the_elbo_of_the_same_images(model):
    metrics = evaluated(model("vsc"), iwae_samples=100, iwae_images=None, samples=50)
    slack = 4.5 * (metrics["elbo_standard_error"] + metrics["iwae_standard_error"])
    assert metrics["elbo"] + slack < metrics["iwae"]


def test_iwae_can_be_left_out_and_changes_nothing_else(model):
    with_it = evaluated(model("vsc"))
    without = evaluated(model("vsc"), iwae_samples=None)
    of_iwae = ("iwae", "iwae_standard_error", "elbo_iwae_images")
    assert {without[name] for name in of_iwae} == {None}
    assert without | {name: with_it[name] for name in of_iwae} == with_it


def test_the_elbo_beside_iwae_is_of_the_same_images(model):
    """A first batch of its own, so that it has the same draws alone and in the whole set."""
    settings = {"iwae_samples": 5, "iwae_images": 8}
    whole = evaluated(model("vsc"), **settings)
    first = evaluated(model("vsc"), Split(TEST.inputs[:8], TEST.labels[:8]), **settings)
    assert whole["elbo_iwae_images"] == pytest.approx(first["elbo"], rel=1e-12)
    assert whole["elbo_iwae_images"] != pytest.approx(whole["elbo"], rel=1e-3)


def test_validation_measures_are_those_of_a_test_set_of_the_same_samples(model):
    vsc, settings = model("vsc"), Evaluation(samples=3, iwae_samples=5, batch_size=8)
    other = images(12, 5)
    unseen = encode_split(vsc, other, "unit_interval", 8)
    found = evaluate_validation(vsc, unseen, settings, 1)
    as_test = evaluated(vsc, other, iwae_samples=5)
    for name in ("elbo", "iwae", "reconstruction", "active_fraction"):
        assert found[f"validation_{name}"] == as_test[name]
    assert found["validation_mig"] is None
    nothing = evaluate_validation(vsc, None, settings, 1)
    assert nothing.keys() == found.keys()
    assert {*nothing.values()} == {None}


def test_means_over_images_are_the_measures(model):
    settings = Evaluation(samples=3, batch_size=8, iwae_samples=5, iwae_images=7)
    encoded = encode_split(model("vsc"), TEST, "unit_interval", 8)
    metrics, per_image = evaluate(model("vsc"), encoded, settings, 1, -1e3)
    assert {name: len(values) for name, values in per_image.items()} == {
        **dict.fromkeys(("elbo", "elbo_selected", "kl"), 30),
        "iwae": 7,
    }
    for name, values in per_image.items():
        assert values.mean() == pytest.approx(metrics[name], rel=1e-6)


@torch.no_grad()
def test_a_posterior_that_is_alike_for_every_image_has_collapsed(model):
    """However far from the prior it is."""
    vae = model("vae")
    assert evaluated(vae)["collapsed"] == 0
    vae.heads["mean"].weight.zero_()
    vae.heads["mean"].bias.fill_(3.0)
    metrics = evaluated(vae)
    assert (metrics["collapsed"], metrics["used_latents"]) == (1, 0)
    assert metrics["kl"] > 9


@torch.no_grad()
def test_a_posterior_that_is_the_prior_has_collapsed(model):
    vae = model("vae")
    for parameter in vae.heads["log_var"].parameters():
        parameter.zero_()
    codes = vae.posterior_mean(torch.from_numpy(TEST.inputs.reshape(30, 6)) / 255)
    spread = vae.heads["mean"]
    scale = 0.3 / codes.std(0)  # var(mean) 0.09: used, but a KL of 0.045 nats a latent
    spread.bias.copy_((spread.bias - codes.mean(0)) * scale)
    spread.weight.mul_(scale[:, None])
    metrics = evaluated(vae)
    assert metrics["kl"] == pytest.approx(0.09, rel=0.05)
    assert (metrics["used_latents"], metrics["collapsed"]) == (2, 1)


def test_reconstruction_of_an_autoencoder_is_its_mean_loss(model):
    """Over samples, whatever the batches: 30 in batches of 8."""
    autoencoder = model("ae")
    metrics = evaluated(autoencoder)
    x = torch.from_numpy(TEST.inputs.reshape(30, 6)) / 255
    probability = torch.sigmoid(autoencoder.decode(autoencoder.posterior_mean(x)).logits)
    loss = -(x * probability.log() + (1 - x) * (1 - probability).log()).sum(1).mean()
    assert metrics["reconstruction"] == pytest.approx(loss.item(), rel=1e-5)


def test_zeros_of_a_k_sparse_code_are_counted(tiny_model):
    """One of two latents is kept, and none where no activation is positive."""
    k_sparse = tiny_model("topk", shape=(1, 2, 3), support={"kept": 1}).float()
    metrics = evaluated(k_sparse)
    x = torch.from_numpy(TEST.inputs.reshape(30, 6)) / 255
    positive = (k_sparse.posterior_parameters(x)["mean"] > 0).any(-1)
    assert positive.double().mean() > 0
    assert metrics["active_fraction"] == pytest.approx(positive.double().mean().item() / 2)
    assert metrics["elbo"] is None


def test_bounds_do_not_depend_on_the_mode_that_training_left(model):
    vsc = model("vsc")
    first = evaluated(vsc.train())
    assert evaluated(vsc.eval()) == first
    assert 0 < first["active_fraction"] < 1  # hard spikes


def test_more_draws_make_a_smaller_standard_error(model):
    errors = [evaluated(model("vsc"), samples=n)["elbo_standard_error"] for n in (10, 40)]
    assert errors[1] == pytest.approx(errors[0] / 2, rel=0.3)


def test_one_draw_has_no_standard_error(model):
    assert evaluated(model("vsc"), samples=1)["elbo_standard_error"] is None


def test_only_the_first_test_images_are_measured_where_asked(model):
    first = Split(TEST.inputs[:12], TEST.labels[:12])
    assert evaluated(model("vae"), max_images=12) == evaluated(model("vae"), first)


@torch.no_grad()
def test_class_activations_are_means_over_each_class(model):
    vsc = model("vsc")
    x = torch.from_numpy(TEST.inputs.reshape(30, 6)) / 255
    table = activations_of(vsc)
    assert [(row["label"], row["latent"]) for row in table] == [
        (label, latent) for label in range(3) for latent in range(2)
    ]
    for row in table:
        assert list(row) == ACTIVATION_COLUMNS
        posterior = vsc.encode(x[TEST.labels == row["label"]])
        mean = (posterior.spike_prob * posterior.slab.mean).mean(0)[row["latent"]].item()
        assert row["mean_latent"] == pytest.approx(mean, rel=1e-4)
        spike = posterior.spike_prob.mean(0)[row["latent"]].item()
        assert row["mean_spike_prob"] == pytest.approx(spike, rel=1e-4)


@pytest.mark.parametrize("family", ["ae", "vae"])
def test_models_without_spikes_have_none_to_show(family, model):
    activations = activations_of(model(family))
    assert {row["mean_spike_prob"] for row in activations} == {None}


def test_features_that_are_no_images_are_measured_as_rows(tiny_model):
    features = np.random.default_rng(8).random((30, 6), dtype=np.float32)
    test = Split(features, (np.arange(30) % 3).astype(np.uint8))
    vsc = tiny_model("vsc", (6,), likelihood={"family": "gaussian"}).float()
    metrics, activations = evaluated(vsc, test), activations_of(vsc, test)
    as_image = Split(test.inputs.reshape(30, 1, 2, 3), test.labels)
    assert (evaluated(vsc, as_image), activations_of(vsc, as_image)) == (metrics, activations)
    assert math.isfinite(metrics["elbo"])
    assert len(activations) == 3 * 2


@pytest.mark.parametrize("family", ["ae", "vae", "vsc"])
def test_a_run_below_the_mean_of_the_training_set_is_flagged_and_warned_of(family, model):
    run = model(family)
    metrics = evaluated(run)
    bound = -metrics["reconstruction"] if family == "ae" else metrics["elbo"]
    for reference, worse in ((bound - 0.01, 0), (bound + 0.01, 1)):
        metrics = evaluated(run, elbo_of_mean=reference)
        assert (metrics["elbo_of_mean"], metrics["worse_than_mean"]) == (reference, worse)
        warning = warning_of(metrics, "digits/vae/latent-2/seed-1")
        if worse:
            assert warning.startswith("WARNING: digits/vae/latent-2/seed-1: worse than a model")
            assert f"{reference:.2f} nats" in warning
        else:
            assert warning is None


@torch.no_grad()
def test_a_bound_that_overflows_is_worse_and_not_defined(model):
    vae = model("vae")
    vae.heads["log_var"].bias.fill_(1000.0)
    metrics = evaluated(vae)
    assert (metrics["elbo"], metrics["worse_than_mean"]) == (None, 1)
    json.dumps(metrics, allow_nan=False)
