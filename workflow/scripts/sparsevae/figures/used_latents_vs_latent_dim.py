"""How many latents are used against how many there are."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sparsevae.evaluation.disentanglement import GROUP_SIZES
from sparsevae.figures.curves import draw_published, draw_seeds, log_axis, published_handle
from sparsevae.figures.style import (
    COLUMN_WIDTH,
    PAGE_WIDTH,
    ModelStyle,
    add_legend,
    figure_style,
    model_style,
)

_PANELS = {
    "used_latents": "variance of E[z|x] above 0.01",
    "correlation_used": "correlation with a factor above 0.07",
}


def plot_used_latents_vs_latent_dim(
    metrics: pd.DataFrame,
    families: Mapping[str, str],
    published: Mapping[tuple[str, int], int],
) -> Figure:
    """Used latents against latent size, both ways of counting them, on a log2 axis.

    metrics: rows of tables/metrics.csv of one dataset, with `model`, `latent_dim`, `seed` and the
    columns of _PANELS, of which `correlation_used` is empty without known factors, and its panel
    left out; families: all models of the dataset, in the study's order, each with its family;
    published: (family, latent size) -> count in UAI figures 3 and 9, dashed in the second panel in
    the colour of the family's first model. Lines are means over seeds, bands +-
    one standard deviation (n - 1), small dots the seeds; all latents are used on the grey line. The
    paper's claim is that VSC uses about as many as there are sources: Smiley has 18.
    """
    styles = model_style(list(families))
    panels = [name for name in _PANELS if metrics[name].notna().any()]
    shown = [model for model in styles if (metrics["model"] == model).any()]
    sizes = np.unique([*metrics["latent_dim"], *(size for _, size in published)]).astype(int)
    known = [sum(GROUP_SIZES.values()), *published.values()] if len(panels) == 2 else []
    highest = max(metrics[panels].max().max(), *known, 0)
    with figure_style():
        width = COLUMN_WIDTH if len(panels) == 1 else PAGE_WIDTH
        figure = Figure(figsize=(width, 2.3), layout="constrained")
        axes_row = figure.subplots(1, len(panels), squeeze=False, sharey=True)[0]
        for axes, measure in zip(axes_row, panels, strict=True):
            runs = [metrics[metrics["model"] == model] for model in shown]
            handles = [
                draw_seeds(axes, of_model, "latent_dim", measure, styles[model])
                for model, of_model in zip(shown, runs, strict=True)
            ]
            all_used = np.linspace(sizes[0], sizes[-1], 100)  # a curve on a log axis
            axes.plot(all_used, all_used, color="0.75", linewidth=0.8, zorder=0)
            if len(panels) == 2:
                _mark_sources(axes, known[0])
            log_axis(axes, sizes)
            axes.set(title=_PANELS[measure], xlabel="number of latents")
            axes.set_ylim(0, 1.08 * highest + 1)
            axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes_row[0].set_ylabel("used latents")
        labels = [styles[model].label for model in shown]
        if published and len(panels) == 2:
            _draw_published(axes_row[1], published, families, styles)
            handles, labels = [*handles, published_handle()], [*labels, "published"]
        add_legend(figure, handles, labels)
    return figure


def _mark_sources(axes: Axes, sources: int) -> None:
    axes.axhline(sources, color="0.4", linewidth=0.8, linestyle=":", zorder=0)
    at = {"xy": (0.02, sources), "xycoords": ("axes fraction", "data"), "fontsize": 6}
    axes.annotate(f"{sources} sources", **at, ha="left", va="bottom", color="0.4")


def _draw_published(
    axes: Axes,
    published: Mapping[tuple[str, int], int],
    families: Mapping[str, str],
    styles: Mapping[str, ModelStyle],
) -> None:
    for family in dict.fromkeys(family for family, _ in published):
        first = next(model for model in families if families[model] == family)
        counts = {size: count for (name, size), count in published.items() if name == family}
        curve = pd.Series(counts).sort_index()
        draw_published(axes, curve.index.to_series(), curve, styles[first])
