"""Mean spike probabilities per class, and how alike these make the classes."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from sparsevae.evaluation.class_cosines import cosines
from sparsevae.figures.class_activations import latent_order
from sparsevae.figures.declaration import Declaration, Need, Sentence
from sparsevae.figures.reads import Fact, PublishedSpikes, RunFiles
from sparsevae.figures.style import PAGE_WIDTH, figure_style, model_style

FIGURE = Declaration(
    title="Spikes by class",
    part="What codes tell",
    caption="""
        Mean spike probability of each class of ``{dataset}`` (test set, {latent_dim} latents) for
        models with spikes, from 0 (white) to 1 (black), and the cosine similarity of the classes'
        rows. The latents of each model are permuted by the class in which they are most active,
        unused ones last. Fig. 5 of Tonolini et al. (UAI 2019): where that has the dataset, its
        panel, read off its greys, is below ours, and classes are in its order.
        """,
    reads={
        "tables": RunFiles("class_activations.csv"),
        "class_names": Fact("class_names"),
        "labels": Fact("class_order"),
        "published": PublishedSpikes(),
    },
    needs=(Need.CLASSES, Need.SPIKES),
    literature="UAI 2019, fig. 5, beside ours",
    config_keys=("shown_latent_dim",),
    numbers=(Sentence("class_pairs"),),
)

_ROW = 0.145  # inches a class
_MOST_NUMBERS = 10  # classes whose cosines fit in their cells as numbers


def draw(
    tables: Mapping[str, pd.DataFrame],
    class_names: Sequence[str],
    labels: Sequence[int],
    published: Float[np.ndarray, "classes latents"] | None,
) -> Figure:
    """For each model with spikes: spike probabilities (classes x latents), and the rows' cosines.

    tables: model -> class_activations.csv (`label,latent,mean_latent,mean_spike_prob`), of which
    those without spikes are left out; labels: the order of the classes, from top to bottom;
    published: rows in that order, of fig. 5 of Tonolini et al. (UAI 2019), or None. Grey goes from
    0 (white) to 1. Latents are permuted as in `class_activations`, each model's on its own.
    """
    styles = model_style(list(tables))
    panels = {
        styles[model].label: _rows_of(table, labels)
        for model, table in tables.items()
        if table["mean_spike_prob"].notna().any()
    }
    if published is not None:
        panels["VSC, published"] = published
    names = [class_names[label] for label in labels]
    numbered = len(names) <= _MOST_NUMBERS
    with figure_style():
        side = _ROW * len(names)
        below = 0.06 * max(map(len, names)) if numbered else 0.15
        height = len(panels) * (side + 0.25) + below + 0.1
        figure = Figure(figsize=(PAGE_WIDTH, height), layout="constrained")
        ratios = [PAGE_WIDTH - side - 1.9, side]
        grid = figure.subplots(len(panels), 2, squeeze=False, width_ratios=ratios)
        for (left, right), (title, rows) in zip(grid, panels.items(), strict=True):
            order = latent_order(rows)
            image = _heat_map(left, rows[:, order])
            left.set_yticks(range(len(names)), names)
            mean = np.nanmean(rows)
            left.set_title(f"{title}: spike probability, {rows.shape[1]} latents, mean {mean:.2f}")
            similar = cosines(rows)
            _heat_map(right, similar)
            right.set_title("cosine of classes")
            if numbered:
                right.set_title("100 × cosine of classes")
                _write_numbers(right, similar)
        if numbered:
            grid[-1, 1].set_xticks(range(len(names)), names, rotation=90)
        else:
            grid[-1, 1].set_xlabel("classes in the same order")
        grid[-1, 0].set_xlabel("latents, permuted")
        bar = figure.colorbar(image, ax=grid, shrink=min(1.0, 2 / len(panels)), aspect=20, pad=0.01)
        bar.outline.set_linewidth(0.6)
    return figure


def _rows_of(table: pd.DataFrame, labels: Sequence[int]) -> np.ndarray:
    """(classes, latents), NaN for a class without test samples."""
    wide = table.pivot(index="label", columns="latent", values="mean_spike_prob")
    return wide.reindex(list(labels)).to_numpy(dtype=float)


def _heat_map(axes: Axes, values: np.ndarray) -> AxesImage:
    image = axes.imshow(
        np.ma.masked_invalid(values),
        cmap="Greys",
        vmin=0,
        vmax=1,
        aspect="auto",
        interpolation="none",
    )
    axes.set_facecolor("#f3d9c5")  # seen where there is no value
    axes.grid(False)
    axes.spines[:].set_visible(True)
    axes.set(xticks=[], yticks=[])
    axes.tick_params(length=0)
    return image


def _write_numbers(axes: Axes, values: np.ndarray) -> None:
    """In hundredths, for which the cells have room."""
    for (row, column), value in np.ndenumerate(values):
        if row != column and np.isfinite(value):
            colour = "white" if value > 0.5 else "black"
            text = f"{100 * value:.0f}"
            axes.text(column, row, text, ha="center", va="center", fontsize=5, color=colour)
