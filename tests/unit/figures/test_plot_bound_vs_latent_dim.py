"""ELBO against latent size: means, spread, seeds and ticks are the table's."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from sparsevae.figures.bound_vs_latent_dim import draw
from unit.figures import examples

METRICS = examples.metrics()
NOTHING = examples.nothing_published()


def texts(figure):
    return [text.get_text() for text in figure.legends[0].get_texts()]


def elbo(model, size):
    chosen = (METRICS["model"] == model) & (METRICS["latent_dim"] == size)
    return METRICS["elbo"][chosen].to_numpy()


def test_a_line_is_the_mean_over_seeds_by_latent_size():
    line = draw(METRICS, examples.MODELS, NOTHING).axes[0].get_lines()[1]
    assert line.get_xdata().tolist() == [2, 8, 16, 32, 64]
    expected = [elbo("vsc", size).mean() for size in (2, 8, 16, 32, 64)]
    np.testing.assert_allclose(line.get_ydata(), expected)


def test_a_band_is_one_standard_deviation_over_seeds():
    axes = draw(METRICS, examples.MODELS, NOTHING).axes[0]
    band = axes.collections[0].get_paths()[0].vertices
    at_8 = band[band[:, 0] == 8][:, 1]
    values = elbo("vae", 8)
    assert at_8.max() == pytest.approx(values.mean() + values.std(ddof=1))
    assert at_8.min() == pytest.approx(values.mean() - values.std(ddof=1))


def test_every_seed_has_its_dot():
    axes = draw(METRICS, examples.MODELS, NOTHING).axes[0]
    dots = axes.collections[1].get_offsets()
    rows = METRICS[METRICS["model"] == "vae"][["latent_dim", "elbo"]]
    np.testing.assert_allclose(dots, rows.to_numpy())


def test_a_model_without_elbo_is_left_out_and_leaves_no_colour_to_others():
    figure = draw(METRICS, examples.MODELS, NOTHING)
    assert texts(figure) == ["VAE", "VSC", "VSC-WU"]
    metrics = examples.metrics(["mine", "yours"])
    metrics.loc[metrics["model"] == "mine", "elbo"] = np.nan
    with_mine = draw(metrics, ["mine", "yours"], NOTHING).axes[0].get_lines()[0]
    alone = draw(metrics, ["yours"], NOTHING).axes[0].get_lines()[0]
    assert with_mine.get_color() != alone.get_color()


def test_ticks_are_the_latent_sizes_on_a_log2_axis():
    axes = draw(METRICS, examples.MODELS, NOTHING).axes[0]
    assert axes.get_xscale() == "log"
    assert axes.get_xticks().tolist() == [2, 8, 16, 32, 64]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["2", "8", "16", "32", "64"]


def test_labels_of_many_sizes_do_not_overlap():
    sizes = range(8, 201, 8)
    figure = draw(examples.metrics(["vae"], sizes, [1]), ["vae"], NOTHING)
    figure.draw_without_rendering()
    boxes = [label.get_window_extent() for label in figure.axes[0].get_xticklabels()]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))
    ticks = set(figure.axes[0].get_xticks()) | set(figure.axes[0].get_xticks(minor=True))
    assert ticks == set(sizes)


def test_published_losses_are_dashed_bounds_in_the_colour_of_their_model():
    published = pd.DataFrame(
        {"model": "vsc", "latent_dim": [16, 8, 128], "published": [112.0, 118.0, 111.0]}
    )
    figure = draw(METRICS, examples.MODELS, published)
    ours = figure.axes[0].get_lines()[1]
    (dashed,) = [line for line in figure.axes[0].get_lines() if line.get_linestyle() == "--"]
    assert dashed.get_color() == ours.get_color()
    assert dashed.get_xdata().tolist() == [8, 16, 128]
    assert dashed.get_ydata().tolist() == [-118.0, -112.0, -111.0]
    assert texts(figure)[-1] == "published"
    assert 128 in figure.axes[0].get_xticks()


def test_nothing_published_leaves_no_trace():
    figure = draw(METRICS, examples.MODELS, NOTHING)
    assert texts(figure) == ["VAE", "VSC", "VSC-WU"]
    assert len(figure.axes[0].get_lines()) == 3
