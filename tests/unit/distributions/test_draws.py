"""Gradients of the spikes against the exact gradient of a model small enough to sum.

Slabs have next to no spread, so that E[-log p(x|z)] is a sum over the 16 patterns of four spikes.
"""

from itertools import product

import pytest
import torch
from sparsevae.distributions import draws as estimators
from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.spike_slab import SpikeSlab, from_probability
from sparsevae.models.schedules import Schedule
from torch.distributions import Bernoulli

LOGITS = torch.tensor([-1.2, 0.3, 0.9, 2.0], dtype=torch.float64)
MEANS = torch.tensor([1.3, -0.8, 1.6, -1.1], dtype=torch.float64)
IMAGE = torch.tensor([[1.0, 0.0, 1.0]], dtype=torch.float64)
NO_SPREAD = -60.0
DRAWS = 40_000


@pytest.fixture
def model(tiny_model):
    def make(relaxation: str):
        return tiny_model("vsc", latent_dim=4, spike={"relaxation": relaxation}).train()

    return make


@pytest.fixture
def exact(model) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    """E[-log p(x|z)] summed over all patterns, and its gradient in logits, means and weights."""
    vsc = model("disarm")
    logits, means = (tensor.clone().requires_grad_() for tensor in (LOGITS, MEANS))
    weight = vsc.decoder.heads[0].weight
    total = torch.zeros(1, dtype=torch.float64)
    for pattern in product([0.0, 1.0], repeat=4):
        gates = torch.tensor(pattern).double()
        probability = Bernoulli(logits=logits).log_prob(gates).sum().exp()
        pixels = Bernoulli(logits=vsc.decode((gates * means)[None]).logits)
        total = total - probability * pixels.log_prob(IMAGE).sum()
    return total.detach(), *torch.autograd.grad(total, [logits, means, weight])


def reconstruction(vsc, posterior, schedule, generator) -> torch.Tensor:
    """-log p(x|z) of IMAGE as the objective estimates it, one value a row of the posterior."""
    draw = vsc.draw(posterior, schedule, generator, 1)
    return draw.expectation(-vsc.decode(draw.latents).log_prob(IMAGE))


def draws(vsc, sharpness: float, n: int = DRAWS) -> tuple[torch.Tensor, ...]:
    """Losses of n draws and their gradients in the logits and means, (n,), (n, 4), (n, 4)."""
    logits, means = (tensor.repeat(n, 1).requires_grad_() for tensor in (LOGITS, MEANS))
    slab = DiagonalGaussian(means, torch.full_like(means, NO_SPREAD))
    schedule = Schedule(slab_warmup=1.0, sharpness=sharpness, learning_rate=1e-3, beta=1.0)
    generator = torch.Generator().manual_seed(11)
    posterior = from_probability(torch.sigmoid(logits), slab)
    losses = reconstruction(vsc, posterior, schedule, generator)
    return losses.detach(), *torch.autograd.grad(losses.sum(), [logits, means])


def standard_errors_off(values: torch.Tensor, expected: torch.Tensor) -> torch.Tensor:
    """Distance of the mean over draws from `expected`, in standard errors of that mean."""
    return (values.mean(0) - expected).abs() / (values.std(0) / len(values) ** 0.5)


def test_disarm_has_the_exact_gradient_in_expectation(model, exact):
    _, of_logits, _ = draws(model("disarm"), 1.0)
    assert (standard_errors_off(of_logits, exact[1]) < 3).all()


def test_disarm_leaves_value_and_other_gradients_alone(model, exact):
    """Both are plain means over hard draws: unbiased for E[loss] and for the slabs' gradient."""
    losses, _, of_means = draws(model("disarm"), 1.0)
    assert standard_errors_off(losses, exact[0]) < 3
    assert (standard_errors_off(of_means, exact[2]) < 3).all()


def test_gradient_of_the_decoder_is_unbiased_too(model, exact, assert_mean):
    """In 200 batches of 100: the weights are shared by all samples of a batch."""
    vsc = model("disarm")
    weight = vsc.decoder.heads[0].weight
    slab = DiagonalGaussian(MEANS.repeat(100, 1), torch.full((100, 4), NO_SPREAD).double())
    posterior = from_probability(torch.sigmoid(LOGITS).repeat(100, 1), slab)
    schedule = Schedule(slab_warmup=1.0, sharpness=1.0, learning_rate=1e-3, beta=1.0)
    generator = torch.Generator().manual_seed(5)
    gradients = []
    for _ in range(200):
        losses = reconstruction(vsc, posterior, schedule, generator)
        gradients.append(torch.autograd.grad(losses.mean(), weight)[0])
    assert_mean(torch.stack(gradients), exact[3])


@pytest.mark.parametrize(
    ("relaxation", "sharpness"),
    [
        ("scaled_sigmoid", 10.0),
        ("concrete", 1.5),
        ("concrete", 3.0),
        ("straight_through", 1.0),
        ("straight_through_concrete", 1.5),
    ],
)
def test_relaxations_are_biased(relaxation, sharpness, model, exact):
    _, of_logits, _ = draws(model(relaxation), sharpness)
    assert standard_errors_off(of_logits, exact[1]).max() > 10


def test_bias_of_the_concrete_falls_with_sharpness_and_its_variance_rises(model, exact):
    soft, sharp = (draws(model("concrete"), sharpness)[1] for sharpness in (1.5, 12.0))
    assert (sharp.mean(0) - exact[1]).norm() < 0.3 * (soft.mean(0) - exact[1]).norm()
    assert sharp.var(0).sum() > 2 * soft.var(0).sum()


def test_disarm_varies_less_than_two_independent_draws_of_reinforce(model, exact):
    """Leave-one-out REINFORCE, the estimator that the paper improves on (its eq. 3)."""
    vsc = model("disarm")
    probability = torch.sigmoid(LOGITS)
    generator = torch.Generator().manual_seed(11)
    gates = [torch.rand(DRAWS, 4, generator=generator).double() < probability for _ in "ab"]
    first, second = (gate.double() for gate in gates)
    with torch.no_grad():
        f, g = (-vsc.decode(gate * MEANS).log_prob(IMAGE) for gate in (first, second))
    reinforce = 0.5 * (f - g)[:, None] * (first - second)
    assert (standard_errors_off(reinforce, exact[1]) < 3.5).all()
    assert draws(vsc, 1.0)[1].var(0).sum() < reinforce.var(0).sum()


def test_surrogate_is_zero_with_the_gradient_of_equation_7():
    g = torch.sigmoid(LOGITS).requires_grad_()
    gates = torch.tensor([[[1.0, 0.0, 1.0, 1.0]], [[0.0, 1.0, 1.0, 0.0]]]).double()
    losses = torch.tensor([[5.0], [2.0]]).double()
    logits = LOGITS[None].clone().requires_grad_()
    pair = torch.nn.functional.logsigmoid(logits), torch.nn.functional.logsigmoid(-logits)
    value = estimators.surrogate(losses, gates, *pair)
    assert value.tolist() == [0.0]
    value.sum().backward()
    likelier = torch.maximum(g, 1 - g).detach()
    expected = 1.5 * torch.tensor([1.0, -1.0, 0.0, 1.0]).double() * likelier
    torch.testing.assert_close(logits.grad[0], expected)


def test_antithetic_gates_are_each_of_probability_g_and_differ_as_often_as_they_can(
    generator, assert_mean
):
    """P(b != b') = 2 min(g, 1 - g); independent draws would differ with 2 g (1 - g)."""
    g = torch.sigmoid(LOGITS)
    slab = DiagonalGaussian.standard(LOGITS.repeat(20_000, 1))
    draw = from_probability(g.repeat(20_000, 1), slab).sample_antithetic(generator)
    gates, latents = draw.gates, draw.latents
    for one in gates:
        assert_mean(one, g)
    assert_mean((gates[0] != gates[1]).double(), 2 * torch.minimum(g, 1 - g))
    both = (gates == 1).all(0)
    assert torch.equal(latents[0][both], latents[1][both])
    assert torch.equal(latents != 0, gates == 1)
    assert_mean(latents[0][:, 3][gates[0][:, 3] == 1].square(), 1.0)


def test_draws_are_warmed_hard_and_single_in_evaluation(
    tiny_model, binary_inputs, generator, decoded_latents
):
    vsc = tiny_model("vsc", spike={"relaxation": "disarm"}, slab_warmup={})
    drawn = decoded_latents(vsc)
    start = Schedule(slab_warmup=0.0, sharpness=1.0, learning_rate=1e-3, beta=1.0)
    vsc.eval().objective(binary_inputs, start, generator)
    assert drawn[0].shape == (8, 2)
    noise = torch.Generator().manual_seed(3)
    vsc.train().objective(binary_inputs, start, torch.Generator().manual_seed(3))
    q = vsc.encode(binary_inputs)
    standard = SpikeSlab(q.log_spike, q.log_no_spike, DiagonalGaussian.standard(q.slab.mean))
    torch.testing.assert_close(drawn[1], standard.sample_antithetic(noise).latents)
