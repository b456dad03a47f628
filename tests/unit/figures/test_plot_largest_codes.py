"""Largest codes: rows are elements of one code."""

import numpy as np
from sparsevae.figures import pictures
from sparsevae.figures.largest_codes import plot_largest_codes
from unit.figures import examples


def test_rows_name_the_elements_and_their_own_values():
    run = examples.pictures("vsc", latents=9)
    run["codes"][0, run["largest_code_latents"]] = [-2.0, 1.5, 1.25]
    image, moved = plot_largest_codes({"vsc": run}).axes
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
    _, moved = plot_largest_codes({"vsc": run}).axes
    assert (moved.images[0].get_array()[30:] == 255).all()
    assert len(moved.get_yticks()) == 1


def test_models_without_an_element_are_left_out():
    runs = {model: examples.pictures(model) for model in ("ae", "vae", "vsc")}
    runs["vsc"]["largest_codes"] = runs["vsc"]["largest_codes"][:0]
    figure = plot_largest_codes(runs)
    assert [axes.get_ylabel() for axes in figure.axes] == ["VAE", ""]
    del runs["vae"]
    assert "active" in plot_largest_codes(runs).texts[0].get_text()
