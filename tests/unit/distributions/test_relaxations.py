import math

import pytest
import torch
from sparsevae.distributions import relaxations
from sparsevae.distributions.relaxations import RELAXATIONS
from torch.distributions import RelaxedBernoulli

G = torch.tensor([0.05, 0.4, 0.97], dtype=torch.float64)
UNIFORM = torch.tensor([0.97, 0.5, 0.04], dtype=torch.float64)


def gates(name: str, g: torch.Tensor, uniform: torch.Tensor, sharpness: float) -> torch.Tensor:
    return RELAXATIONS[name](g.log(), torch.log1p(-g), uniform, sharpness)


def test_hard_gates_open_with_probability_g(generator, assert_mean):
    uniform = torch.rand(20_000, 3, dtype=torch.float64, generator=generator)
    drawn = relaxations.hard(G.log().expand(20_000, 3), uniform)
    assert set(drawn.unique().tolist()) == {0.0, 1.0}
    assert_mean(drawn, G)


def test_scaled_sigmoid_is_the_papers_formula():
    expected = [1 / (1 + math.exp(-50 * (u - 1 + g))) for u, g in zip(UNIFORM, G, strict=True)]
    torch.testing.assert_close(
        gates("scaled_sigmoid", G, UNIFORM, 50.0), torch.tensor(expected).double()
    )


@pytest.mark.parametrize("sharpness", [1.5, 4.0])
def test_concrete_has_the_density_of_the_relaxed_bernoulli(sharpness):
    """The gate rises with u: P(gate <= gate(u)) is u, and torch's density must integrate to u."""
    g, uniform = torch.tensor([[0.3], [0.65]], dtype=torch.float64)
    gate = gates("concrete", g, uniform, sharpness)
    logit = torch.linspace(-100, torch.logit(gate).item(), 40_001, dtype=torch.float64)
    density = RelaxedBernoulli(torch.tensor(1 / sharpness).double(), g)
    grid = torch.sigmoid(logit)
    # d gate = gate (1 - gate) d logit
    weights = density.log_prob(grid).exp() * grid * (1 - grid)
    assert torch.trapezoid(weights, logit).item() == pytest.approx(uniform.item(), abs=1e-6)


@pytest.mark.parametrize("name", ["scaled_sigmoid", "concrete"])
def test_sharp_relaxations_tend_to_the_straight_through_gates(name, generator):
    uniform = torch.rand(500, 3, dtype=torch.float64, generator=generator)
    g = G.expand(500, 3)
    clear = (uniform - 1 + g).abs() > 0.01
    sharp = gates(name, g, uniform, 5000.0)
    torch.testing.assert_close(sharp[clear], gates("straight_through", g, uniform, 1.0)[clear])


@pytest.mark.parametrize("name", ["scaled_sigmoid", "concrete"])
def test_relaxed_gates_have_the_gradient_of_finite_differences(name, central_difference):
    logits = torch.logit(G).requires_grad_()

    def total(values: torch.Tensor) -> torch.Tensor:
        return gates(name, torch.sigmoid(values), UNIFORM, 3.0).square().sum()

    total(logits).backward()
    torch.testing.assert_close(logits.grad, central_difference(total, logits))


def test_straight_through_is_hard_with_the_gradient_of_g():
    g = G.clone().requires_grad_()
    drawn = gates("straight_through", g, UNIFORM, 1.0)
    # open where u - 1 + g > 0
    assert drawn.tolist() == [1.0, 0.0, 1.0]
    (drawn * torch.tensor([1.0, 2.0, 3.0])).sum().backward()
    torch.testing.assert_close(g.grad, torch.tensor([1.0, 2.0, 3.0]).double())


def test_straight_through_concrete_is_hard_with_the_gradient_of_the_concrete():
    gradients = []
    for name in ("straight_through_concrete", "concrete"):
        g = G.clone().requires_grad_()
        drawn = gates(name, g, UNIFORM, 1.5)
        drawn.sum().backward()
        gradients.append(g.grad)
        if name == "straight_through_concrete":
            assert drawn.tolist() == [1.0, 0.0, 1.0]
    torch.testing.assert_close(*gradients)
    assert (gradients[0] > 0).all()


@pytest.mark.parametrize("name", ["straight_through", "straight_through_concrete"])
def test_straight_through_gates_are_exact_in_float32(name, generator):
    """1 + g - g is not 1 in float32 for every g."""
    g, uniform = (torch.empty(4000, 1).uniform_(0.01, 0.99, generator=generator) for _ in "ab")
    assert set(gates(name, g, uniform, 1.5).unique().tolist()) == {0.0, 1.0}


@pytest.mark.parametrize("name", RELAXATIONS)
def test_gates_and_gradients_are_finite_at_the_extremes(name):
    g = torch.tensor([1e-6, 1 - 1e-6]).repeat(2).requires_grad_()
    eps = torch.finfo(torch.float32).eps
    uniform = torch.tensor([eps, eps, 1 - eps, 1 - eps])
    drawn = gates(name, g, uniform, 200.0)
    assert ((drawn >= 0) & (drawn <= 1)).all()
    drawn.sum().backward()
    assert g.grad.isfinite().all()
