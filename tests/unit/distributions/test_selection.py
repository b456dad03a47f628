import math

import pytest
import torch
from sparsevae.distributions.selection import SELECTIONS

EXTREMES = {
    "negative": [-3.0, -0.1, -50.0, -1e4],
    "zero": [0.0] * 4,
    "large": [1e4, 2e4, -1e4, 0.0],
    "equal": [2.0] * 4,
    "one": [0.0, 5.0, 0.0, 0.0],
    "mixed": [0.3, -0.2, 1.5, 0.9],
}


@pytest.mark.parametrize("selection", SELECTIONS)
@pytest.mark.parametrize("scores", EXTREMES.values(), ids=EXTREMES)
def test_weights_are_a_distribution_whatever_the_scores(selection, scores):
    values = torch.tensor([scores], requires_grad=True)
    weights = SELECTIONS[selection](values)
    assert (weights >= 0).all()
    assert weights.sum().item() == pytest.approx(1, abs=1e-6)
    weights[0, 0].backward()
    assert values.grad.isfinite().all()


def test_papers_weights_are_its_formula_normalised():
    scores = [0.3, -0.2, 1.5, 0.9]
    positive = [max(score, 0) + 1e-6 for score in scores]
    gates = [1 / (1 + math.exp(-60 * (p / sum(positive) - 0.5))) for p in positive]
    weights = SELECTIONS["paper"](torch.tensor([scores]).double())[0]
    for weight, gate in zip(weights.tolist(), gates, strict=True):
        assert weight == pytest.approx(gate / sum(gates))


def test_papers_weights_are_near_hard_where_one_score_leads():
    weights = SELECTIONS["paper"](torch.tensor([[0.4, 6.0, 0.3, 2.0], [3.0, 0.1, 2.0, 0.0]]))
    assert weights.argmax(1).tolist() == [1, 0]
    assert (weights.max(1).values > 0.99).all()


def test_papers_weights_do_not_vanish_where_no_score_leads():
    """As printed all 20 weights would be sigmoid(60 (0.05 - 0.5)), and no KL be paid."""
    weights = SELECTIONS["paper"](torch.ones(1, 20))
    torch.testing.assert_close(weights, torch.full((1, 20), 0.05))


def test_sigmoid_is_the_published_codes():
    """sigmoid over its L2 norm, and the weights then renormalised to sum one."""
    gates = torch.sigmoid(torch.tensor([[0.3, -0.2, 1.5, 0.9]]).double())
    published = gates / gates.norm(dim=1, keepdim=True)
    expected = published / published.sum(1, keepdim=True)
    scores = torch.logit(gates)
    torch.testing.assert_close(SELECTIONS["sigmoid"](scores), expected)


def test_softmax_is_the_exponential_normalised():
    expected = torch.tensor([[math.exp(1), math.exp(-2)]]).double()
    weights = SELECTIONS["softmax"](torch.tensor([[1.0, -2.0]]).double())
    torch.testing.assert_close(weights, expected / expected.sum())
