"""Conditional samples: an object, its reconstruction, and nine variations in reading order."""

import numpy as np
from sparsevae.figures import pictures
from sparsevae.figures.conditional_samples import draw
from unit.figures import examples


def filled(figure):
    """The panels that are not there for the room between objects."""
    return [axes for axes in figure.axes if axes.images]


def test_each_object_stands_beside_its_variations():
    run = examples.pictures("vsc")
    axes = filled(draw({"vsc": run}))
    assert len(axes) == 6
    for item in range(3):
        samples = pictures.tile(run["conditional_samples"][item].reshape(3, 3, 1, 28, 28))
        np.testing.assert_array_equal(axes[2 * item + 1].images[0].get_array(), samples)
        column = axes[2 * item].images[0].get_array()
        assert (column[:28, :, 0] == run["conditional_objects"][item, 0]).all()
        assert (column[30:58, :, 0] == run["conditional_reconstructions"][item, 0]).all()
        assert (column[60:] == 255).all()
    titles = [axes[item].get_title() for item in (1, 3, 5)]
    assert titles == ["active latents: 1", "active latents: 4", "active latents: 2"]


def test_an_autoencoder_has_no_strip():
    runs = {model: examples.pictures(model) for model in examples.MODELS}
    names = [axes.get_ylabel() for axes in filled(draw(runs))[::6]]
    assert names == ["VAE", "VSC", "VSC-WU"]
