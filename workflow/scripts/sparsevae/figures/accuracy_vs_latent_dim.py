"""The accuracy of linear probes against the number of latents."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sparsevae.figures.curves import (
    draw_published,
    draw_seeds,
    log_axis,
    percent_axis,
    published_handle,
)
from sparsevae.figures.style import PAGE_WIDTH, add_legend, figure_style, model_style, note_figure

PANELS = {"probe_accuracy_ungated": "slab means m", "probe_accuracy": "codes E[z|x] = g m"}


def plot_accuracy_vs_latent_dim(
    metrics: pd.DataFrame, models: Sequence[str], published: pd.DataFrame | None = None
) -> Figure:
    """Test accuracy (%) of a logistic regression on ungated and on gated codes, on a log2 axis.

    metrics: rows of tables/metrics.csv of one dataset, with `model`, `latent_dim`, `seed` and the
    columns of PANELS; models: all models of the study, in its order; published: `model` (the
    study's name), `latent_dim`, `published` (accuracy, 0 to 1), which is of slab means and drawn
    there, dashed. Lines are means over seeds, bands +- one standard deviation (n - 1), small dots
    the seeds. Figure (ii) of the ICLR 2019 submission and the accuracies of De la Fuente &
    Aduviri's report.
    """
    styles = model_style(models)
    metrics = metrics.dropna(subset=list(PANELS))
    shown = [model for model in styles if (metrics["model"] == model).any()]
    if not shown:
        return note_figure("This dataset has one class: nothing to probe.")
    beside = None if published is None else published[published["model"].isin(shown)]
    with figure_style():
        figure = Figure(figsize=(PAGE_WIDTH, 2.3), layout="constrained")
        panels = figure.subplots(1, len(PANELS), sharey=True)
        for axes, (measure, title) in zip(panels, PANELS.items(), strict=True):
            runs = {model: metrics[metrics["model"] == model] for model in shown}
            handles = [draw_seeds(axes, runs[m], "latent_dim", measure, styles[m]) for m in shown]
            log_axis(axes, np.unique(metrics["latent_dim"]))
            axes.set(title=title, xlabel="number of latents")
        percent_axis(panels[0], "test accuracy")
        labels = [styles[model].label for model in shown]
        if beside is not None and len(beside):
            for model, curve in beside.sort_values("latent_dim").groupby("model"):
                draw_published(panels[0], curve["latent_dim"], curve["published"], styles[model])
            handles, labels = [*handles, published_handle()], [*labels, "published"]
        add_legend(figure, handles, labels)
    return figure
