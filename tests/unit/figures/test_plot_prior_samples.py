"""Samples from the prior: the first 32 of each generative model."""

import numpy as np
import pytest
from sparsevae.figures import pictures
from sparsevae.figures.prior_samples import plot_prior_samples
from unit.figures import examples


@pytest.mark.parametrize(("channels", "side"), [(1, 8), (3, 64)])
def test_a_block_is_the_first_samples_in_reading_order(channels, side):
    run = examples.pictures("vae", channels, side)
    axes = plot_prior_samples({"vae": run}).axes[0]
    expected = pictures.tile(run["prior_samples"][:32].reshape(4, 8, channels, side, side))
    np.testing.assert_array_equal(axes.images[0].get_array(), expected)


def test_an_autoencoder_has_no_block():
    runs = {model: examples.pictures(model) for model in examples.MODELS}
    titles = [axes.get_title() for axes in plot_prior_samples(runs).axes]
    assert titles == ["VAE", "VSC", "VSC-WU"]


def test_only_autoencoders_give_a_note():
    figure = plot_prior_samples({"ae": examples.pictures("ae")})
    assert "prior" in figure.texts[0].get_text()
