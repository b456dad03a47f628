import math
from itertools import product

import pytest
import torch
from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.selection import SELECTIONS
from sparsevae.distributions.spike_slab import SpikeSlab, from_probability
from sparsevae.models.schedules import Schedules
from sparsevae.models.vsc import VSC
from torch.distributions import Bernoulli, Normal, kl_divergence

ALPHA = 0.2
U = 3


@pytest.fixture
def fixed(tiny_model) -> VSC:
    return tiny_model("vsc", prior={"kind": "fixed", "spike_prob": ALPHA})


@pytest.fixture
def with_pseudo_inputs(tiny_model):
    """A VSC whose prior is three pseudo-inputs, with the prior's settings to be chosen."""

    def make(latent_dim: int = 2, **settings) -> VSC:
        prior = {"kind": "pseudo_inputs", "pseudo_inputs": U, "spike_prob": ALPHA}
        prior |= {"selection": "softmax", "sharpening": None, "sharpening_end": None} | settings
        return tiny_model("vsc", latent_dim=latent_dim, prior=prior)

    return make


def parameters(components: SpikeSlab) -> list[tuple[torch.Tensor, torch.Tensor, torch.Tensor]]:
    """(g, mean, standard deviation) of each component."""
    slab = components.slab
    rows = zip(components.spike_prob, slab.mean, (slab.log_var / 2).exp(), strict=True)
    return [tuple(value.detach() for value in row) for row in rows]


def components_of(model: VSC) -> SpikeSlab:
    """As at the end of the training."""
    return model.prior_components()


def log_density(z: torch.Tensor, g: torch.Tensor, mean: torch.Tensor, sd: torch.Tensor) -> float:
    """log of a spike and slab at one z, latent by latent."""
    total = 0.0
    for j in range(len(z)):
        slab = Normal(mean[j], sd[j]).log_prob(z[j])
        total += float(torch.log(1 - g[j]) if z[j] == 0 else torch.log(g[j]) + slab)
    return total


def grid_of_patterns(n: int) -> torch.Tensor:
    """Points with every pattern of zeros among n latents."""
    values = torch.tensor([0.7, -1.4, 0.3], dtype=torch.float64)[:n]
    return torch.stack([torch.tensor(p) * values for p in product([0.0, 1.0], repeat=n)])


def test_fixed_prior_is_alpha_and_a_standard_slab(fixed):
    standard = torch.zeros(2).double(), torch.ones(2).double()
    for z in grid_of_patterns(2):
        expected = log_density(z, torch.full((2,), ALPHA).double(), *standard)
        assert fixed.log_prior(z[None]).item() == pytest.approx(expected)


def test_fixed_prior_draws_spikes_of_alpha_and_standard_slabs(fixed, generator, assert_mean):
    draws = fixed.sample_prior(20_000, generator)
    assert draws.shape == (20_000, 2)
    assert_mean((draws != 0).double(), ALPHA)
    active = draws[draws != 0]
    assert_mean(active, 0.0)
    assert_mean(active.square(), 1.0)


def test_mixture_is_a_loop_over_pseudo_inputs(with_pseudo_inputs):
    model = with_pseudo_inputs(latent_dim=3)
    components = parameters(components_of(model))
    for z in grid_of_patterns(3):
        densities = [math.exp(log_density(z, *component)) for component in components]
        expected = math.log(sum(densities) / U)
        assert model.log_prior(z[None]).item() == pytest.approx(expected)


def test_mixture_takes_draws_of_any_leading_shape(with_pseudo_inputs):
    model = with_pseudo_inputs(latent_dim=3)
    z = grid_of_patterns(3)
    expected = model.log_prior(z)
    torch.testing.assert_close(model.log_prior(z.reshape(2, 4, 3)).reshape(8), expected)


def test_mixture_integrates_to_one(with_pseudo_inputs):
    """One latent: the slabs by quadrature and the point mass at 0."""
    model = with_pseudo_inputs(latent_dim=1)
    grid = torch.linspace(-60, 61, 40_000, dtype=torch.float64)
    assert not (grid == 0).any()
    slabs = torch.trapezoid(model.log_prior(grid[:, None]).exp(), grid).item()
    point = model.log_prior(torch.zeros(1, 1).double()).exp().item()
    assert 0.01 < point < 0.99
    assert slabs + point == pytest.approx(1, abs=1e-6)


def test_mixture_draws_each_pseudo_input_alike(with_pseudo_inputs, generator, assert_mean):
    model = with_pseudo_inputs()
    draws = model.sample_prior(20_000, generator)
    g, mean, sd = (
        torch.stack(part) for part in zip(*parameters(components_of(model)), strict=True)
    )
    assert_mean((draws != 0).double(), g.mean(0))
    assert_mean(draws, (g * mean).mean(0))
    assert_mean(draws.square(), (g * (mean.square() + sd.square())).mean(0))
    # jointly, not latent by latent: one pseudo-input makes all latents of a draw
    assert_mean((draws != 0).all(1).double(), g.prod(1).mean(0))


def test_components_are_encodings_of_the_pseudo_inputs(with_pseudo_inputs):
    model = with_pseudo_inputs()
    components = components_of(model)
    encoded = model.encode(model.prior.inputs)
    assert torch.equal(components.spike_prob, encoded.spike_prob)
    assert torch.equal(components.slab.mean, encoded.slab.mean)


def test_sharpening_bounds_the_spikes_of_components(with_pseudo_inputs):
    model = with_pseudo_inputs(sharpening=10.0)
    components = components_of(model)
    g = model.encode(model.prior.inputs).spike_prob
    torch.testing.assert_close(components.spike_prob, 1 / (1 + torch.exp(-10 * (g - 0.5))))
    assert (components.spike_prob >= 0.0066).all()


def paid(model: VSC, inputs: torch.Tensor) -> torch.Tensor:
    penalties = model.penalties(inputs, model.encode(inputs))
    return penalties.kl_slab + penalties.kl_spike


def selected(model: VSC, inputs: torch.Tensor) -> torch.Tensor:
    return model.selection(inputs, model.encode(inputs))


def kl_to_each(model: VSC, inputs: torch.Tensor) -> torch.Tensor:
    """KL(q(z|x) || q(z|x_u)) for each x and u, by torch's Gaussian and Bernoulli KLs."""
    rows = []
    for g, mean, sd in parameters(model.encode(inputs)):
        row = []
        for g_u, mean_u, sd_u in parameters(components_of(model)):
            slab = g * kl_divergence(Normal(mean, sd), Normal(mean_u, sd_u))
            row.append((slab + kl_divergence(Bernoulli(g), Bernoulli(g_u))).sum())
        rows.append(torch.stack(row))
    return torch.stack(rows)


@pytest.mark.parametrize("selection", SELECTIONS)
def test_selected_kl_is_the_weighted_mean_over_pseudo_inputs(
    selection, with_pseudo_inputs, binary_inputs
):
    model = with_pseudo_inputs(selection=selection, sharpening=10.0)
    weights = SELECTIONS[selection](model.prior.selector(binary_inputs))
    torch.testing.assert_close(selected(model, binary_inputs), weights)
    expected = (weights * kl_to_each(model, binary_inputs)).sum(1)
    torch.testing.assert_close(paid(model, binary_inputs), expected)


@pytest.mark.parametrize("selection", SELECTIONS)
@pytest.mark.parametrize("bias", [-1e4, -60.0, 0.0, 60.0])
def test_no_selection_makes_the_kl_vanish(selection, bias, with_pseudo_inputs, binary_inputs):
    """Whatever the selector's scores, at least the KL to the nearest pseudo-input is paid."""
    model = with_pseudo_inputs(selection=selection)
    with torch.no_grad():
        model.prior.selector.weight.mul_(0.01)
        model.prior.selector.bias.fill_(bias)
    kl = kl_to_each(model, binary_inputs)
    assert (kl > 0.01).all()
    assert (paid(model, binary_inputs) >= kl.min(1).values - 1e-9).all()
    assert (paid(model, binary_inputs) <= kl.max(1).values + 1e-9).all()


def test_mixture_pays_the_bound_on_the_kl_to_the_mixture(with_pseudo_inputs, binary_inputs):
    """-log (1/U) sum_u exp(-KL_u): more than the KL to the mixture, less than to any one of it."""
    model = with_pseudo_inputs(selection="mixture", latent_dim=1)
    kl = kl_to_each(model, binary_inputs)
    expected = -torch.log(torch.exp(-kl).mean(1))
    torch.testing.assert_close(paid(model, binary_inputs), expected)
    grid = torch.linspace(-60, 61, 40_000, dtype=torch.float64)[:, None]
    zero = torch.zeros(1, 1).double()
    log_prior, log_prior_zero = model.log_prior(grid), model.log_prior(zero)
    for row, (g, mean, sd) in enumerate(parameters(model.encode(binary_inputs))):
        log_q = torch.log(g) + Normal(mean, sd).log_prob(grid)[:, 0]
        slab = torch.trapezoid(log_q.exp() * (log_q - log_prior), grid[:, 0])
        exact = slab + (1 - g) * (torch.log(1 - g) - log_prior_zero)
        assert exact.item() < paid(model, binary_inputs)[row].item()
    assert (paid(model, binary_inputs) <= kl.min(1).values + math.log(U)).all()


def test_mixture_weighs_pseudo_inputs_by_what_they_explain(with_pseudo_inputs, binary_inputs):
    model = with_pseudo_inputs(selection="mixture")
    explained = torch.exp(-kl_to_each(model, binary_inputs))
    expected = explained / explained.sum(1, keepdim=True)
    torch.testing.assert_close(selected(model, binary_inputs), expected)
    assert not hasattr(model.prior, "selector")


def test_sharpening_goes_from_its_start_to_its_end(with_pseudo_inputs):
    model = with_pseudo_inputs(sharpening=5.0, sharpening_end=15.0)
    assert Schedules(prior=model.prior.settings).at(0.25).sharpening == pytest.approx(7.5)
    g = model.encode(model.prior.inputs).spike_prob
    expected = 1 / (1 + torch.exp(-15 * (g - 0.5)))
    torch.testing.assert_close(components_of(model).spike_prob, expected)


@pytest.mark.parametrize("start", ["samples", "xavier"])
def test_pseudo_inputs_start_as_different_samples(start, with_pseudo_inputs, generator):
    model = with_pseudo_inputs(pseudo_inputs_start=start)
    samples = torch.arange(12, dtype=torch.float64).reshape(4, 3)
    before = model.prior.inputs.detach().clone()
    model.start_from(samples, generator)
    if start == "xavier":
        assert torch.equal(model.prior.inputs, before)
        return
    chosen = {tuple(row) for row in model.prior.inputs.tolist()}
    assert len(chosen) == U
    assert chosen <= {tuple(row) for row in samples.tolist()}


def test_more_pseudo_inputs_than_samples_repeat_them(with_pseudo_inputs, generator):
    model = with_pseudo_inputs()
    samples = torch.eye(2, 3, dtype=torch.float64)
    model.start_from(samples, generator)
    assert model.prior.inputs.sum(1).tolist() == [1, 1, 1]


def test_sparsity_is_the_latents_times_the_bernoulli_kl_of_means(with_pseudo_inputs):
    model = with_pseudo_inputs(sparsity_weight=2.0)
    g = torch.tensor([[0.9, 0.1], [0.3, 0.3], [0.2, 0.2]], dtype=torch.float64)
    components = from_probability(g, DiagonalGaussian.standard(g))
    weights = torch.tensor([[1.0, 0, 0], [0.5, 0.5, 0], [0, 0, 1]], dtype=torch.float64)
    values = model.prior.sparsity(weights, components)
    for value, mean in zip(values.tolist(), [0.5, 0.4, 0.2], strict=True):
        kl = mean * math.log(mean / ALPHA) + (1 - mean) * math.log((1 - mean) / (1 - ALPHA))
        assert value == pytest.approx(2.0 * 2 * kl, abs=1e-9)


def test_pseudo_inputs_and_encoder_learn_from_the_mixture(with_pseudo_inputs):
    model = with_pseudo_inputs()
    model.log_prior(grid_of_patterns(2)).sum().backward()
    for parameter in (model.prior.inputs, model.encoder.layers[0].weight):
        assert parameter.grad.any()
