"""How latents correlate with the known factors, for every model and latent size."""

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from sparsevae.evaluation.disentanglement import (
    GROUP_SIZES,
    attribute_means,
    summarise,
    used_latents,
)
from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import Fact, PublishedCorrelations, RunFiles
from sparsevae.figures.style import PAGE_WIDTH, figure_style, model_style

FIGURE = Declaration(
    title="Latents and known factors",
    part="What codes tell",
    caption="""
        Absolute correlation of the size of each factor of ``{dataset}`` (0 where its attribute does
        not show) with the size of each latent, one hard draw of z per test image; one seed. The
        latents of each panel are permuted: used ones (a correlation above 0.07) first, by the
        attribute that they correlate with best. Above each panel: the number of used latents, and
        their mean correlation with the factors of their best attribute and of the three others.
        Knowing only which attributes show is worth 0.68. Figs 3 and 9 of Tonolini et al. (UAI
        2019), whose panels, read off their colours, are below ours where they print that latent
        size; theirs end at 0.667.
        """,
    reads={
        "tables": RunFiles("factor_correlations.csv", "every_size"),
        "families": Fact("families"),
        "published": PublishedCorrelations(),
    },
    needs=(Need.FACTORS,),
    literature="UAI 2019, figs 3 and 9, beside ours",
    config_keys=("latent_dims",),
    numbers=(
        Numbers("correlation_used", "count", "Latents that follow a factor"),
        Numbers("correlation_own", "ratio", "Correlation with their own attribute"),
        Numbers("correlation_other", "ratio", "Correlation with the others"),
    ),
)

LARGEST = 2 / 3  # the end of the paper's colour bar: what the bits of presence alone score is 0.68
_PANEL = 1.05  # inches: the least width of a panel that has room for its title
_NAMES = {"vae": "β-VAE", "tcvae": "β-TCVAE", "vsc": "VSC"}

Panels = Mapping[tuple[str, int], Float[np.ndarray, "factors _"]]


def draw(
    tables: Mapping[tuple[str, int], pd.DataFrame],
    families: Mapping[str, str],
    published: Panels,
) -> Figure:
    """Matrices of |r| of factors (rows) with latents (columns): models down, latent sizes across.

    tables: (model, latent size) -> factor_correlations.csv, in the order of the study; families:
    model -> its family; published: (family, latent size) -> matrix of the paper's figure 3 or 9, in
    a row of their own below the family's last model. Latents are permuted, see `permutation`. Above
    a panel: how many latents are used, and their mean correlation with the factors of their best
    attribute and of the three others.
    """
    runs = {key: matrix_of(table) for key, table in tables.items()}
    rows = _rows(runs, families, published)
    sizes = sorted({size for _, size in runs})
    with figure_style():
        width = max(PAGE_WIDTH, 1.2 + _PANEL * len(sizes)) if len(sizes) > 2 else 5.0
        figure = Figure(figsize=(width, 1.22 * len(rows) + 0.1), layout="constrained")
        grid = figure.subplots(len(rows), len(sizes), squeeze=False)
        for axes_row, (name, matrices) in zip(grid, rows.items(), strict=True):
            for axes, size in zip(axes_row, sizes, strict=True):
                image = _draw(axes, matrices.get(size), size)
            _name_attributes(axes_row[0], name)
        for axes in grid[-1]:
            axes.set_xlabel("latents, permuted")
        bar = figure.colorbar(image, ax=grid, shrink=min(1.0, 2 / len(rows)), aspect=20, pad=0.01)
        bar.set_label("|correlation| of sizes")
        bar.outline.set_linewidth(0.6)
    return figure


def matrix_of(table: pd.DataFrame) -> Float[np.ndarray, "factors latents"]:
    """The matrix in factor_correlations.csv (`factor,latent,correlation`)."""
    return table.pivot(index="factor", columns="latent", values="correlation").to_numpy(dtype=float)


def permutation(
    correlations: Float[np.ndarray, "factors latents"],
) -> Int[np.ndarray, "latents"]:
    """Used latents first; then by their best attribute, within it the strongest first."""
    groups = attribute_means(correlations)
    # The last key sorts first; ties stay in order.
    return np.lexsort((-groups.max(0), groups.argmax(0), ~used_latents(correlations)))


def _rows(runs: Panels, families: Mapping[str, str], published: Panels) -> dict[str, dict]:
    """Name of a row -> latent size -> matrix; the paper's below the last model of their family."""
    rows: dict[str, dict] = {}
    styles = model_style(list(families))
    for model, family in families.items():
        rows[styles[model].label] = {size: m for (name, size), m in runs.items() if name == model}
        of_paper = {size: m for (name, size), m in published.items() if name == family}
        if of_paper and model == [name for name in families if families[name] == family][-1]:
            rows[f"{_NAMES[family]},\npublished"] = of_paper
    return rows


def _draw(axes: Axes, matrix: np.ndarray | None, size: int) -> AxesImage:
    axes.grid(False)
    axes.spines[:].set_visible(True)
    axes.set(xticks=[], yticks=[])
    shown = np.full((18, 1), np.nan) if matrix is None else matrix[:, permutation(matrix)]
    image = axes.imshow(
        np.ma.masked_invalid(shown),
        cmap="YlGnBu",
        vmin=0,
        vmax=LARGEST,
        aspect="auto",
        interpolation="none",
    )
    if matrix is None:
        axes.spines[:].set_visible(False)
        axes.text(0.5, 0.5, "not published", transform=axes.transAxes, ha="center", color="0.5")
        return image
    for edge in np.cumsum(list(GROUP_SIZES.values()))[:-1]:
        axes.axhline(edge - 0.5, color="0.6", linewidth=0.5)
    measures = summarise(matrix)
    used, own, other = (measures[f"correlation_{name}"] for name in ("used", "own", "other"))
    means = f"own {own:.2f}, other {other:.2f}" if used else "no latent used"
    axes.set_title(f"{size} latents, {used} used\n{means}", fontsize=6.5)
    return image


def _name_attributes(axes: Axes, name: str) -> None:
    """The attributes at the middle of their factors, and the name of the row."""
    edges = np.cumsum([0, *GROUP_SIZES.values()]) - 0.5
    middles = [(a + b) / 2 for a, b in pairwise(edges)]
    axes.set_yticks(middles, list(GROUP_SIZES))
    axes.tick_params(axis="y", length=0)
    axes.set_ylabel(name)
