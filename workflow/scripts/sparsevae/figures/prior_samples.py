"""Pictures that each generative model draws from its prior."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.style import (
    figure_style,
    model_style,
    note_figure,
)

ROWS, COLUMNS = 4, 8


def plot_prior_samples(runs: Mapping[str, Mapping[str, np.ndarray]]) -> Figure:
    """One block of 4 x 8 decoded draws from the prior per generative model.

    runs: model -> arrays of its pictures.npz; those with `prior_samples`, uint8 (n, C, H, W), are
    shown, their first 32. An autoencoder has no prior and is left out. The unconditional relative
    of fig. 6 of Tonolini et al. (UAI 2019).
    """
    styles = model_style(list(runs))
    shown = {model: run["prior_samples"] for model, run in runs.items() if "prior_samples" in run}
    if not shown:
        return note_figure("No model shown here has a prior to draw from.")
    with figure_style():
        figure, panels = pictures.panels(len(shown))
        for axes, (model, samples) in zip(panels, shown.items(), strict=True):
            pictures.show(axes, pictures.wrap(samples[: ROWS * COLUMNS], COLUMNS))
            axes.set_title(styles[model].label)
        pictures.fit_height(figure)
    return figure
