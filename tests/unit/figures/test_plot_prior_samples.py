"""Samples from the prior: the first 32 of each generative model."""

import numpy as np
import pytest
from sparsevae.figures import pictures
from sparsevae.figures.prior_samples import draw
from unit.figures import examples


@pytest.mark.parametrize(("channels", "side"), [(1, 8), (3, 64)])
def test_a_block_is_the_first_samples_in_reading_order(channels, side):
    run = examples.pictures("vae", channels, side)
    axes = draw({"vae": run}).axes[0]
    expected = pictures.tile(run["prior_samples"][:32].reshape(4, 8, channels, side, side))
    np.testing.assert_array_equal(axes.images[0].get_array(), expected)


def test_an_autoencoder_has_no_block():
    runs = {model: examples.pictures(model) for model in examples.MODELS}
    titles = [axes.get_title() for axes in draw(runs).axes]
    assert titles == ["VAE", "VSC", "VSC-WU"]
