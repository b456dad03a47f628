"""How many latents are used against how many there are."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from sparsevae.evaluation.disentanglement import GROUP_SIZES, used_latents
from sparsevae.figures.curves import draw_against_latent_dim
from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import Fact, PublishedCorrelations, Table
from sparsevae.figures.style import COLUMN_WIDTH, PAGE_WIDTH, figure_style

FIGURE = Declaration(
    title="How many latents are used",
    part="Sparsity",
    caption="""
        How many latents each model of ``{dataset}`` uses, against how many it has; on the grey
        line, all of them. Lines are means over seeds, bands ± one standard deviation, dots the
        seeds. Left, latents whose E[z|x] varies over the test set (Burda et al. 2016); right, where
        the factors are known, latents that correlate with a factor, with the counts in figs 3 and 9
        of Tonolini et al. (UAI 2019) dashed and the number of sources dotted. Their claim: VSC uses
        about as many latents as there are sources.
        """,
    reads={
        "metrics": Table("metrics"),
        "families": Fact("families"),
        "published": PublishedCorrelations(),
    },
    needs=(Need.LATENT_SIZES,),
    literature="counts of UAI 2019, figs 3 and 9",
    config_keys=("latent_dims", "seeds"),
    numbers=(Numbers("used_latents", "count", "Latents in use", "smallest_and_largest"),),
)

_PANELS = {
    "used_latents": "variance of E[z|x] above 0.01",
    "correlation_used": "correlation with a factor above 0.07",
}


def draw(
    metrics: pd.DataFrame,
    families: Mapping[str, str],
    published: Mapping[tuple[str, int], Float[np.ndarray, "factors _"]],
) -> Figure:
    """Used latents against latent size, both ways of counting them, on a log2 axis.

    metrics: rows of tables/metrics.csv of one dataset, with `model`, `latent_dim`, `seed` and the
    columns of _PANELS, of which `correlation_used` is empty without known factors, and its panel
    left out; families: all models of the dataset, in the study's order, each with its family;
    published: (family, latent size) -> matrix of UAI figures 3 and 9, whose count of used latents
    is dashed in the second panel in the colour of the family's first model. All latents are used on
    the grey line. The paper's claim is that VSC uses about as many as there are sources: Smiley has
    18.
    """
    panels = {name: title for name, title in _PANELS.items() if metrics[name].notna().any()}
    counts = _counts(published, families)
    with_factors = "correlation_used" in panels
    sources = sum(GROUP_SIZES.values())
    known = [sources, *counts["published"]] if with_factors else []
    highest = max(metrics[list(panels)].max().max(), *known, 0)
    with figure_style():
        figure, row = draw_against_latent_dim(
            metrics,
            list(families),
            panels,
            PAGE_WIDTH if with_factors else COLUMN_WIDTH,
            {"correlation_used": counts} if with_factors else {},
        )
        for axes in row:
            low, high = axes.get_xticks()[0], axes.get_xticks()[-1]
            all_used = np.linspace(low, high, 100)  # a curve on a log axis
            axes.plot(all_used, all_used, color="0.75", linewidth=0.8, zorder=0)
            if with_factors:
                _mark_sources(axes, sources)
            axes.set_ylim(0, 1.08 * highest + 1)
            axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        row[0].set_ylabel("used latents")
    return figure


def _counts(
    published: Mapping[tuple[str, int], np.ndarray], families: Mapping[str, str]
) -> pd.DataFrame:
    """Used latents in the paper's matrices, each as of the first model of its family."""
    rows = [
        {
            "model": next(model for model in families if families[model] == family),
            "latent_dim": size,
            "published": int(used_latents(matrix).sum()),
        }
        for (family, size), matrix in published.items()
    ]
    return pd.DataFrame(rows, columns=["model", "latent_dim", "published"])


def _mark_sources(axes: Axes, sources: int) -> None:
    axes.axhline(sources, color="0.4", linewidth=0.8, linestyle=":", zorder=0)
    at: dict[str, Any] = {
        "xy": (0.02, sources),
        "xycoords": ("axes fraction", "data"),
        "fontsize": 6,
    }
    axes.annotate(f"{sources} sources", **at, ha="left", va="bottom", color="0.4")
