"""Sparse codes: bars for values, grey columns for exact zeros."""

import numpy as np
from matplotlib.colors import to_hex
from sparsevae.figures.sparse_codes import draw
from sparsevae.figures.style import model_style
from unit.figures import examples


def test_bars_are_the_first_code_and_zeros_are_grey_columns():
    run = examples.pictures("vsc", latents=9)
    run["codes"][0, 2] = 1e-4  # small, but not zero
    bars, _ = draw({("vsc", 9): run}).axes
    colour = to_hex(model_style(["vsc"])["vsc"].colour)
    boxes = [(patch.get_x() + patch.get_width() / 2, patch) for patch in bars.patches]
    heights = {x: p.get_height() for x, p in boxes if to_hex(p.get_facecolor()) == colour}
    zeros = [x for x, patch in boxes if to_hex(patch.get_facecolor()) != colour]
    np.testing.assert_allclose([heights[x] for x in range(1, 10)], run["codes"][0])
    np.testing.assert_allclose(zeros, [2, 4, 6, 8])
    assert bars.get_title() == "5 of 9 latents not zero"


def test_a_row_per_model_and_a_column_per_size_without_autoencoders():
    runs = {
        (model, size): examples.pictures(model, latents=size)
        for size in (9, 4)
        for model in ("ae", "vae", "vsc")
    }
    axes = draw(runs).axes
    titles = [panel.get_title() for panel in axes[::2]]
    assert titles == [f"{on} of {size} latents not zero" for on, size in [(2, 4), (5, 9)] * 2]
    assert [panel.get_ylabel() for panel in axes[::4]] == ["VAE", "VSC"]
    assert axes[0].get_ylim() == axes[2].get_ylim()
    run = runs["vae", 9]
    mosaic = axes[3].images[0].get_array()[..., 0]
    assert (mosaic[:28] == run["originals"][0, 0]).all()
    assert (mosaic[30:] == run["code_reconstructions"][0, 0]).all()
