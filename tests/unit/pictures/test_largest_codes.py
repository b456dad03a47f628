import torch
from sparsevae.pictures.largest_codes import largest_elements


def test_the_largest_elements_come_by_their_size_without_their_sign():
    code = torch.tensor([0.5, -2.0, 0.0, 1.0, -0.1])
    assert largest_elements(code).tolist() == [1, 3, 0]


def test_what_is_exactly_zero_is_no_element():
    assert largest_elements(torch.tensor([0.0, 0.0, -0.3, 0.0])).tolist() == [2]
    assert largest_elements(torch.zeros(4)).tolist() == []
