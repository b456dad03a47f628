"""Latent planes: each picture where its latents are."""

import numpy as np
import pytest
from sparsevae.figures import pictures
from sparsevae.figures.latent_grid import draw
from unit.figures import examples


def test_z1_grows_to_the_right_and_z2_upwards():
    run = examples.pictures()
    axes = draw({"vae": run}).axes[0]
    shown = axes.images[0].get_array()
    at_right, at_left = axes.get_xticks()[-1], axes.get_xticks()[0]
    at_top, at_bottom = axes.get_yticks()[-1], axes.get_yticks()[0]
    for z1, x in [(2, at_right), (-2, at_left)]:
        for z2, y in [(2, at_top), (-2, at_bottom)]:
            top, left = round(y - 13.5), round(x - 13.5)
            picture = shown[top : top + 28, left : left + 28, 0]
            np.testing.assert_array_equal(picture, examples.stroke(z1, z2)[0])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("z1", "z2")


def test_ticks_stand_at_the_latents_values():
    run = examples.pictures()
    axes = draw({"vae": run}).axes[0]
    labels = ["−2", "−1", "0", "1", "2"]
    assert [label.get_text() for label in axes.get_xticklabels()] == labels
    assert [label.get_text() for label in axes.get_yticklabels()] == labels
    columns = pictures.column_centres(run["latent_grid"])
    assert axes.get_xticks()[[0, -1]].tolist() == columns[[0, -1]].tolist()
    assert axes.get_xticks()[2] == pytest.approx(columns.mean())
    # Pixels count downwards: -2 is at the largest.
    assert axes.get_yticks()[0] == pictures.row_centres(run["latent_grid"])[-1]


def test_only_models_with_two_latents_have_a_panel():
    runs = {"vae": examples.pictures(), "vsc": examples.pictures(latents=8)}
    (axes,) = draw(runs).axes
    assert axes.get_title() == "VAE"
