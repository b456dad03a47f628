"""The rounding is as coarse as the pictures allow, and no coarser."""

import pytest
import torch
from sparsevae.explorer.layer_records import from_records
from sparsevae.explorer.layers import Linear, Mean, Relu, decode
from sparsevae.explorer.rounding import LARGEST_ERROR, round_layers


def layers(gain: float) -> list:
    """Two latents, 40 hidden units and 90 pixels with logits as large as the gain makes them."""
    noise = torch.Generator().manual_seed(3)
    first = Linear(torch.randn(2, 40, generator=noise), torch.randn(40, generator=noise))
    weight = gain * torch.randn(40, 90, generator=noise)
    return [first, Relu(), Linear(weight, torch.zeros(90)), Mean("sigmoid")]


LATENTS = torch.randn(300, 2, generator=torch.Generator().manual_seed(4))


@pytest.mark.parametrize(("gain", "characters"), [(0.3, [2, 2]), (3, [3, 2]), (60, [3, 3])])
def test_finer_where_the_pictures_need_it(gain, characters):
    records, error = round_layers(layers(gain), LATENTS, peak=1.0)
    used = [record["weight"]["characters"] for record in records if record["kind"] == "linear"]
    assert used == characters
    off = decode(from_records(records), LATENTS) - decode(layers(gain), LATENTS)
    assert error == pytest.approx(off.abs().max().item())
    assert error <= LARGEST_ERROR < 5e-3


def test_errors_are_of_what_is_shown_white():
    dim = round_layers(layers(0.3), LATENTS, peak=0.01)
    assert [r["weight"]["characters"] for r in dim[0] if "weight" in r] != [2, 2]
    assert dim[1] <= LARGEST_ERROR
