"""Pseudo-inputs, the most selected first."""

import numpy as np
import pytest
from sparsevae.figures.pseudo_inputs import draw
from unit.figures import examples


@pytest.mark.parametrize(("number", "strips"), [(5, 1), (10, 1), (20, 2), (30, 2)])
def test_they_come_by_their_selection_ten_to_a_strip(number, strips):
    run = examples.pseudo_inputs(number)
    figure = draw({"vsc": run, "vae": {}})
    assert len(figure.axes) == strips
    order = np.argsort(-run["pseudo_input_selection"])
    shown = iter(order)
    for axes in figure.axes:
        mosaic = axes.images[0].get_array()[..., 0]
        assert mosaic.shape == (28 + 2 + 28, 10 * 30 - 2)
        for column, label in enumerate(axes.get_xticklabels()):
            index = next(shown)
            picture = run["pseudo_inputs"][index, 0]
            left = column * 30
            assert (mosaic[:28, left : left + 28] == picture).all()
            assert (mosaic[30:, left : left + 28] == picture // 2).all()
            share = 100 * run["pseudo_input_selection"][index]
            assert label.get_text() == f"{share:.1f} %"
    assert f"VSC: {number} pseudo-inputs" in figure.axes[0].get_title(loc="left")
    assert len(list(shown)) == max(0, number - 20)
