"""A split is encoded once, in batches, and measures take batches and first samples of it."""

import numpy as np
import pytest
import torch
from sparsevae.data.split import Split
from sparsevae.evaluation.encoded import encode_split

PIXELS = np.random.default_rng(4).integers(0, 256, (10, 1, 2, 3), dtype=np.uint8)
SPLIT = Split(
    PIXELS, np.arange(10, dtype=np.uint8), factors=np.arange(30, dtype=np.float32).reshape(10, 3)
)


@torch.no_grad()
@pytest.mark.parametrize("family", ["ae", "vae", "vsc"])
def test_every_sample_has_its_own_row(family, tiny_model):
    model = tiny_model(family, (1, 2, 3)).float()
    encoded = encode_split(model, SPLIT, "unit_norm", 4)
    x = torch.from_numpy(PIXELS.reshape(10, 6)).float()
    x = x / x.norm(dim=1, keepdim=True)
    torch.testing.assert_close(encoded.inputs, x)
    torch.testing.assert_close(encoded.posterior.mean, model.encode(x).mean)


def test_first_samples_keep_labels_and_factors_and_leave_out_what_there_is_not(tiny_model):
    first = encode_split(tiny_model("vsc", (1, 2, 3)).float(), SPLIT, "unit_interval", 4).first(7)
    assert (len(first), len(first.split), len(first.posterior.mean)) == (7, 7, 7)
    assert first.split.labels.tolist() == list(range(7))
    assert first.split.factors[6].tolist() == [18, 19, 20]
    assert first.split.presence is None
    assert len(first.first(None)) == len(first.first(99)) == 7


def test_batches_are_all_samples_in_order(tiny_model):
    encoded = encode_split(tiny_model("vsc", (1, 2, 3)).float(), SPLIT, "unit_interval", 4)
    inputs, posteriors = zip(*encoded.batches(), strict=True)
    assert [len(x) for x in inputs] == [4, 4, 2]
    assert torch.cat(inputs).equal(encoded.inputs)
    assert torch.cat([q.slab.mean for q in posteriors]).equal(encoded.posterior.slab.mean)
