"""Used latents against latent size: lines, the line of all, the paper's counts."""

import numpy as np
import pytest
from sparsevae.figures.used_latents_vs_latent_dim import plot_used_latents_vs_latent_dim
from unit.figures import examples

FAMILIES = {"vae": "vae", "vsc": "vsc", "vsc-wu": "vsc"}


@pytest.fixture
def metrics():
    table = examples.metrics(list(FAMILIES), [2, 18, 60])
    random = np.random.default_rng(0)
    table["used_latents"] = np.minimum(table["latent_dim"], random.integers(1, 30, len(table)))
    table["correlation_used"] = np.maximum(table["used_latents"] - 1, 0)
    return table


def texts(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_lines_are_means_over_seeds_of_both_counts(metrics):
    panels = plot_used_latents_vs_latent_dim(metrics, FAMILIES, {}).axes
    for axes, measure in zip(panels, ("used_latents", "correlation_used"), strict=True):
        means = metrics[metrics["model"] == "vsc"].groupby("latent_dim")[measure].mean()
        line = axes.get_lines()[1]
        assert line.get_xdata().tolist() == [2, 18, 60]
        np.testing.assert_allclose(line.get_ydata(), means)


def test_all_used_is_a_line_and_the_sources_are_marked(metrics):
    axes = plot_used_latents_vs_latent_dim(metrics, FAMILIES, {}).axes[0]
    all_used, sources = axes.get_lines()[3:5]
    np.testing.assert_array_equal(all_used.get_xdata(), all_used.get_ydata())
    assert set(sources.get_ydata()) == {18}
    assert [text.get_text() for text in axes.texts] == ["18 sources"]


def test_published_counts_are_in_the_colour_of_the_familys_first_model(metrics):
    figure = plot_used_latents_vs_latent_dim(
        metrics, FAMILIES, {("vsc", 60): 19, ("vsc", 18): 14, ("vae", 18): 17}
    )
    assert texts(figure) == ["VAE", "VSC", "VSC-WU", "published"]
    lines = figure.axes[1].get_lines()
    vsc, vae = lines[-2:]  # in the order given
    assert (vsc.get_xdata().tolist(), vsc.get_ydata().tolist()) == ([18, 60], [14, 19])
    assert (vae.get_ydata().tolist(), vae.get_color()) == ([17], lines[0].get_color())
    assert vsc.get_color() == lines[1].get_color()


def test_without_known_factors_there_is_one_panel(metrics):
    metrics["correlation_used"] = np.nan
    figure = plot_used_latents_vs_latent_dim(metrics, FAMILIES, {})
    assert len(figure.axes) == 1
    assert not figure.axes[0].texts


def test_sources_and_published_counts_have_room_above_few_used_latents(metrics):
    metrics["used_latents"] = metrics["correlation_used"] = 1
    figure = plot_used_latents_vs_latent_dim(metrics, FAMILIES, {("vsc", 60): 40})
    assert all(axes.get_ylim()[1] > 40 for axes in figure.axes)
