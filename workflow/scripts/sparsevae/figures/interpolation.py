"""Two objects: their shared latents interpolated, the others switched on and off."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.style import figure_style, model_style, note_figure


def plot_interpolation(runs: Mapping[str, Mapping[str, np.ndarray]]) -> Figure:
    """A strip per model: objects A and B, six steps of the shared latents, a 2 x 2 of switches.

    runs: model -> arrays of its pictures.npz: `interpolation_objects`, uint8 (2, C, H, W);
    `interpolation`, uint8 (2, steps, C, H, W), the latents that A and B share going from A's values
    to B's, with A's own latents in row 0 and B's in row 1; `interpolation_switched`, uint8 (2, 2,
    C, H, W), the shared ones half way, A's own on and off by row, B's off and on by column; and
    `interpolation_latents` (3,), how many are shared, A's own, B's own. Models without (an
    autoencoder has no active latents) are left out. Fig. 7 of Tonolini et al. (UAI 2019).
    """
    styles = model_style(list(runs))
    shown = {model: run for model, run in runs.items() if "interpolation" in run}
    if not shown:
        return note_figure("No model shown here has two classes and active latents.")
    with figure_style():
        steps = next(iter(shown.values()))["interpolation"][0]
        figure, rows = pictures.strips(len(shown), [1, len(steps), 2], steps[0])
        for row, (model, run) in zip(rows, shown.items(), strict=True):
            _draw(row, run)
            row[0].set_ylabel(styles[model].label)
        pictures.fit_height(figure)
    return figure


def _draw(row: Sequence[Axes], run: Mapping[str, np.ndarray]) -> None:
    objects, path, switched = row
    shared, first, second = run["interpolation_latents"]
    grid = run["interpolation_objects"][:, None]
    pictures.show(objects, grid)
    objects.set_yticks(pictures.row_centres(grid), ["A", "B"])
    grid = run["interpolation"]
    pictures.show(path, grid)
    weights = np.linspace(0, 1, grid.shape[1])
    path.set_xticks(pictures.column_centres(grid), [f"{weight:.1f}" for weight in weights])
    path.set_title(f"shared latents ({shared}), from A's values (0.0) to B's (1.0)")
    grid = run["interpolation_switched"]
    pictures.show(switched, grid)
    switched.set_xticks(pictures.column_centres(grid), ["B's off", "B's on"])
    switched.set_yticks(pictures.row_centres(grid), ["A's on", "A's off"])
    switched.set_title(f"own: A's {first}, B's {second}")
