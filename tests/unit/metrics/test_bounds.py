"""Bounds of tiny models against log p(x) itself: two latents, three binary pixels.

Every pattern of spikes is summed over, and slabs are integrated over by the trapezoidal rule, which
is exact to rounding for such smooth, fast-falling integrands.
"""

import math
from itertools import product

import pytest
import torch
from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.spike_slab import SpikeSlab
from sparsevae.metrics.bounds import ElboTerms, elbo_terms, summarise
from sparsevae.models.model import GenerativeModel

GRID = torch.linspace(-14, 14, 401, dtype=torch.float64) + 1e-3  # does not meet 0
STEP = (GRID[1] - GRID[0]).item()
FIXED = {"prior": {"kind": "fixed", "spike_prob": 0.3}}
PSEUDO_INPUTS = {"prior": {"kind": "pseudo_inputs", "pseudo_inputs": 3}}
MODELS = {"vae": ("vae", {}), "fixed": ("vsc", FIXED), "pseudo_inputs": ("vsc", PSEUDO_INPUTS)}


def points(sparse: bool) -> tuple[torch.Tensor, torch.Tensor]:
    """All (z, log of its measure): the plane, and with spikes its two axes and the origin."""
    zero = torch.zeros(1, dtype=torch.float64)
    latents, log_measure = [], []
    for first, second in product([GRID, zero], repeat=2) if sparse else [(GRID, GRID)]:
        z = torch.cartesian_prod(first, second)
        latents.append(z)
        continuous = (len(first) > 1) + (len(second) > 1)
        log_measure.append(torch.full((len(z),), continuous * math.log(STEP)).double())
    return torch.cat(latents), torch.cat(log_measure)


def exact(model: GenerativeModel, inputs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """log p(x) and the ELBO, E_q[log p(x|z) + log p(z) - log q(z|x)], of each sample."""
    posterior = model.encode(inputs)
    z, log_measure = points(isinstance(posterior, SpikeSlab))
    log_prior = model.log_prior(z)
    evidence, elbo = [], []
    for row, x in enumerate(inputs):
        log_joint = log_prior + model.decode(z).log_prob(x[None])
        evidence.append(torch.logsumexp(log_joint + log_measure, 0))
        log_q = one_row(posterior, row).log_prob(z)
        elbo.append(((log_q + log_measure).exp() * (log_joint - log_q)).sum())
    return torch.stack(evidence), torch.stack(elbo)


def one_row(posterior: SpikeSlab | DiagonalGaussian, row: int) -> SpikeSlab | DiagonalGaussian:
    gaussian = posterior.slab if isinstance(posterior, SpikeSlab) else posterior
    gaussian = DiagonalGaussian(gaussian.mean[row], gaussian.log_var[row])
    if isinstance(posterior, SpikeSlab):
        return SpikeSlab(posterior.log_spike[row], posterior.log_no_spike[row], gaussian)
    return gaussian


@pytest.fixture
def model_of(tiny_model):
    """One of MODELS, with weights small enough for GRID to hold all of its mass."""

    def make(name: str, **prior) -> GenerativeModel:
        family, settings = MODELS[name]
        settings = settings | {"prior": settings["prior"] | prior} if prior else settings
        model = tiny_model(family, **settings).eval()
        with torch.no_grad():
            for head in model.heads.values():
                head.weight.mul_(0.5)
                head.bias.mul_(0.5)
        return model

    return make


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
    terms = elbo_terms(model, binary_inputs.repeat(800, 1), 5, generator)
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
    measured = summarise([elbo_terms(model, binary_inputs.repeat(400, 1), 5, generator)])
    slack = 4.5 * measured["elbo_standard_error"]
    assert measured["elbo"] + slack >= measured["elbo_selected"] - math.log(3)


@torch.no_grad()
def test_selected_bound_is_free_of_charge_where_each_image_picks_itself(
    model_of, binary_inputs, generator
):
    """Why it is not called an ELBO: a prior that each x picks for itself is not a prior.

    Each of three images is a pseudo-input and picks itself, so that it pays nothing.
    """
    model = model_of("pseudo_inputs", selection="softmax")
    model.prior.inputs.copy_(binary_inputs[[0, 3, 5]])
    model.prior.selector.weight.copy_(40 * (2 * binary_inputs[[0, 3, 5]] - 1))
    model.prior.selector.bias.copy_(-40 * binary_inputs[[0, 3, 5]].sum(1))
    chosen = binary_inputs[[0, 3, 5]].repeat(400, 1)
    measured = summarise([elbo_terms(model, chosen, 5, generator)])
    # the mixture does cost something, at most log 3
    assert measured["kl_slab"] + measured["kl_spike"] == pytest.approx(0, abs=1e-6)
    assert measured["elbo_selected"] == pytest.approx(-measured["reconstruction"], abs=1e-6)
    assert 0 < measured["kl"] < math.log(3)


@torch.no_grad()
def test_one_pseudo_input_makes_both_bounds_one(model_of, binary_inputs, generator, assert_mean):
    model = model_of("pseudo_inputs", pseudo_inputs=1)
    terms = elbo_terms(model, binary_inputs.repeat(800, 1), 5, generator)
    selected = terms.kl_slab_selected + terms.kl_spike_selected
    assert_mean(terms.kl.reshape(4000, 8), selected[:8])


@torch.no_grad()
def test_fixed_prior_makes_both_bounds_one(model_of, binary_inputs, generator):
    measured = summarise([elbo_terms(model_of("fixed"), binary_inputs, 3, generator)])
    assert measured["elbo"] == pytest.approx(measured["elbo_selected"])
    assert measured["kl"] == pytest.approx(measured["kl_slab"] + measured["kl_spike"])
    assert measured["elbo"] == pytest.approx(-measured["reconstruction"] - measured["kl"])


@torch.no_grad()
@pytest.mark.parametrize("name", ["fixed", "pseudo_inputs"])
def test_standard_error_is_the_spread_over_repeats(name, model_of, binary_inputs, generator):
    model = model_of(name)
    repeats = [summarise([elbo_terms(model, binary_inputs, 4, generator)]) for _ in range(100)]
    elbos = torch.tensor([repeat["elbo"] for repeat in repeats]).double()
    errors = torch.tensor([repeat["elbo_standard_error"] for repeat in repeats]).double()
    # the spread of 100 repeats is itself uncertain by 1 / sqrt(2 * 99) = 7 %
    expected = errors.square().mean().sqrt().item()
    assert elbos.std().item() == pytest.approx(expected, rel=4 * 0.07)


@torch.no_grad()
@pytest.mark.parametrize("name", ["fixed", "pseudo_inputs"])
def test_bounds_decode_hard_spikes_even_in_training_mode(
    name, model_of, binary_inputs, generator, decoded_latents
):
    model = model_of(name).train()
    drawn = decoded_latents(model)
    terms = elbo_terms(model, binary_inputs, 50, generator)
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
    measured = summarise([elbo_terms(model, binary_inputs.repeat(800, 1), 5, generator)])
    assert measured["active_fraction"] == pytest.approx(g.mean().item(), abs=4.5 * error)


def made_up(values: list[float]) -> ElboTerms:
    """One draw per sample, with log p(x|z) as given and KL terms of 1 + 2."""
    row = torch.tensor(values)
    return ElboTerms(
        log_likelihood=row[None],
        kl=torch.full_like(row[None], 3.0),
        kl_slab_selected=torch.ones_like(row),
        kl_spike_selected=torch.full_like(row, 2.0),
        active=torch.full_like(row, 0.5),
    )


def test_each_sample_counts_alike_whatever_its_batch():
    measured = summarise([made_up([-1.0, -2.0, -3.0]), made_up([-10.0])])
    assert measured["reconstruction"] == pytest.approx(4.0)
    assert measured["elbo"] == measured["elbo_selected"] == pytest.approx(-7.0)
    assert (measured["kl"], measured["kl_slab"], measured["kl_spike"]) == (3.0, 1.0, 2.0)
    assert measured["active_fraction"] == 0.5


def test_one_draw_has_no_standard_error():
    assert math.isnan(summarise([made_up([-1.0, -2.0])])["elbo_standard_error"])
