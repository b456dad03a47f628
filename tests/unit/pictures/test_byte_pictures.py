import numpy as np
import torch
from sparsevae.pictures.byte_pictures import as_pictures


def test_pictures_are_bytes_with_the_peak_at_255():
    values = torch.tensor([[0.0, 0.1, 0.2, 0.4], [0.5, -0.1, 0.0, 0.0]])
    pictures = as_pictures(values, (1, 2, 2), peak=0.4)
    assert pictures.dtype == np.uint8
    assert pictures.tolist() == [[[[0, 64], [128, 255]]], [[[255, 0], [0, 0]]]]
