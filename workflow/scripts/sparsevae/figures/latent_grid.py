"""What each model decodes over the plane of its two latents."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.style import (
    figure_style,
    latent_label,
    model_style,
    note_figure,
)


def plot_latent_grid(runs: Mapping[str, Mapping[str, np.ndarray]]) -> Figure:
    """One panel per model with two latents: a picture where its latents have the axes' values.

    runs: model -> arrays of its pictures.npz; those with `latent_grid`, uint8 (rows, columns, C, H,
    W), are shown. z1 grows to the right and z2 upwards, both over latent_grid_values (rising), so
    that row 0 has the largest z2. Latents have no unit: under a standard normal prior, one is a
    standard deviation. The paper has no counterpart: its models have more latents.
    """
    styles = model_style(list(runs))
    shown = {model: run for model, run in runs.items() if "latent_grid" in run}
    if not shown:
        return note_figure("No model shown here has two latents.")
    with figure_style():
        figure, panels = pictures.panels(len(shown))
        for axes, (model, run) in zip(panels, shown.items(), strict=True):
            _draw(axes, run["latent_grid"], run["latent_grid_values"])
            axes.set_title(styles[model].label)
        pictures.fit_height(figure)
    return figure


def _draw(axes: Axes, grid: np.ndarray, values: np.ndarray) -> None:
    """grid: rows from the largest z2 to the smallest, as they are seen."""
    pictures.show(axes, grid)
    ticks = np.arange(np.ceil(values.min()), np.floor(values.max()) + 1)
    labels = [f"{tick:.0f}".replace("-", "−") for tick in ticks]
    axes.set_xticks(np.interp(ticks, values, pictures.column_centres(grid)), labels)
    axes.set_yticks(np.interp(ticks, values, pictures.row_centres(grid)[::-1]), labels)
    axes.tick_params(length=2)
    axes.set(xlabel=latent_label(0), ylabel=latent_label(1))
