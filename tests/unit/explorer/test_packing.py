"""Numbers as text: how exact they are, in arrays and in the pictures that they decode to."""

import base64
import json

import numpy as np
import pytest
import torch
from exported import layer_of, unpack
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from sparsevae.explorer.layers import Linear, Mean, Relu, Upsample, decode
from sparsevae.explorer.packing import layer_record, pack_exact, pack_rounded

FLOATS = st.floats(-1e6, 1e6, width=32).filter(lambda value: value == 0 or abs(value) > 1e-20)
LARGEST_ERROR = 0.0035  # of a pixel, where white is 1


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=4), elements=FLOATS))
def test_every_number_comes_back_within_half_a_step_of_its_row(values):
    packed = json.loads(json.dumps(pack_rounded(torch.from_numpy(values))))
    back = unpack(packed)
    assert (back.shape, back.dtype) == (values.shape, np.float32)
    assert len(base64.b64decode(packed["steps"])) == 2 * values.size
    peaks = np.abs(values.reshape(len(values), -1)).max(axis=1, keepdims=True)
    errors = np.abs(back.astype(np.float64) - values).reshape(len(values), -1)
    # Half a step, and what float32 adds.
    assert (errors <= peaks * (0.5 / 32767 + 1e-7)).all()
    assert (back[values == 0] == 0).all()


def test_steps_are_little_endian_16_bit_numbers_in_units_of_the_largest_of_a_row():
    packed = pack_rounded(torch.tensor([[32767.0, -32767.0, 1.0], [0.0, 0.5, 0.25]]))
    assert packed["scales"] == pytest.approx([1.0, 0.5 / 32767], rel=1e-6)
    numbers = [32767, -32767, 1, 0, 32767, 16384]
    expected = b"".join(number.to_bytes(2, "little", signed=True) for number in numbers)
    assert base64.b64decode(packed["steps"]) == expected


@given(arrays(np.float32, (2, 3), elements=FLOATS))
def test_exact_numbers_are_the_same_bits(values):
    assert unpack(pack_exact(torch.from_numpy(values))).tobytes() == values.tobytes()


def test_a_row_of_zeros_is_zeros():
    assert unpack(pack_rounded(torch.zeros(2, 3))).tolist() == [[0, 0, 0], [0, 0, 0]]


@pytest.mark.parametrize("gain", [0.3, 3, 20])
def test_pictures_are_those_of_the_weights_before_they_were_rounded(gain):
    """Also of a decoder whose logits go beyond a hundred."""
    noise = torch.Generator().manual_seed(3)
    first = Linear(torch.randn(2, 40, generator=noise), torch.randn(40, generator=noise))
    weight = gain * torch.randn(40, 90, generator=noise)
    layers = [first, Relu(), Linear(weight, torch.zeros(90)), Mean("sigmoid")]
    latents = torch.randn(300, 2, generator=torch.Generator().manual_seed(4))
    packed = [layer_of(json.loads(json.dumps(layer_record(layer)))) for layer in layers]
    error = (decode(packed, latents) - decode(layers, latents)).abs().max()
    assert 0 < error <= LARGEST_ERROR


def test_a_layer_comes_back_with_its_sizes():
    noise = torch.Generator().manual_seed(5)
    layer = Upsample(
        torch.randn(2, 3, 3, 3, generator=noise), torch.rand(3, generator=noise), (3, 2), (6, 3)
    )
    back = layer_of(layer_record(layer))
    torch.testing.assert_close(back.weight, layer.weight, atol=2e-4, rtol=0)
    assert (back.size, back.to) == (layer.size, layer.to)
    assert (back.bias == layer.bias).all()
