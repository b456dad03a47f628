"""What figures of a measure against a number share: lines with their seeds, and the axis."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from jaxtyping import Shaped
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator

from sparsevae.figures.style import ModelStyle, add_legend, model_style

DASHES = (0, (3, 1.5))


def draw_against_latent_dim(
    metrics: pd.DataFrame,
    models: Sequence[str],
    panels: Mapping[str, str],
    width: float,
    published: Mapping[str, pd.DataFrame],
) -> tuple[Figure, list[Axes]]:
    """A panel per measure against the number of latents, on log2 axes; call in `figure_style`.

    metrics: rows of tables/metrics.csv of one dataset; models: all models of the study, in its
    order, of which those without rows are left out; panels: column -> title; width: inches;
    published: column -> `model` (the study's name), `latent_dim`, `published`, dashed in the
    model's colour. Lines are means over seeds, bands +- one standard deviation (n - 1), small dots
    the seeds.
    """
    styles = shown_styles(models, metrics)
    dashed = {name: rows[rows["model"].isin(styles)] for name, rows in published.items()}
    sizes = [metrics["latent_dim"], *(rows["latent_dim"] for rows in dashed.values())]
    figure = Figure(figsize=(width, 2.3), layout="constrained")
    row = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
    for axes, (measure, title) in zip(row, panels.items(), strict=True):
        handles = draw_models(axes, metrics, "latent_dim", measure, styles)
        if measure in dashed:
            ordered = dashed[measure].sort_values("latent_dim")
            for model, curve in ordered.groupby("model"):
                draw_published(axes, curve["latent_dim"], curve["published"], styles[model])
        log_axis(axes, np.unique(np.concatenate(sizes)).astype(int))
        axes.set(title=title, xlabel="number of latents")
    labels = [look.label for look in styles.values()]
    if any(len(rows) for rows in dashed.values()):
        handles, labels = [*handles, published_handle()], [*labels, "published"]
    add_legend(figure, handles, labels)
    return figure, list(row)


def shown_styles(models: Sequence[str], rows: pd.DataFrame) -> dict[str, ModelStyle]:
    """The looks of the models that have rows; colours are those among all models of the study."""
    with_rows = set(rows["model"])
    return {model: look for model, look in model_style(models).items() if model in with_rows}


def draw_models(
    axes: Axes, rows: pd.DataFrame, x: str, y: str, styles: Mapping[str, ModelStyle]
) -> list[Line2D]:
    """A line with its seeds for each model; returns the lines of means."""
    return [
        draw_seeds(axes, rows[rows["model"] == model], x, y, look) for model, look in styles.items()
    ]


def draw_seeds(axes: Axes, runs: pd.DataFrame, x: str, y: str, look: ModelStyle) -> Line2D:
    """Means over seeds of column y by x, +- one standard deviation (n - 1) as a band, and dots.

    runs: rows of one model, one a seed and value of x. Returns the line of means.
    """
    by_x = runs.groupby(x)[y]
    mean, std = by_x.mean(), by_x.std(ddof=1)
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
        # A band over one value has no width.
        axes.errorbar(mean.index, mean, std, color=look.colour, capsize=2, linewidth=0.8)
    axes.scatter(runs[x], runs[y], s=3, color=look.colour, linewidth=0, zorder=3)
    return line


def draw_published(axes: Axes, x: pd.Series, y: pd.Series, look: ModelStyle) -> None:
    """Published values, dashed below our lines; a single one as a dash."""
    axes.plot(
        x,
        y,
        color=look.colour,
        linestyle=DASHES,
        linewidth=0.9,
        marker="_" if len(x) == 1 else None,
        markersize=7,
        zorder=1.5,
    )


def published_handle() -> Line2D:
    """The legend's line for all that is published, whatever its colour."""
    return Line2D([], [], color="0.4", linestyle=DASHES, linewidth=0.9)


def log_axis(axes: Axes, values: Shaped[np.ndarray, "n"], gap: float = 0.08) -> None:
    """A log2 axis with a tick at each of the values, which rise; where close, some are not named.

    gap: the least distance of two names, as a part of the axis.
    """
    axes.set_xscale("log", base=2)
    room = max(np.log2(values[-1] / values[0]), 1.0)
    axes.set_xlim(values[0] / 2 ** (0.05 * room), values[-1] * 2 ** (0.05 * room))
    named = [values[-1]]
    for value in values[::-1]:
        if np.log2(named[-1] / value) > gap * room:
            named.append(value)
    axes.set_xticks(named[::-1], [f"{value:,}" for value in named[::-1]])
    unnamed = np.setdiff1d(values, named)
    axes.xaxis.set_minor_locator(FixedLocator(unnamed.tolist()) if len(unnamed) else NullLocator())
    axes.xaxis.set_minor_formatter(lambda value, position: "")


def percent_axis(axes: Axes, label: str) -> None:
    """A vertical axis of fractions that is read in per cent."""
    axes.set_ylabel(f"{label} (%)")
    axes.yaxis.set_major_formatter(lambda value, position: f"{100 * value:g}")
