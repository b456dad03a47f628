"""Reconstructions: the right pictures in the right rows."""

import numpy as np
import pytest
from sparsevae.figures import pictures
from sparsevae.figures.reconstructions import draw
from sparsevae.jobs.errors import UserError
from unit.figures import examples


def labels(axes):
    return [label.get_text() for label in axes.get_yticklabels()]


@pytest.mark.parametrize(("channels", "side"), [(1, 8), (1, 28), (3, 64)])
def test_rows_are_inputs_then_models_clean_and_noisy(channels, side):
    runs = {name: examples.pictures(name, channels, side) for name in ("ae", "_my$")}
    runs["_my$"]["reconstructions"] = 255 - runs["ae"]["reconstructions"]
    clean, noisy = draw(runs).axes
    assert labels(clean) == ["original", "AE", "_my$"]
    assert labels(noisy) == ["noisy input", "AE", "_my$"]
    rows = [runs["ae"]["originals"], *[run["reconstructions"] for run in runs.values()]]
    expected = pictures.tile(np.stack([row[:10] for row in rows]))
    np.testing.assert_array_equal(clean.images[0].get_array(), expected)
    rows = [runs["ae"]["noisy"], *[run["noisy_reconstructions"] for run in runs.values()]]
    expected = pictures.tile(np.stack([row[:10] for row in rows]))
    np.testing.assert_array_equal(noisy.images[0].get_array(), expected)


@pytest.mark.parametrize("inputs", ["originals", "noisy"])
def test_models_with_other_inputs_are_refused_by_name(inputs):
    runs = {name: examples.pictures(name) for name in ("ae", "vae")}
    runs["vae"][inputs] = runs["vae"][inputs][::-1]
    with pytest.raises(UserError, match=f"vae and ae reconstruct different {inputs}"):
        draw(runs)


def test_fewer_pictures_than_columns_are_all_shown():
    run = {
        name: array[:3] if len(array) == 16 else array
        for name, array in examples.pictures().items()
    }
    axes = draw({"vae": run}).axes[0]
    assert axes.images[0].get_array().shape[1] == 3 * 28 + 2 * 2
