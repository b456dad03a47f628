"""Accuracy against latent size: the right column in each panel, and published values beside."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import same_color
from sparsevae.figures.accuracy_vs_latent_dim import draw
from sparsevae.figures.curves import DASHES
from unit.figures import examples

METRICS = examples.accuracies()
NOTHING = examples.nothing_published()


def texts(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def means(column, model):
    chosen = METRICS[METRICS["model"] == model]
    return [chosen[column][chosen["latent_dim"] == n].mean() for n in (2, 8, 16, 32, 64)]


def test_each_panel_has_its_own_codes():
    ungated, gated = draw(METRICS, examples.MODELS, NOTHING).axes
    for axes, column, word in [
        (ungated, "probe_accuracy_ungated", "slab means"),
        (gated, "probe_accuracy", "E[z|x]"),
    ]:
        line = axes.get_lines()[2]
        assert line.get_xdata().tolist() == [2, 8, 16, 32, 64]
        np.testing.assert_allclose(line.get_ydata(), means(column, "vsc"))
        assert word in axes.get_title()
    assert gated.get_ylim() == ungated.get_ylim()


def test_a_band_is_one_standard_deviation_over_seeds():
    axes = draw(METRICS, examples.MODELS, NOTHING).axes[1]
    band = axes.collections[0].get_paths()[0].vertices
    at_8 = band[band[:, 0] == 8][:, 1]
    chosen = (METRICS["model"] == "ae") & (METRICS["latent_dim"] == 8)
    values = METRICS["probe_accuracy"][chosen].to_numpy()
    assert at_8.max() == pytest.approx(values.mean() + values.std(ddof=1))
    assert at_8.min() == pytest.approx(values.mean() - values.std(ddof=1))


def test_published_accuracies_are_dashed_beside_slab_means_alone():
    published = pd.DataFrame(
        {
            "model": ["vsc", "vsc", "not of this study"],
            "latent_dim": [40, 8, 8],
            "published": [0.85, 0.68, 0.5],
        }
    )
    figure = draw(METRICS, examples.MODELS, published)
    ungated, gated = figure.axes
    assert len(gated.get_lines()) == len(ungated.get_lines()) - 1 == 4
    line = ungated.get_lines()[-1]
    assert line.get_xdata().tolist() == [8, 40]
    assert line.get_ydata().tolist() == [0.68, 0.85]
    assert same_color(line.get_color(), ungated.get_lines()[2].get_color())
    assert line.get_linestyle() == "--"
    assert DASHES[1]
    assert texts(figure) == ["AE", "VAE", "VSC", "VSC-WU", "published"]


def test_nothing_published_is_not_in_the_legend():
    figure = draw(METRICS, examples.MODELS, NOTHING)
    assert texts(figure) == ["AE", "VAE", "VSC", "VSC-WU"]
