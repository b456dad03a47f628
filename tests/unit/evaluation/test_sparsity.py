import numpy as np
import pytest
import torch
from sparsevae.evaluation.sparsity import effective_number, hoyer
from sparsevae.models.activity import activity, count_used


def test_activity_is_the_variance_over_samples():
    codes = torch.tensor([[1.0, 5.0, 0.0], [3.0, 5.0, 0.5], [8.0, 5.0, 0.1]])
    np.testing.assert_allclose(activity(codes), np.var(codes.numpy(), axis=0), rtol=1e-6)


def test_used_latents_vary_by_more_than_a_hundredth():
    """Standard deviations just above and just below 0.1, and a constant that is not zero."""
    wave = torch.tensor([1.0, -1.0]).repeat(10)
    codes = torch.stack([0.101 * wave, 0.099 * wave, torch.ones(20), 5 * wave], 1)
    assert count_used(codes) == 2


def test_hoyer_sparsity_of_known_codes():
    """Alike: 0. One active latent: 1. |z|_1 = 7, |z|_2 = 5 and J = 4: (2 - 7 / 5) / (2 - 1)."""
    codes = torch.tensor(
        [
            [[2.0, -2.0, 2.0, 2.0], [0.0, 1e-30, 0.0, 0.0]],
            [[3.0, 0.0, -4.0, 0.0], [3e20, 0.0, 4e20, 0.0]],
        ]
    )
    expected = torch.tensor([[0.0, 1.0], [0.6, 0.6]])
    torch.testing.assert_close(hoyer(codes), expected, atol=1e-6, rtol=0)


def test_hoyer_of_an_all_zero_code_is_one_and_of_a_single_latent_undefined():
    assert hoyer(torch.tensor([[0.0, 0.0], [1.0, 1.0]])).tolist() == pytest.approx([1.0, 0.0])
    assert hoyer(torch.tensor([[2.0], [0.0]])).isnan().all()


def test_effective_number_counts_items_in_equal_use():
    """Half of the samples take the first, half the third; whether each is sure of it or not."""
    sure = torch.tensor([[1.0, 0, 0, 0], [0, 0, 1.0, 0]])
    assert effective_number(sure) == pytest.approx(2)
    assert effective_number(torch.tensor([[0.5, 0.5, 0.0]])) == pytest.approx(2)
    assert effective_number(torch.full((3, 5), 0.2)) == pytest.approx(5)
    assert effective_number(torch.eye(4)[:1].expand(6, 4)) == pytest.approx(1)


def test_effective_number_is_the_perplexity_of_the_mean():
    weights = torch.tensor([[0.9, 0.1, 0.0], [0.5, 0.2, 0.3]])
    mean = np.array([0.7, 0.15, 0.15])
    assert effective_number(weights) == pytest.approx(np.prod(mean**-mean), rel=1e-6)
