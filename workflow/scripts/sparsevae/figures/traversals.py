"""How pictures change along the most active latents."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.style import (
    figure_style,
    latent_label,
    model_style,
    note_figure,
)

ROWS = 6
_MOST_LABELS = 7  # values that fit above a panel


def plot_traversals(runs: Mapping[str, Mapping[str, np.ndarray]]) -> Figure:
    """One panel per model, a row per latent, most active first; the top axis has its values.

    runs: model -> arrays of its pictures.npz: `traversals`, uint8 (latents, steps, C, H, W),
    `traversal_latents` (latents,), numbered from 0, and `traversal_values` (steps,). Up to six
    rows. Only the named latent changes along a row. Latents have no unit: under a standard normal
    prior, one is a standard deviation. Fig. 4 of Tonolini et al. (UAI 2019).
    """
    styles = model_style(list(runs))
    shown = {model: run for model, run in runs.items() if len(run["traversals"])}
    if not shown:
        return note_figure("No model shown here has an active latent.")
    with figure_style():
        figure, panels = pictures.panels(len(shown))
        for axes, (model, run) in zip(panels, shown.items(), strict=True):
            labels = [latent_label(int(latent)) for latent in run["traversal_latents"][:ROWS]]
            draw_traversals(axes, run["traversals"][:ROWS], labels, run["traversal_values"])
            axes.set_title(styles[model].label)
        pictures.fit_height(figure)
    return figure


def draw_traversals(
    axes: Axes, grid: np.ndarray, labels: Sequence[str], values: Float[np.ndarray, "steps"]
) -> None:
    """A row of pictures per latent, named by `labels`, under the values that it takes."""
    pictures.show(axes, grid)
    axes.set_yticks(pictures.row_centres(grid)[: len(labels)], labels)
    steps = grid.shape[1]
    stride = -(-steps // _MOST_LABELS)
    labelled = np.arange(steps // 2 % stride, steps, stride)  # the middle always has its value
    shown = [f"{value:.2g}".replace("-", "−") for value in values[labelled]]
    axes.set_xticks(pictures.column_centres(grid)[labelled], shown)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("value of the latent")
