"""The evidence lower bound of the test set against the number of latents."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sparsevae.figures.curves import draw_published, draw_seeds, log_axis, published_handle
from sparsevae.figures.style import (
    COLUMN_WIDTH,
    add_legend,
    figure_style,
    model_style,
    note_figure,
)


def plot_bound_vs_latent_dim(
    metrics: pd.DataFrame, models: Sequence[str], published: pd.DataFrame | None = None
) -> Figure:
    """Test ELBO in nats per sample (higher is better) against latent size, on a log2 axis.

    metrics: rows of tables/metrics.csv of one dataset, with `model`, `latent_dim`, `seed`, `elbo`;
    models: all models of the study, in its order. A model without an ELBO (an autoencoder) is left
    out. published: losses of published models with the settings of ours (published.curves), drawn
    as minus the loss, dashed in our model's colour. Lines are means over seeds, bands +- one
    standard deviation over seeds (n - 1), small dots the seeds. Figure (i) of the ICLR 2019
    submission and the first figure of De la Fuente & Aduviri's report, which plot minus this bound.
    """
    styles = model_style(models)
    metrics = metrics.dropna(subset="elbo")
    shown = [model for model in styles if (metrics["model"] == model).any()]
    if not shown:
        return note_figure("No model of this study has an ELBO.")
    with figure_style():
        figure = Figure(figsize=(COLUMN_WIDTH, 2.3), layout="constrained")
        axes = figure.subplots()
        runs = {model: metrics[metrics["model"] == model] for model in shown}
        handles = [draw_seeds(axes, runs[m], "latent_dim", "elbo", styles[m]) for m in shown]
        labels = [styles[model].label for model in shown]
        sizes = set(metrics["latent_dim"])
        if published is not None and published["model"].isin(shown).any():
            published = published[published["model"].isin(shown)]
            for model, curve in published.sort_values("latent_dim").groupby("model"):
                draw_published(axes, curve["latent_dim"], -curve["published"], styles[model])
            sizes |= set(published["latent_dim"])
            handles.append(published_handle())
            labels.append("published")
        log_axis(axes, np.array(sorted(sizes)))
        axes.set(xlabel="number of latents", ylabel="test ELBO (nats per sample)")
        add_legend(figure, handles, labels)
    return figure
