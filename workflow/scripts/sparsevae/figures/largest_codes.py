"""How a picture changes along the largest elements of its code."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.style import figure_style, latent_label, model_style, note_figure
from sparsevae.figures.traversals import draw_traversals

ROWS = 3


def plot_largest_codes(runs: Mapping[str, Mapping[str, np.ndarray]]) -> Figure:
    """A strip per model: the picture, its reconstruction, and a row per element, largest first.

    runs: model -> arrays of its pictures.npz: `largest_codes`, uint8 (latents, steps, C, H, W), of
    the first of `originals`; `largest_code_latents` (latents,), numbered from 0; `codes` (n, J) and
    `code_reconstructions`. A row's label has the value that the element has in the code. Only that
    element changes along a row; at 0 it is switched off. Models without such arrays (an
    autoencoder, whose latents have no scale) or without an active latent are left out. The effect
    of changing the largest element in De la Fuente & Aduviri's report.
    """
    styles = model_style(list(runs))
    shown = {model: run for model, run in runs.items() if len(run.get("largest_codes", ()))}
    if not shown:
        return note_figure("No model shown here has an active latent in the code of this picture.")
    with figure_style():
        steps = next(iter(shown.values()))["largest_codes"][0]
        figure, rows = pictures.strips(len(shown), [1, len(steps)], steps[0])
        for (image, moved), (model, run) in zip(rows, shown.items(), strict=True):
            grid = pictures.fill_rows(run["largest_codes"][:ROWS], ROWS)
            pair = run["originals"][0], run["code_reconstructions"][0]
            pictures.show(image, pictures.stack(*pair, rows=ROWS))
            image.set_ylabel(styles[model].label)
            latents = run["largest_code_latents"][:ROWS].tolist()
            labels = [_label(latent, run["codes"][0]) for latent in latents]
            draw_traversals(moved, grid, labels, run["traversal_values"])
        pictures.fit_height(figure)
    return figure


def _label(latent: int, code: np.ndarray) -> str:
    value = f"{code[latent]:.1f}".replace("-", "−")
    return f"{latent_label(latent)} = {value}"
