"""Variations of test objects along their active latents."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.style import figure_style, model_style, note_figure

SIDE = 3


def plot_conditional_samples(runs: Mapping[str, Mapping[str, np.ndarray]]) -> Figure:
    """A strip per model: for each object the test image, its reconstruction, and 3 x 3 variations.

    runs: model -> arrays of its pictures.npz: `conditional_objects` and
    `conditional_reconstructions`, uint8 (objects, C, H, W); `conditional_samples`, uint8 (objects,
    9, C, H, W), in which only the object's active latents vary and all others are 0; and
    `conditional_active` (objects,), the number of active ones. Models without (an autoencoder has
    no prior to draw from) are left out. Fig. 6 of Tonolini et al. (UAI 2019).
    """
    styles = model_style(list(runs))
    shown = {model: run for model, run in runs.items() if "conditional_samples" in run}
    if not shown:
        return note_figure("No model shown here has a prior to draw from.")
    with figure_style():
        objects = next(iter(shown.values()))["conditional_objects"]
        columns = [1, SIDE, 0] * len(objects)
        figure, rows = pictures.strips(len(shown), columns[:-1], objects[0])
        for row, (model, run) in zip(rows, shown.items(), strict=True):
            for item, (image, samples) in enumerate(zip(row[::2], row[1::2], strict=True)):
                _draw(image, samples, run, item)
            row[0].set_ylabel(styles[model].label)
        pictures.fit_height(figure)
    return figure


def _draw(image: Axes, samples: Axes, run: Mapping[str, np.ndarray], item: int) -> None:
    pair = run["conditional_objects"][item], run["conditional_reconstructions"][item]
    pictures.show(image, pictures.stack(*pair, rows=SIDE))
    grid = run["conditional_samples"][item][: SIDE**2]
    pictures.show(samples, pictures.wrap(grid, SIDE))
    samples.set_title(f"active latents: {run['conditional_active'][item]}")
