import numpy as np
import pytest
import torch
from sparsevae.metrics.sparsity import active_fraction, activity, count_used


def test_activity_is_the_variance_over_samples():
    codes = torch.tensor([[1.0, 5.0, 0.0], [3.0, 5.0, 0.5], [8.0, 5.0, 0.1]])
    np.testing.assert_allclose(activity(codes), np.var(codes.numpy(), axis=0), rtol=1e-6)


def test_used_latents_vary_by_more_than_a_hundredth():
    """Standard deviations just above and just below 0.1, and a constant that is not zero."""
    wave = torch.tensor([1.0, -1.0]).repeat(10)
    codes = torch.stack([0.101 * wave, 0.099 * wave, torch.ones(20), 5 * wave], 1)
    assert count_used(codes) == 2


def test_active_latents_are_those_not_exactly_zero():
    latents = torch.tensor([[0.0, 1e-30, -2.0, 0.0], [0.0, 0.0, 0.0, 3.0]])
    assert active_fraction(latents) == pytest.approx(3 / 8)
