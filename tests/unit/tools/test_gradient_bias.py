import re
from itertools import product
from pathlib import Path

import gradient_bias
import pytest
import torch
from gradient_bias import ESTIMATORS, LOGITS, MEANS, exact_gradient, measure, table
from sparsevae.distributions.relaxations import RELAXATIONS

PAGE = (Path(__file__).parents[3] / "docs" / "relaxations.md").read_text()


def test_exact_gradient_is_that_of_finite_differences_of_the_sum(central_difference):
    vsc, image = gradient_bias.problem(3, "disarm")

    def expected_loss(logits: torch.Tensor) -> torch.Tensor:
        total = torch.zeros((), dtype=torch.float64)
        for pattern in product([0, 1], repeat=4):
            g = torch.sigmoid(logits)
            probability = torch.stack([g[j] if on else 1 - g[j] for j, on in enumerate(pattern)])
            z = torch.tensor(pattern) * MEANS
            total = total - probability.prod() * vsc.decode(z[None]).log_prob(image)[0]
        return total.detach()

    torch.testing.assert_close(
        exact_gradient(vsc, image), central_difference(expected_loss, LOGITS), rtol=1e-6, atol=1e-8
    )


def test_only_the_unbiased_estimator_is_within_the_noise():
    assert measure("disarm", None, 5000).bias < 2 * measure("disarm", None, 5000).error
    for relaxation in ("concrete", "straight_through"):
        quality = measure(relaxation, 1.5, 5000)
        assert quality.bias > 5 * quality.error


def test_every_choice_is_measured_and_documented():
    assert {name for name, _ in ESTIMATORS} == {*RELAXATIONS, "disarm"}
    for name, _ in ESTIMATORS:
        assert f"| `{name}` |" in PAGE.split(gradient_bias.TABLE)[0]
    lines = table(draws=10).splitlines()
    assert len(lines) == 2 + len(ESTIMATORS)
    written = PAGE.split(gradient_bias.TABLE)[1].split()
    assert written.count("|---|---|---|---|---|") == 1


@pytest.mark.parametrize(("name", "sharpness"), [("concrete", 3.0), ("straight_through", None)])
def test_page_shows_what_the_code_does(name, sharpness):
    """Within the noise of 10,000 draws, not to the digit."""
    shown = "" if sharpness is None else f"{sharpness:g}"
    row = re.search(rf"\| `{name}` \| {shown} \| ([\d.]+) \|", PAGE)
    quality = measure(name, sharpness, 10_000)
    assert abs(float(row[1]) / 100 - quality.bias) < 3 * quality.error
