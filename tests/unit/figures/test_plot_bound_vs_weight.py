"""Bounds against beta and alpha: which models make a line, their spread, published points."""

import pandas as pd
import pytest
from sparsevae.comparison.published import COLUMNS
from sparsevae.figures.bound_vs_weight import draw
from unit.comparison.test_published import run, vsc

NO_ROWS = pd.DataFrame(columns=COLUMNS)
RUNS = [run("vae"), run("beta", beta=10.0), vsc("half", 0.5), vsc("tenth", 0.1)]
BOUNDS = {"vae": [-1.0, -3.0], "beta": [-9.0, -11.0], "half": [-4.0, -4.0], "tenth": [-7.0, -8.0]}
METRICS = pd.DataFrame(
    [
        {"model": model, "seed": seed, "elbo_selected": bound}
        for model, bounds in BOUNDS.items()
        for seed, bound in enumerate(bounds)
    ]
)


def lines(axes):
    return [container.lines[0].get_xydata().tolist() for container in axes.containers]


def test_a_panel_each_for_beta_and_alpha_on_one_axis():
    figure = draw(METRICS, RUNS, NO_ROWS)
    left, right = figure.axes
    assert (left.get_xlabel(), right.get_xlabel()) == ("β", "α")
    assert left.get_ylim() == right.get_ylim()
    assert lines(left) == [[[1, -2], [10, -10]]]
    assert lines(right) == [[[0.1, -7.5], [0.5, -4]]]
    assert left.get_xticks().tolist() == [1, 10]


def test_bars_are_one_standard_deviation_over_seeds():
    bars = draw(METRICS, RUNS, NO_ROWS).axes[0].containers[0].lines[2][0]
    low, high = bars.get_segments()[0][:, 1]
    assert high - low == pytest.approx(2 * 2**0.5)


def test_models_that_differ_in_more_make_lines_of_their_own():
    runs = [vsc("half", 0.5), vsc("tenth", 0.1), vsc("warm", 0.1, warmup=True)]
    metrics = pd.concat([METRICS, METRICS[METRICS["model"] == "half"].assign(model="warm")])
    (axes,) = draw(metrics, runs, NO_ROWS).axes
    assert lines(axes) == [[[0.1, -7.5], [0.5, -4]], [[0.1, -4]]]


def test_a_panel_of_single_points_is_left_out():
    (axes,) = draw(METRICS, [run("vae"), vsc("half", 0.5), vsc("tenth", 0.1)], NO_ROWS).axes
    assert axes.get_xlabel() == "α"


def test_published_points_need_the_same_settings_but_for_the_weight():
    row = {"dataset": "mnist", "family": "vsc", "prior_kind": "fixed", "slab_warmup": "no"}
    row |= {"measure": "elbo_selected", "published": -5.0, "latent_dim": 60}
    others = [{"likelihood": "gaussian"}, {"dataset": "digits"}, {"measure": "loss"}]
    entries = [{"alpha": 0.01}, *({"alpha": 0.2} | other for other in others)]
    rows = pd.DataFrame([row | entry for entry in entries], columns=COLUMNS)
    figure = draw(METRICS, RUNS, rows)
    assert lines(figure.axes[1])[0] == [[0.01, -5]]
    assert len(lines(figure.axes[1])) == 2
    assert len(lines(figure.axes[0])) == 1
    labels = [text.get_text() for text in figure.legends[0].get_texts()]
    assert labels == ["VAE", "VSC", "published"]


def test_a_weight_of_zero_has_no_place_on_the_axis():
    runs = [run("vae"), run("zero", beta=0.0), run("beta", beta=10.0)]
    (axes,) = draw(METRICS, runs, NO_ROWS).axes
    assert lines(axes) == [[[1, -2], [10, -10]]]
