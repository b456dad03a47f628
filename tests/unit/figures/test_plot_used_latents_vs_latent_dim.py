"""Used latents against latent size: lines, the line of all, the paper's counts."""

import numpy as np
import pytest
from sparsevae.figures.used_latents_vs_latent_dim import draw
from unit.figures import examples

FAMILIES = {"vae": "vae", "vsc": "vsc", "vsc-wu": "vsc"}


@pytest.fixture
def metrics():
    table = examples.metrics(list(FAMILIES), [2, 18, 60])
    random = np.random.default_rng(0)
    table["used_latents"] = np.minimum(table["latent_dim"], random.integers(1, 30, len(table)))
    table["correlation_used"] = np.maximum(table["used_latents"] - 1, 0)
    return table


def using(number: int, latents: int) -> np.ndarray:
    """A matrix of correlations in which so many latents are used."""
    return np.tile(np.where(np.arange(latents) < number, 0.5, 0.01), (18, 1))


def texts(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def test_lines_are_means_over_seeds_of_both_counts(metrics):
    panels = draw(metrics, FAMILIES, {}).axes
    for axes, measure in zip(panels, ("used_latents", "correlation_used"), strict=True):
        means = metrics[metrics["model"] == "vsc"].groupby("latent_dim")[measure].mean()
        line = axes.get_lines()[1]
        assert line.get_xdata().tolist() == [2, 18, 60]
        np.testing.assert_allclose(line.get_ydata(), means)


def test_all_used_is_a_line_and_the_sources_are_marked(metrics):
    axes = draw(metrics, FAMILIES, {}).axes[0]
    all_used, sources = axes.get_lines()[3:5]
    np.testing.assert_array_equal(all_used.get_xdata(), all_used.get_ydata())
    assert set(sources.get_ydata()) == {18}
    assert [text.get_text() for text in axes.texts] == ["18 sources"]


def test_published_counts_are_in_the_colour_of_the_familys_first_model(metrics):
    published = {("vsc", 60): using(19, 60), ("vsc", 18): using(14, 18), ("vae", 18): using(17, 18)}
    figure = draw(metrics, FAMILIES, published)
    assert texts(figure) == ["VAE", "VSC", "VSC-WU", "published"]
    lines = figure.axes[1].get_lines()
    vae, vsc = [line for line in lines if line.get_linestyle() == "--"]
    assert (vsc.get_xdata().tolist(), vsc.get_ydata().tolist()) == ([18, 60], [14, 19])
    assert (vae.get_ydata().tolist(), vae.get_color()) == ([17], lines[0].get_color())
    assert vsc.get_color() == lines[1].get_color()


def test_without_known_factors_there_is_one_panel(metrics):
    metrics["correlation_used"] = np.nan
    figure = draw(metrics, FAMILIES, {})
    assert len(figure.axes) == 1
    assert not figure.axes[0].texts


def test_sources_and_published_counts_have_room_above_few_used_latents(metrics):
    metrics["used_latents"] = metrics["correlation_used"] = 1
    figure = draw(metrics, FAMILIES, {("vsc", 60): using(40, 60)})
    assert all(axes.get_ylim()[1] > 40 for axes in figure.axes)
