"""What figures against a number share, in the cases that no figure of its own shows."""

import pytest
from matplotlib.figure import Figure
from sparsevae.figures.curves import draw_models, log_axis, shown_styles
from unit.figures import examples


def test_one_value_shows_its_spread_as_a_bar():
    axes = Figure().subplots()
    metrics = examples.metrics(["vae"], [2])
    draw_models(axes, metrics, "latent_dim", "elbo", shown_styles(["vae"], metrics))
    (bar,) = axes.containers[0].lines[2]
    low, high = bar.get_segments()[0][:, 1]
    assert high - low == pytest.approx(2 * metrics["elbo"].std(ddof=1))


def test_an_axis_of_one_value_names_it():
    axes = Figure().subplots()
    log_axis(axes, examples.probes(labels=[5000])["n_labels"].unique())
    assert [label.get_text() for label in axes.get_xticklabels()] == ["5,000"]
