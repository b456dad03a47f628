"""Learning curves: the lines are the tables' numbers."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from sparsevae.figures.style import model_style
from sparsevae.figures.training_history import draw
from unit.figures import examples

HISTORIES = {(m, seed): examples.history(m, seed) for m in examples.MODELS for seed in (1, 2, 3)}


def lines_of(axes, model):
    """Validation and training line of a model in one panel."""
    colour = model_style([model])[model].colour
    return [line for line in axes.get_lines() if to_hex(line.get_color()) == colour.lower()]


def seeds(column, model="vsc"):
    return np.stack([HISTORIES[model, seed][column] for seed in (1, 2, 3)])


def test_loss_lines_are_means_over_seeds_of_both_sets():
    validation, training = lines_of(draw(HISTORIES).axes[0], "vsc")
    np.testing.assert_allclose(validation.get_ydata(), seeds("validation_loss").mean(axis=0))
    np.testing.assert_allclose(training.get_ydata(), seeds("train_loss").mean(axis=0))
    assert validation.get_linestyle() == "-"
    assert training.get_linestyle() == "--"
    assert validation.get_xdata().tolist() == list(range(1, 26))


def test_the_kl_panel_adds_slab_and_spike():
    validation, _ = lines_of(draw(HISTORIES).axes[1], "vsc")
    total = seeds("validation_kl_slab") + seeds("validation_kl_spike")
    np.testing.assert_allclose(validation.get_ydata(), total.mean(axis=0))


def test_a_model_without_kl_is_not_in_its_panel():
    figure = draw(HISTORIES)
    assert lines_of(figure.axes[0], "ae")
    assert not lines_of(figure.axes[1], "ae")


def test_bands_are_one_standard_deviation_over_seeds():
    axes = draw(HISTORIES).axes[0]
    band = axes.collections[examples.MODELS.index("vsc")].get_paths()[0].vertices
    values = seeds("validation_loss")
    at_last = band[band[:, 0] == 25][:, 1]
    half = values[:, -1].std(ddof=1)
    assert at_last.max() == pytest.approx(values[:, -1].mean() + half)
    assert at_last.min() == pytest.approx(values[:, -1].mean() - half)


def test_one_seed_has_no_band():
    figure = draw({("vae", 1): examples.history()})
    assert not figure.axes[0].collections


def test_warm_up_has_a_panel_with_only_the_models_that_have_it():
    *_, axes = draw(HISTORIES).axes
    (line,) = axes.get_lines()
    warmup = HISTORIES["vsc-wu", 1]["slab_warmup"]
    np.testing.assert_array_equal(line.get_ydata(), warmup)
    assert lines_of(axes, "vsc-wu") == [line]


def test_there_is_no_warm_up_panel_without_warm_up():
    assert len(draw({("vae", 1): examples.history()}).axes) == 2


@pytest.mark.parametrize("start", [250.0, 1e9])
def test_the_first_epoch_does_not_flatten_the_rest(start):
    history = examples.history()
    history.loc[0, ["train_loss", "validation_loss"]] = start
    low, high = draw({("vae", 1): history}).axes[0].get_ylim()
    assert low < history["validation_loss"].min()
    assert high < 200


def test_an_unpenalised_kl_in_warm_up_does_not_flatten_the_rest():
    history = examples.history("vsc-wu")
    history.loc[:5, ["train_kl_slab", "validation_kl_slab"]] = 5000.0
    _, high = draw({("vsc-wu", 1): history}).axes[1].get_ylim()
    assert 25 < high < 100


def test_the_end_of_every_curve_is_in_view():
    figure = draw(HISTORIES)
    for axes in figure.axes:
        low, high = axes.get_ylim()
        assert all(low <= line.get_ydata()[-1] <= high for line in axes.get_lines())


def test_a_short_training_is_shown_whole():
    history = examples.history(epochs=3)
    low, high = draw({("vae", 1): history}).axes[0].get_ylim()
    assert low < history["train_loss"].min()
    assert high > history["validation_loss"].max()


def test_a_training_of_one_epoch_shows_as_points():
    figure = draw({("ae", 1): examples.history("ae", epochs=1)})
    assert [line.get_marker() for line in figure.axes[0].get_lines()] == ["s", "s"]


def test_names_are_plain_text(tmp_path):
    names = ["_a_$x_{1}$", "b<c>", "$", "$\\frac"]
    figure = draw({(name, 1): examples.history(name) for name in names})
    figure.savefig(tmp_path / "figure.png")
    texts = figure.legends[0].get_texts()
    assert [text.get_text() for text in texts][:4] == names
    assert not any(text.get_parse_math() for text in texts)
