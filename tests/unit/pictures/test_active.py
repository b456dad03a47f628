import torch
from sparsevae.distributions.gaussian import DiagonalGaussian
from sparsevae.distributions.spike_slab import from_probability
from sparsevae.pictures.active import active_code, active_latents, sparse_code

MEAN = torch.tensor([[3.0, -4.0, 0.1, 1.0], [0.0, 0.0, -2.0, 0.0]])
SLAB = DiagonalGaussian(MEAN, torch.zeros_like(MEAN))
SPIKED = from_probability(torch.tensor([[0.51, 0.5, 0.99, 0.0], [0.2, 0.9, 0.3, 1.0]]), SLAB)


def test_spikes_take_their_likelier_state_and_zeros_are_exact():
    expected = [[3.0, 0.0, 0.1, 0.0], [0.0, 0.0, 0.0, 0.0]]
    torch.testing.assert_close(sparse_code(SPIKED), torch.tensor(expected), rtol=0, atol=0)
    assert active_latents(SPIKED).tolist() == [
        [True, False, True, False],
        [False, True, False, True],
    ]


def test_without_spikes_the_fewest_with_ninety_per_cent_of_the_length_are_active():
    # Squares 9, 16, 0.01, 1: 25 of 26.01 is 96 %, 16 alone 62 %.
    assert active_latents(SLAB).tolist() == [
        [True, True, False, False],
        [False, False, True, False],
    ]
    assert sparse_code(SLAB).equal(MEAN)
    assert active_code(SLAB).tolist() == [[3.0, -4.0, 0.0, 0.0], [0.0, 0.0, -2.0, 0.0]]
