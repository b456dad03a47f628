"""Largest codes: rows are elements of one code."""

import numpy as np
from sparsevae.figures import pictures
from sparsevae.figures.largest_codes import draw
from unit.figures import examples


def test_rows_name_the_elements_and_their_own_values():
    run = examples.pictures("vsc", latents=9)
    run["codes"][0, run["largest_code_latents"]] = [-2.0, 1.5, 1.25]
    image, moved = draw({"vsc": run}).axes
    names = [f"z{latent + 1}" for latent in run["largest_code_latents"]]
    labels = [label.get_text() for label in moved.get_yticklabels()]
    assert labels == [f"{names[0]} = −2.0", f"{names[1]} = 1.5", f"{names[2]} = 1.2"]
    np.testing.assert_array_equal(moved.images[0].get_array(), pictures.tile(run["largest_codes"]))
    column = image.images[0].get_array()
    assert (column[:28, :, 0] == run["originals"][0, 0]).all()
    assert (column[30:58, :, 0] == run["code_reconstructions"][0, 0]).all()


def test_missing_rows_are_white():
    run = examples.pictures("vsc")
    assert len(run["largest_codes"]) == 1
    _, moved = draw({"vsc": run}).axes
    assert (moved.images[0].get_array()[30:] == 255).all()
    assert len(moved.get_yticks()) == 1


def test_a_code_of_zeros_says_so_and_an_autoencoder_has_no_strip():
    runs = {model: examples.pictures(model) for model in ("ae", "vae", "vsc")}
    for name in ("largest_codes", "largest_code_latents"):
        runs["vsc"][name] = runs["vsc"][name][:0]
    axes = draw(runs).axes
    assert [panel.get_ylabel() for panel in axes] == ["VAE", "", "VSC", ""]
    assert [panel.get_title() for panel in axes[1::2]] == ["", "no latent is active in this code"]
    assert (axes[3].images[0].get_array() == pictures.WHITE).all()
    assert not axes[3].get_yticks().size
