"""The learned pseudo-inputs of a prior, as pictures."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.style import figure_style, model_style, note_figure

COLUMNS = 10
MOST = 20


def plot_pseudo_inputs(runs: Mapping[str, Mapping[str, np.ndarray]]) -> Figure:
    """Per model, pseudo-inputs by how much they are selected, over what their encodings decode to.

    runs: model -> arrays of its pictures.npz; those with `pseudo_inputs` and
    `pseudo_input_reconstructions`, uint8 (U, C, H, W), and `pseudo_input_selection` (U,), the mean
    selection weight, which sums to one, are shown: their 20 most selected, ten to a strip, the
    weight in per cent below. The paper (Tonolini et al., UAI 2019, eq. 4) shows none.
    """
    styles = model_style(list(runs))
    shown = {model: run for model, run in runs.items() if "pseudo_inputs" in run}
    if not shown:
        return note_figure("No model shown here has pseudo-inputs.")
    strips = [(model, part) for model, run in shown.items() for part in _strips(run)]
    with figure_style():
        picture = next(iter(shown.values()))["pseudo_inputs"][0]
        figure, rows = pictures.strips(len(strips), [COLUMNS], picture)
        named = set()
        for (axes,), (model, part) in zip(rows, strips, strict=True):
            _draw(axes, shown[model], part)
            if model not in named:
                number = len(shown[model]["pseudo_inputs"])
                most = f", the {MOST} most selected" if number > MOST else ""
                axes.set_title(f"{styles[model].label}: {number} pseudo-inputs{most}", loc="left")
                named.add(model)
        pictures.fit_height(figure)
    return figure


def _strips(run: Mapping[str, np.ndarray]) -> list[np.ndarray]:
    """Indices of the pseudo-inputs of each strip, most selected first."""
    order = np.argsort(-run["pseudo_input_selection"], kind="stable")[:MOST]
    return [order[start : start + COLUMNS] for start in range(0, len(order), COLUMNS)]


def _draw(axes: Axes, run: Mapping[str, np.ndarray], part: np.ndarray) -> None:
    both = [run["pseudo_inputs"][part], run["pseudo_input_reconstructions"][part]]
    grid = np.concatenate([pictures.wrap(row, COLUMNS) for row in both])
    pictures.show(axes, grid)
    weights = [f"{100 * weight:.1f} %" for weight in run["pseudo_input_selection"][part]]
    axes.set_xticks(pictures.column_centres(grid)[: len(part)], weights)
    axes.set_yticks(pictures.row_centres(grid), ["pseudo-input", "decoded"])
