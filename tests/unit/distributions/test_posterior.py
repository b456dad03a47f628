import dataclasses

import pytest
import torch
from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.posterior import Point, Posterior, concatenate
from sparsevae.distributions.spike_slab import from_probability

MEAN = torch.tensor([[3.0, -4.0, 0.1, 1.0], [0.0, 0.0, -2.0, 0.0]])
SLAB = DiagonalGaussian(MEAN, torch.zeros_like(MEAN))
SPIKED = from_probability(torch.tensor([[0.51, 0.5, 0.99, 0.0], [0.2, 0.9, 0.3, 1.0]]), SLAB)


def test_spikes_take_their_likelier_state_and_zeros_are_exact():
    expected = [[3.0, 0.0, 0.1, 0.0], [0.0, 0.0, 0.0, 0.0]]
    torch.testing.assert_close(SPIKED.sparse_code, torch.tensor(expected), rtol=0, atol=0)
    assert SPIKED.active.tolist() == [
        [True, False, True, False],
        [False, True, False, True],
    ]


def test_without_spikes_the_fewest_with_ninety_per_cent_of_the_length_are_active():
    # Squares 9, 16, 0.01, 1: 25 of 26.01 is 96 %, 16 alone 62 %.
    assert SLAB.active.tolist() == [
        [True, True, False, False],
        [False, False, True, False],
    ]
    assert SLAB.sparse_code.equal(MEAN)
    assert SLAB.active_code.tolist() == [[3.0, -4.0, 0.0, 0.0], [0.0, 0.0, -2.0, 0.0]]


def test_an_autoencoders_code_is_a_point_that_draws_no_noise(generator):
    before = generator.get_state()
    point = Point(MEAN)
    assert point.sample(generator) is MEAN
    assert torch.equal(generator.get_state(), before)
    assert point.active.equal(SLAB.active)
    assert (point.spike_prob, point.slab_mean is MEAN) == (None, True)


def tensors(posterior: Posterior) -> list[torch.Tensor]:
    """All parameters, those of the slab too."""
    values = [getattr(posterior, field.name) for field in dataclasses.fields(posterior)]
    return [t for v in values for t in (tensors(v) if isinstance(v, Posterior) else [v])]


@pytest.mark.parametrize("posterior", [SLAB, SPIKED, Point(MEAN)])
def test_rows_are_picked_repeated_and_joined_in_every_parameter(posterior):
    """Three parts of SPIKED, which has a slab inside: log g, log(1 - g), mean and log-variance."""
    second, both = posterior[1:], posterior[[1, 0]]
    for one, swapped, whole in zip(*map(tensors, (second, both, posterior)), strict=True):
        assert one.equal(whole[1:])
        assert swapped.equal(whole.flip(0))
    joined = concatenate([posterior[:1], second])
    assert all(a.equal(b) for a, b in zip(tensors(joined), tensors(posterior), strict=True))
    for many, once in zip(tensors(posterior.repeated(3)), tensors(posterior), strict=True):
        assert many.shape == (3, *once.shape)
        assert many[2].equal(once)
