"""The evidence lower bound of the test set against the number of latents."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator

from sparsevae.plotting.style import (
    COLUMN_WIDTH,
    ModelStyle,
    add_legend,
    figure_style,
    model_style,
    note_figure,
)

DASHES = (0, (3, 1.5))


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
        handles = [_draw(axes, metrics[metrics["model"] == m], styles[m]) for m in shown]
        labels = [styles[model].label for model in shown]
        sizes = set(metrics["latent_dim"])
        if published is not None and published["model"].isin(shown).any():
            published = published[published["model"].isin(shown)]
            for model, curve in published.groupby("model"):
                _draw_published(axes, curve.sort_values("latent_dim"), styles[model])
            sizes |= set(published["latent_dim"])
            handles.append(Line2D([], [], color="0.4", linestyle=DASHES, linewidth=0.9))
            labels.append("published")
        _latent_axis(axes, np.array(sorted(sizes)))
        axes.set_ylabel("test ELBO (nats per sample)")
        add_legend(figure, handles, labels)
    return figure


def _draw(axes: Axes, runs: pd.DataFrame, look: ModelStyle) -> Line2D:
    """Means, their band and the seeds of one model; returns the line of means."""
    by_size = runs.groupby("latent_dim")["elbo"]
    mean, std = by_size.mean(), by_size.std(ddof=1)
    (line,) = axes.plot(
        mean.index,
        mean,
        color=look.colour,
        marker=look.marker,
        markerfacecolor="white",  # so that the dots of seeds are seen in it
        markersize=3.5 if len(mean) <= 12 else 2.5,
    )
    if len(mean) > 1:
        low, high = mean - std.fillna(0), mean + std.fillna(0)
        axes.fill_between(mean.index, low, high, color=look.colour, alpha=0.2, linewidth=0)
    elif std.notna().all():
        # A band over one size has no width.
        axes.errorbar(mean.index, mean, std, color=look.colour, capsize=2, linewidth=0.8)
    axes.scatter(runs["latent_dim"], runs["elbo"], s=3, color=look.colour, linewidth=0, zorder=3)
    return line


def _draw_published(axes: Axes, curve: pd.DataFrame, look: ModelStyle) -> None:
    """Minus the published losses, below our lines; a single one as a dash."""
    marker = "_" if len(curve) == 1 else None
    bounds = -curve["published"]
    dashed = {"linestyle": DASHES, "linewidth": 0.9, "marker": marker, "markersize": 7}
    axes.plot(curve["latent_dim"], bounds, color=look.colour, zorder=1.5, **dashed)


def _latent_axis(axes: Axes, sizes: np.ndarray) -> None:
    """A tick at every size; where they are close, only some have their number."""
    axes.set_xscale("log", base=2)
    room = max(np.log2(sizes[-1] / sizes[0]), 1.0)
    axes.set_xlim(sizes[0] / 2 ** (0.05 * room), sizes[-1] * 2 ** (0.05 * room))
    labelled = [sizes[-1]]
    for size in sizes[::-1]:
        if np.log2(labelled[-1] / size) > 0.08 * room:
            labelled.append(size)
    axes.set_xticks(labelled[::-1], [str(size) for size in labelled[::-1]])
    unlabelled = np.setdiff1d(sizes, labelled)
    axes.xaxis.set_minor_locator(FixedLocator(unlabelled) if len(unlabelled) else NullLocator())
    axes.xaxis.set_minor_formatter(lambda value, position: "")
    axes.set_xlabel("number of latents")
