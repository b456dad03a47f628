"""Interpolation: two objects, the way between them, and switches."""

import numpy as np
from sparsevae.figures import pictures
from sparsevae.figures.interpolation import draw
from unit.figures import examples


def test_a_strip_is_the_pair_its_steps_and_its_switches():
    run = examples.pictures("vsc")
    pair, steps, switched = draw({"vsc": run}).axes
    for axes, grid in [
        (pair, run["interpolation_objects"][:, None]),
        (steps, run["interpolation"]),
        (switched, run["interpolation_switched"]),
    ]:
        np.testing.assert_array_equal(axes.images[0].get_array(), pictures.tile(grid))
    labels = [label.get_text() for label in steps.get_xticklabels()]
    assert labels == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
    assert [label.get_text() for label in switched.get_yticklabels()] == ["A's on", "A's off"]
    assert [label.get_text() for label in switched.get_xticklabels()] == ["B's off", "B's on"]
    assert "(3)" in steps.get_title()
    assert "A's 1, B's 2" in switched.get_title()


def test_models_without_are_left_out():
    runs = {model: examples.pictures(model) for model in ("ae", "vsc")}
    assert len(draw(runs).axes) == 3
