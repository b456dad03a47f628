"""The accuracy of probes against the number of labelled images."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sparsevae.figures.curves import draw_seeds, log_axis, percent_axis
from sparsevae.figures.style import PAGE_WIDTH, add_legend, figure_style, model_style, note_figure

CODES = {"ungated": "slab means m", "gated": "codes E[z|x] = g m"}
CLASSIFIERS = {"linear": "linear", "two_layer": "two-layer"}


def plot_accuracy_vs_labels(probes: pd.DataFrame, models: Sequence[str], latent_dim: int) -> Figure:
    """Test accuracy (%) against labels on a log axis: a row per classifier, a column per codes.

    probes: rows of tables/probes.csv of one dataset and latent size, with `model`, `seed`, `codes`,
    `classifier`, `n_labels` and `accuracy` (0 to 1); models: all models of the study, in its order;
    latent_dim: for the title. Lines are means over seeds, bands +- one standard deviation (n - 1),
    small dots the seeds. The question of the ICLR 2019 submission (figure ii, 5,000 labels), for
    other numbers of labels.
    """
    styles = model_style(models)
    probes = probes.dropna(subset="accuracy")
    shown = [model for model in styles if (probes["model"] == model).any()]
    if not shown:
        return note_figure("This dataset has one class: nothing to probe.")
    rows = [name for name in CLASSIFIERS if (probes["classifier"] == name).any()]
    with figure_style():
        figure = Figure(figsize=(PAGE_WIDTH, 0.4 + 1.8 * len(rows)), layout="constrained")
        grid = figure.subplots(len(rows), len(CODES), sharex=True, sharey=True, squeeze=False)
        for panels, classifier in zip(grid, rows, strict=True):
            for axes, (codes, title) in zip(panels, CODES.items(), strict=True):
                chosen = (probes["classifier"] == classifier) & (probes["codes"] == codes)
                runs = {m: probes[chosen & (probes["model"] == m)] for m in shown}
                handles = [
                    draw_seeds(axes, runs[m], "n_labels", "accuracy", styles[m]) for m in shown
                ]
                axes.set_title(f"{CLASSIFIERS[classifier]} probe of {title}")
            percent_axis(panels[0], "test accuracy")
        log_axis(grid[0, 0], np.unique(probes["n_labels"]), gap=0.13)
        for axes in grid[-1]:
            axes.set_xlabel(f"labelled images, {latent_dim} latents")
        add_legend(figure, handles, [styles[model].label for model in shown])
    return figure
