"""Accuracy against labels: the right rows in each panel, and an axis that can be read."""

from itertools import pairwise

import numpy as np
from sparsevae.figures.accuracy_vs_labels import draw
from unit.figures import examples

PROBES = examples.probes()
LABELS = [100, 300, 1000, 3000, 5000, 10_000, 60_000]


def test_each_panel_has_its_classifier_and_codes():
    figure = draw(PROBES, examples.MODELS, 16)
    panels = [(c, k) for c in ("linear", "two_layer") for k in ("ungated", "gated")]
    for axes, (classifier, codes) in zip(figure.axes, panels, strict=True):
        rows = PROBES[(PROBES["classifier"] == classifier) & (PROBES["codes"] == codes)]
        rows = rows[rows["model"] == "vsc"]
        line = axes.get_lines()[2]
        assert line.get_xdata().tolist() == LABELS
        expected = [rows["accuracy"][rows["n_labels"] == n].mean() for n in LABELS]
        np.testing.assert_allclose(line.get_ydata(), expected)
        assert axes.get_title().startswith(classifier.replace("_", "-"))
        assert ("slab means" in axes.get_title()) == (codes == "ungated")


def test_one_classifier_has_one_row_of_panels():
    probes = examples.probes(classifiers=["linear"])
    assert len(draw(probes, examples.MODELS, 16).axes) == 2


def test_every_number_of_labels_has_a_tick_and_no_names_overlap():
    figure = draw(PROBES, examples.MODELS, 16)
    figure.draw_without_rendering()
    axes = figure.axes[-1]
    assert axes.get_xscale() == "log"
    assert set(axes.get_xticks()) | set(axes.get_xticks(minor=True)) == set(LABELS)
    boxes = [label.get_window_extent() for label in axes.get_xticklabels()]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))
    assert axes.get_xticklabels()[-1].get_text() == "60,000"


def test_a_model_that_was_not_probed_leaves_no_colour_to_others():
    both = draw(examples.probes(["yours"]), ["mine", "yours"], 16)
    alone = draw(examples.probes(["yours"]), ["yours"], 16)
    colours = [figure.axes[0].get_lines()[0].get_color() for figure in (both, alone)]
    assert colours[0] != colours[1]
    assert [text.get_text() for text in both.legends[0].get_texts()] == ["yours"]
