"""Bounds of tiny models against log p(x) itself, which is exact (tests/support/tiny_bounds.py)."""

import math

import pytest
import torch
from sparsevae.distributions.spike_slab import SpikeSlab
from sparsevae.evaluation.bounds import ElboTerms, summarise
from tiny_bounds import MODELS, elbo_terms_of, exact, one_row, points


@torch.no_grad()
@pytest.mark.parametrize("name", MODELS)
def test_quadrature_holds_all_mass_of_prior_and_posterior(name, model_of, binary_inputs):
    model = model_of(name)
    posterior = model.encode(binary_inputs)
    z, log_measure = points(isinstance(posterior, SpikeSlab))
    assert (model.log_prior(z) + log_measure).exp().sum().item() == pytest.approx(1, abs=1e-6)
    for row in range(8):
        mass = (one_row(posterior, row).log_prob(z) + log_measure).exp().sum().item()
        assert mass == pytest.approx(1, abs=1e-6)


@torch.no_grad()
@pytest.mark.parametrize("name", MODELS)
def test_probabilities_of_all_images_sum_to_one(name, model_of, binary_inputs):
    """The exact log p(x) that the bounds are held against is one of a distribution over images."""
    evidence, _ = exact(model_of(name), binary_inputs)
    assert evidence.exp().sum().item() == pytest.approx(1, abs=1e-6)


@torch.no_grad()
@pytest.mark.parametrize("name", MODELS)
def test_elbo_is_unbiased_and_below_log_p(name, model_of, binary_inputs, generator, assert_mean):
    model = model_of(name)
    evidence, elbo = exact(model, binary_inputs)
    terms = elbo_terms_of(model, binary_inputs.repeat(800, 1), 5, generator)
    assert_mean((terms.log_likelihood - terms.kl).reshape(4000, 8), elbo)
    measured = summarise([terms])
    assert measured["elbo"] == pytest.approx(
        elbo.mean().item(), abs=4.5 * measured["elbo_standard_error"]
    )
    gap = (evidence - elbo).min().item()
    assert gap > 0.01  # wide enough for the next line to say something
    assert measured["elbo"] + 4.5 * measured["elbo_standard_error"] < evidence.mean().item()


@torch.no_grad()
@pytest.mark.parametrize("selection", ["paper", "sigmoid", "softmax"])
def test_selected_bound_is_at_most_log_u_above_the_elbo(
    selection, model_of, binary_inputs, generator
):
    """KL(q || mixture) <= KL(q || q_u) + log U for any u, so for any weights over u."""
    model = model_of("pseudo_inputs", selection=selection)
    measured = summarise([elbo_terms_of(model, binary_inputs.repeat(400, 1), 5, generator)])
    slack = 4.5 * measured["elbo_standard_error"]
    assert measured["elbo"] + slack >= measured["elbo_selected"] - math.log(3)


@torch.no_grad()
def test_selected_bound_is_free_of_charge_where_each_image_picks_itself(
    model_of, binary_inputs, generator
):
    """Why it is not called an ELBO: a prior that each x picks for itself is not a prior.

    Each of three images is a pseudo-input and picks itself, so that it pays nothing.
    """
    model = model_of("pseudo_inputs", selection="softmax", sharpening=None)
    model.prior.inputs.copy_(binary_inputs[[0, 3, 5]])
    model.prior.selector.weight.copy_(40 * (2 * binary_inputs[[0, 3, 5]] - 1))
    model.prior.selector.bias.copy_(-40 * binary_inputs[[0, 3, 5]].sum(1))
    chosen = binary_inputs[[0, 3, 5]].repeat(400, 1)
    measured = summarise([elbo_terms_of(model, chosen, 5, generator)])
    # the mixture does cost something, at most log 3
    assert measured["kl_slab"] + measured["kl_spike"] == pytest.approx(0, abs=1e-6)
    assert measured["elbo_selected"] == pytest.approx(-measured["reconstruction"], abs=1e-6)
    assert 0 < measured["kl"] < math.log(3)


@torch.no_grad()
def test_one_pseudo_input_makes_both_bounds_one(model_of, binary_inputs, generator, assert_mean):
    model = model_of("pseudo_inputs", pseudo_inputs=1)
    terms = elbo_terms_of(model, binary_inputs.repeat(800, 1), 5, generator)
    selected = terms.kl_slab_selected + terms.kl_spike_selected
    assert_mean(terms.kl.reshape(4000, 8), selected[:8])


@torch.no_grad()
def test_fixed_prior_makes_both_bounds_one(model_of, binary_inputs, generator):
    measured = summarise([elbo_terms_of(model_of("fixed"), binary_inputs, 3, generator)])
    assert measured["elbo"] == pytest.approx(measured["elbo_selected"])
    assert measured["kl"] == pytest.approx(measured["kl_slab"] + measured["kl_spike"])
    assert measured["elbo"] == pytest.approx(-measured["reconstruction"] - measured["kl"])


@torch.no_grad()
@pytest.mark.parametrize("name", ["fixed", "pseudo_inputs"])
def test_standard_error_is_the_spread_over_repeats(name, model_of, binary_inputs, generator):
    model = model_of(name)
    repeats = [summarise([elbo_terms_of(model, binary_inputs, 4, generator)]) for _ in range(100)]
    for bound in ("elbo", "elbo_selected"):
        values = torch.tensor([repeat[bound] for repeat in repeats]).double()
        errors = torch.tensor([repeat[f"{bound}_standard_error"] for repeat in repeats]).double()
        # the spread of 100 repeats is itself uncertain by 1 / sqrt(2 * 99) = 7 %
        expected = errors.square().mean().sqrt().item()
        assert values.std().item() == pytest.approx(expected, rel=4 * 0.07)


@torch.no_grad()
@pytest.mark.parametrize("name", ["fixed", "pseudo_inputs"])
def test_bounds_decode_hard_spikes_even_in_training_mode(
    name, model_of, binary_inputs, generator, decoded_latents
):
    model = model_of(name).train()
    drawn = decoded_latents(model)
    terms = elbo_terms_of(model, binary_inputs, 50, generator)
    decoded = torch.stack(drawn)
    assert (decoded == 0).any()
    torch.testing.assert_close(terms.active, (decoded != 0).float().mean((0, 2)))
    assert summarise([terms])["active_fraction"] == pytest.approx(
        (decoded != 0).double().mean().item()
    )


@torch.no_grad()
def test_active_fraction_is_the_mean_spike_probability(model_of, binary_inputs, generator):
    model = model_of("fixed")
    g = model.encode(binary_inputs).spike_prob
    error = (g * (1 - g)).sum().sqrt().item() / g.numel() / 4000**0.5
    measured = summarise([elbo_terms_of(model, binary_inputs.repeat(800, 1), 5, generator)])
    assert measured["active_fraction"] == pytest.approx(g.mean().item(), abs=4.5 * error)


def made_up(values: list[float]) -> ElboTerms:
    """One draw per sample, with log p(x|z) as given and KL terms of 1 + 2."""
    row = torch.tensor(values)
    return ElboTerms(
        log_likelihood=row[None],
        kl=torch.full_like(row[None], 3.0),
        kl_slab_selected=torch.ones_like(row),
        kl_spike_selected=torch.full_like(row, 2.0),
        sparsity=torch.full_like(row, 4.0),
        active=torch.full_like(row, 0.5),
        hoyer=row.abs() / 16,
    )


def test_each_sample_counts_alike_whatever_its_batch():
    measured = summarise([made_up([-1.0, -2.0, -3.0]), made_up([-10.0])])
    assert measured["reconstruction"] == pytest.approx(4.0)
    assert measured["elbo"] == measured["elbo_selected"] == pytest.approx(-7.0)
    assert (measured["kl"], measured["kl_slab"], measured["kl_spike"]) == (3.0, 1.0, 2.0)
    assert measured["active_fraction"] == 0.5
    assert measured["sparsity"] == 4.0
    assert measured["hoyer"] == 0.25


def test_one_draw_has_no_standard_error():
    measured = summarise([made_up([-1.0, -2.0])])
    assert math.isnan(measured["elbo_standard_error"])
    assert math.isnan(measured["elbo_selected_standard_error"])


@torch.no_grad()
@pytest.mark.parametrize("name", ["fixed", "pseudo_inputs"])
def test_parts_are_means_of_the_draws_and_of_the_objectives_penalties(
    name, model_of, binary_inputs, generator, decoded_latents
):
    model = model_of(name)
    penalties = model.penalties(binary_inputs, model.encode(binary_inputs))
    drawn = decoded_latents(model)
    measured = summarise([elbo_terms_of(model, binary_inputs, 6, generator)])
    latents = torch.stack(drawn)
    # two latents: sqrt(2) - (a + b) / sqrt(a a + b b), over sqrt(2) - 1; no active latent is 1
    a, b = latents.abs().unbind(-1)
    ratio = (a + b) / (a * a + b * b).sqrt()
    expected = ((2**0.5 - ratio) / (2**0.5 - 1)).nan_to_num(nan=1.0)
    assert measured["hoyer"] == pytest.approx(expected.mean().item(), rel=1e-5)
    assert measured["kl_slab"] == pytest.approx(penalties.kl_slab.mean().item())
    assert measured["kl_spike"] == pytest.approx(penalties.kl_spike.mean().item())
    assert measured["sparsity"] == pytest.approx(penalties.sparsity.mean().item())
    assert (measured["sparsity"] > 0) == (name == "pseudo_inputs")
