import math

import pytest
import torch
from sparsevae.models.activity import has_collapsed


@pytest.mark.parametrize(
    ("used", "kl", "collapsed"),
    [
        (0, 30.0, True),  # far from the prior, but alike for every x
        (3, 0.69, True),
        (3, 0.70, False),
        (1, math.nan, False),
        (0, math.nan, True),
    ],
)
def test_no_used_latent_or_less_than_a_bit_is_a_collapse(used, kl, collapsed):
    assert has_collapsed(used, kl) is collapsed


@torch.no_grad()
def test_a_model_that_tells_two_kinds_apart_pays_a_bit():
    """The rule's reason: q(z|x) = N(+-m, s^2), far apart, has a KL of at least log 2 to N(0, 1)
    mixed over both, which is their mutual information, and more to any other prior."""
    z = torch.linspace(-30, 30, 60001, dtype=torch.float64)
    kinds = [torch.distributions.Normal(mean, 1.0) for mean in (-9.0, 9.0)]
    densities = [kind.log_prob(z) for kind in kinds]
    mixture = torch.logsumexp(torch.stack(densities), 0) - math.log(2)
    step = (z[1] - z[0]).item()
    kl = sum((d.exp() * (d - mixture)).sum().item() * step for d in densities) / 2
    assert kl == pytest.approx(math.log(2), abs=1e-6)
    assert not has_collapsed(1, kl + 1e-6)
