"""The importance-weighted bound of tiny models against log p(x) (tests/support/tiny_bounds.py)."""

import math

import pytest
import torch
from sparsevae.evaluation.bounds import (
    ImportanceWeighted,
    _jackknife_variance,
    summarise_iwae,
)
from tiny_bounds import MODELS, elbo_terms_of, exact, iwae_of

REPEATS = 400


def repeated(model, inputs, draws: int, generator, repeats: int = REPEATS) -> torch.Tensor:
    """The bound of each input, many times over, (repeats, samples)."""
    result = iwae_of(model, inputs.repeat(repeats, 1), draws, generator)
    return result.log_prob.reshape(repeats, len(inputs))


def spike_slab_log_density(z: float, g: float, mean: float, log_var: float) -> float:
    """Of one latent, with respect to Lebesgue plus a point mass at 0."""
    if z == 0:
        return math.log(1 - g)
    normal = -0.5 * ((z - mean) ** 2 / math.exp(log_var) + log_var + math.log(2 * math.pi))
    return math.log(g) + normal


@torch.no_grad()
def test_weights_are_those_of_the_mixed_measure(
    model_of, binary_inputs, generator, decoded_latents
):
    """Latent by latent and draw by draw in plain Python, with the prior of alpha = 0.3."""
    model = model_of("fixed")
    drawn = decoded_latents(model)
    measured = iwae_of(model, binary_inputs, 7, generator, 3).log_prob
    latents = torch.cat(drawn)
    assert (latents == 0).any()
    assert (latents != 0).any()
    posterior = model.encode(binary_inputs)
    logits = model.decode(latents).logits
    for row, x in enumerate(binary_inputs):
        p_hat = 0.0
        for draw, z in enumerate(latents[:, row]):
            p = torch.sigmoid(logits[draw, row])
            weight = torch.where(x == 1, p, 1 - p).prod().item()
            for j in range(2):
                g, mean, log_var = (
                    tensor[row, j].item()
                    for tensor in (
                        posterior.spike_prob,
                        posterior.slab.mean,
                        posterior.slab.log_var,
                    )
                )
                log_ratio = spike_slab_log_density(z[j].item(), 0.3, 0.0, 0.0)
                log_ratio -= spike_slab_log_density(z[j].item(), g, mean, log_var)
                weight *= math.exp(log_ratio)
            p_hat += weight / 7
        assert measured[row].item() == pytest.approx(math.log(p_hat), abs=1e-9)


@torch.no_grad()
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("draws", [2, 20])
def test_p_hat_is_unbiased(name, draws, covering_model_of, binary_inputs, generator, assert_mean):
    """E[(1/K) sum_k w_k] = p(x) for every K, which fails for any error in a density.

    Weights are skewed: it takes thousands of repeats until their mean is as good as normal.
    """
    model = covering_model_of(name)
    evidence, _ = exact(model, binary_inputs)
    assert_mean(
        repeated(model, binary_inputs, draws, generator, repeats=4000).exp(), evidence.exp()
    )


@torch.no_grad()
@pytest.mark.parametrize("name", MODELS)
def test_with_one_draw_it_is_the_elbo(name, model_of, binary_inputs, generator, assert_mean):
    model = model_of(name)
    _, elbo = exact(model, binary_inputs)
    assert_mean(repeated(model, binary_inputs, 1, generator), elbo)
    terms = elbo_terms_of(model, binary_inputs.repeat(REPEATS, 1), 1, generator)
    assert_mean((terms.log_likelihood - terms.kl).reshape(REPEATS, 8), elbo)


@torch.no_grad()
@pytest.mark.parametrize("name", MODELS)
def test_it_grows_from_the_elbo_to_log_p_with_the_draws(
    name, covering_model_of, binary_inputs, generator
):
    """elbo = IWAE(1) < IWAE(10) < IWAE(100) < IWAE(1000) <= log p(x), each step beyond noise."""
    model = covering_model_of(name)
    evidence, elbo = (values.mean().item() for values in exact(model, binary_inputs))
    below, below_error = elbo, 0.0
    for draws, repeats in ((10, 4000), (100, 1000), (1000, 100)):
        result = iwae_of(model, binary_inputs.repeat(repeats, 1), draws, generator, 5)
        measured = summarise_iwae([result])
        bound, error = measured["iwae"], measured["iwae_standard_error"]
        assert below < bound + 4.5 * math.hypot(error, below_error)
        if draws < 1000:
            assert below + 4.5 * math.hypot(error, below_error) < bound
        assert bound <= evidence + 4.5 * error
        below, below_error = bound, error
    gap = evidence - elbo
    assert evidence - bound < 0.02 * gap + 4.5 * error


@torch.no_grad()
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("chunk", [1, 4, 23, 1000])
def test_numbers_do_not_depend_on_the_chunk(name, chunk, model_of, binary_inputs):
    model = model_of(name)
    one, other = (
        iwae_of(model, binary_inputs, 23, torch.Generator().manual_seed(3), size)
        for size in (5, chunk)
    )
    torch.testing.assert_close(one.log_prob, other.log_prob)
    torch.testing.assert_close(one.variance, other.variance)


@torch.no_grad()
@pytest.mark.parametrize("name", MODELS)
def test_at_most_chunk_times_batch_rows_are_decoded_at_a_time(
    name, model_of, binary_inputs, generator, decoded_latents
):
    model = model_of(name)
    drawn = decoded_latents(model)
    iwae_of(model, binary_inputs, 1000, generator, 16)
    rows = [latents.shape[:-1].numel() for latents in drawn]
    assert max(rows) == 16 * 8
    assert sum(rows) == 1000 * 8


@torch.no_grad()
@pytest.mark.parametrize("name", ["fixed", "pseudo_inputs"])
def test_spikes_are_hard_even_in_training_mode(
    name, model_of, binary_inputs, generator, decoded_latents
):
    model = model_of(name).train()
    drawn = decoded_latents(model)
    iwae_of(model, binary_inputs, 400, generator, 400)
    g = model.encode(binary_inputs).spike_prob
    error = (g * (1 - g) / 400).sqrt()
    assert ((drawn[0] != 0).double().mean(0) - g).abs().le(4.5 * error).all()


@torch.no_grad()
@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("draws", [10, 25])
def test_standard_error_is_the_spread_over_repeats(
    name, draws, covering_model_of, binary_inputs, generator
):
    """With 25 draws, groups are of two and of three."""
    model = covering_model_of(name)
    result = iwae_of(model, binary_inputs.repeat(REPEATS, 1), draws, generator, 5)
    bounds = result.log_prob.reshape(REPEATS, 8).mean(1)
    stated = summarise_iwae([result])["iwae_standard_error"] * REPEATS**0.5
    # the spread of 400 repeats is uncertain by 1 / sqrt(2 * 399) = 3.5 %
    assert bounds.std().item() == pytest.approx(stated, rel=4 * 0.035)


def test_standard_error_does_not_saturate_where_one_weight_outweighs_all(generator):
    """Log-normal weights of 4 nats: the delta method would say at most 1 nat."""
    log_weights = 4 * torch.randn(100, 2000, generator=generator, dtype=torch.float64)
    groups = torch.logsumexp(log_weights.reshape(10, 10, 2000), 0)  # draw k in group k % 10
    spread = (torch.logsumexp(log_weights, 0) - math.log(100)).var().item()
    stated = _jackknife_variance(groups, 100).mean().item()
    weights = (log_weights - log_weights.amax(0)).exp()
    delta = (weights.var(0) / weights.mean(0).square() / 100).mean().item()
    assert delta < 0.5 * spread
    assert 0.9 * spread < stated < 2 * spread


def test_jackknife_leaves_out_one_group_at_a_time():
    """Three draws in two groups: {w0, w2} and {w1}."""
    weights = [0.5, 2.0, 4.0]
    sums = torch.tensor([[4.5], [2.0]], dtype=torch.float64).log()
    without_first, without_second = math.log(2.0), math.log((0.5 + 4.0) / 2)
    middle = (without_first + without_second) / 2
    expected = 0.5 * ((without_first - middle) ** 2 + (without_second - middle) ** 2)
    assert _jackknife_variance(sums, len(weights)).item() == pytest.approx(expected)


def test_mean_over_samples_whatever_their_batch():
    def made_up(log_prob: list[float], variance: list[float]) -> ImportanceWeighted:
        return ImportanceWeighted(torch.tensor(log_prob), torch.tensor(variance))

    measured = summarise_iwae(
        [made_up([-1.0, -2.0, -3.0], [4.0, 0.0, 0.0]), made_up([-10.0], [5.0])]
    )
    assert measured["iwae"] == pytest.approx(-4)
    assert measured["iwae_standard_error"] == pytest.approx(3 / 4)  # sqrt(4 + 5) / 4


@torch.no_grad()
def test_one_draw_has_no_standard_error(model_of, binary_inputs, generator):
    measured = summarise_iwae([iwae_of(model_of("fixed"), binary_inputs, 1, generator)])
    assert math.isnan(measured["iwae_standard_error"])
    assert math.isfinite(measured["iwae"])
