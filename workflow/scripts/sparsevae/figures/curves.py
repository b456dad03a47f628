"""What figures of a measure against a number share: lines with their seeds, and the axis."""

import numpy as np
import pandas as pd
from jaxtyping import Shaped
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator

from sparsevae.figures.style import ModelStyle

DASHES = (0, (3, 1.5))


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
    axes.xaxis.set_minor_locator(FixedLocator(unnamed) if len(unnamed) else NullLocator())
    axes.xaxis.set_minor_formatter(lambda value, position: "")


def percent_axis(axes: Axes, label: str) -> None:
    """A vertical axis of fractions that is read in per cent."""
    axes.set_ylabel(f"{label} (%)")
    axes.yaxis.set_major_formatter(lambda value, position: f"{100 * value:g}")
