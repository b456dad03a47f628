"""Traversals: rows are latents, columns are values."""

import numpy as np
import pytest
from sparsevae.figures import pictures
from sparsevae.figures.traversals import draw
from unit.figures import examples


def texts(labels):
    return [label.get_text() for label in labels]


def test_rows_are_the_first_six_latents_by_name():
    run = examples.pictures(latents=60)
    axes = draw({"vsc": run}).axes[0]
    assert texts(axes.get_yticklabels()) == ["z60", "z59", "z58", "z57", "z56", "z55"]
    expected = pictures.tile(run["traversals"][:6])
    np.testing.assert_array_equal(axes.images[0].get_array(), expected)
    rows = pictures.row_centres(run["traversals"])[:6]
    assert axes.get_yticks().tolist() == rows.tolist()


@pytest.mark.parametrize(
    ("steps", "labels", "columns"),
    [
        (5, ["−2", "−1", "0", "1", "2"], [0, 1, 2, 3, 4]),
        (9, ["−2", "−1", "0", "1", "2"], [0, 2, 4, 6, 8]),
        (11, ["−1.6", "−0.8", "0", "0.8", "1.6"], [1, 3, 5, 7, 9]),  # 0 before the ends
        (13, ["−2", "−1.3", "−0.67", "0", "0.67", "1.3", "2"], [0, 2, 4, 6, 8, 10, 12]),
        (1, ["−2"], [0]),
    ],
)
def test_values_stand_above_their_columns(steps, labels, columns):
    run = examples.pictures(steps=steps)
    axes = draw({"vsc": run}).axes[0]
    assert texts(axes.get_xticklabels()) == labels
    assert axes.xaxis.get_ticks_position() == "top"
    centres = pictures.column_centres(run["traversals"])
    assert axes.get_xticks().tolist() == centres[columns].tolist()
