"""Heat maps: their cells are the table's, and their columns are put in the stated order."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from sparsevae.figures.class_activations import draw, latent_order
from unit.figures import examples

NAMES = [f"class {number}" for number in range(10)]


def maps(figure: Figure):
    """The heat maps by their titles, without the colour bars."""
    return {axes.get_title(): axes for axes in figure.axes if axes.get_title()}


def test_latents_are_ordered_by_their_class_then_strength_with_unused_last():
    activity = np.array(
        [
            # z1   z2    z3   z4    z5   z6
            [0.10, 0.50, 0.0, 0.90, 0.0, 0.02],
            [0.80, 0.00, 0.3, 0.00, 0.0, 0.01],
        ]
    )
    assert latent_order(activity).tolist() == [3, 1, 0, 2, 5, 4]


def test_cells_are_the_tables_values_in_that_order():
    table = examples.activations(60, 10, spikes=True)
    shown = maps(draw({"vsc": table.sample(frac=1, random_state=0)}, NAMES))
    probability = table["mean_spike_prob"].to_numpy().reshape(10, 60)
    mean = table["mean_latent"].to_numpy().reshape(10, 60)
    order = latent_order(probability)
    cells = shown["VSC: mean spike probability"].images[0].get_array()
    np.testing.assert_array_equal(cells, probability[:, order])
    np.testing.assert_array_equal(shown["VSC: mean latent"].images[0].get_array(), mean[:, order])


def test_without_spikes_there_are_mean_latents_only_ordered_by_size():
    table = examples.activations(8, 10, spikes=False)
    shown = maps(draw({"vae": table}, NAMES))
    assert list(shown) == ["VAE: mean latent"]
    mean = table["mean_latent"].to_numpy().reshape(10, 8)
    order = latent_order(np.abs(mean))
    axes = shown["VAE: mean latent"]
    np.testing.assert_array_equal(axes.images[0].get_array(), mean[:, order])
    labels = [label.get_text() for label in axes.get_xticklabels()]
    assert labels == [f"z{latent + 1}" for latent in order]


def test_scales_are_centred_for_means_and_zero_to_one_for_probabilities():
    table = examples.activations(8, 10, spikes=True)
    shown = maps(draw({"vsc": table}, NAMES))
    low, high = shown["VSC: mean latent"].images[0].get_clim()
    assert -low == high == pytest.approx(table["mean_latent"].abs().max())
    assert shown["VSC: mean spike probability"].images[0].get_clim() == (0, 1)


def test_every_model_has_its_panels_and_rows_have_the_class_names():
    tables = {m: examples.activations(8, 10, m.startswith("vsc")) for m in examples.MODELS}
    shown = maps(draw(tables, NAMES))
    assert list(shown) == [
        "AE: mean latent",
        "VAE: mean latent",
        "VSC: mean latent",
        "VSC: mean spike probability",
        "VSC-WU: mean latent",
        "VSC-WU: mean spike probability",
    ]
    rows = [label.get_text() for label in shown["VSC: mean latent"].get_yticklabels()]
    assert rows == NAMES


def test_a_class_without_samples_keeps_its_row_empty():
    table = examples.activations(8, 10, spikes=True)
    shown = maps(draw({"vsc": table[table["label"] != 3]}, NAMES))
    missing = shown["VSC: mean spike probability"].images[0].get_array().mask
    assert missing[3].all()
    assert not np.delete(missing, 3, axis=0).any()


def test_a_collapsed_model_is_drawn_in_the_colour_of_zero(tmp_path):
    table = examples.activations(2, 16, spikes=True)
    table[["mean_latent", "mean_spike_prob"]] = 0.0
    names = [f"$_{number}" for number in range(16)]
    figure = draw({"vsc": table}, names)
    assert maps(figure)["VSC: mean latent"].images[0].get_clim() == (-1, 1)
    figure.savefig(tmp_path / "figure.png")
