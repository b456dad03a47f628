"""Numbers as text: how exact they are, and that the text is safe in a script."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from sparsevae.explorer.packing import DIGITS, pack, unpack

STEPS = {2: 4140, 3: 376785}  # from zero to the largest number of a row: (91 ** n - 1) / 2

FLOATS = st.floats(-1e6, 1e6, width=32).filter(lambda value: value == 0 or abs(value) > 1e-20)


@given(arrays(np.float32, array_shapes(min_dims=2, max_dims=4), elements=FLOATS))
@pytest.mark.parametrize("characters", STEPS)
def test_every_number_comes_back_within_half_a_step_of_its_row(characters, values):
    packed = json.loads(json.dumps(pack(values, characters)))
    back = unpack(packed)
    assert (back.shape, back.dtype) == (values.shape, np.float32)
    assert len(packed["text"]) == characters * values.size
    rows = np.abs(values.reshape(len(values), -1))
    steps = rows.max(axis=1, keepdims=True) / STEPS[characters]
    errors = np.abs(back.astype(np.float64) - values).reshape(len(values), -1)
    # Half a step, and what a scale of seven digits and float32 add.
    assert (errors <= 0.5 * steps + 2e-7 * rows.max(axis=1, keepdims=True)).all()
    assert (back[values == 0] == 0).all()


def test_the_text_is_the_number_of_a_step_in_base_91():
    packed = pack(np.array([[4140.0, -4140.0, 1.0]]), 2)
    numbers = [
        91 * DIGITS.index(a) + DIGITS.index(b)
        for a, b in zip(packed["text"][::2], packed["text"][1::2], strict=True)
    ]
    assert numbers == [2 * 4140, 0, 4141]
    assert packed["scales"] == [1.0]


def test_no_digit_ends_a_string_or_begins_a_tag():
    assert len(DIGITS) == len(set(DIGITS)) == 91
    assert not set(DIGITS) & set('"\\<\n ')
    assert json.dumps(DIGITS) == f'"{DIGITS}"'
