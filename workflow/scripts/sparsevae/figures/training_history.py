"""Loss, Kullback-Leibler terms and slab warm-up against epochs."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sparsevae.figures.declaration import Declaration, Numbers
from sparsevae.figures.reads import RunFiles
from sparsevae.figures.style import (
    COLUMN_WIDTH,
    ModelStyle,
    add_legend,
    figure_style,
    model_style,
)

FIGURE = Declaration(
    title="Learning curves",
    part="Training",
    caption="""
        Learning curves on ``{dataset}`` with {latent_dim} latents: each model's own loss, its
        Kullback-Leibler terms, and the weight λ of slab warm-up where a model has one. Lines are
        means over seeds, solid on the validation and dashed on the training set; bands are ± one
        standard deviation over seeds. The start of training may lie above the panel. Compare models
        by the ELBO on the test set, not by these losses. Cf. the loss curve in the report of De la
        Fuente & Aduviri (2019).
        """,
    reads={"histories": RunFiles("history.csv", "all_seeds")},
    literature="loss curves of the reproduction",
    config_keys=("shown_latent_dim", "seeds"),
    numbers=(Numbers("elbo", "nats", "ELBO of the test set in nats"),),
)

_PARTS: dict[str, Any] = {"validation_": "-", "train_": (0, (2.5, 1.2))}


def draw(histories: Mapping[tuple[str, int], pd.DataFrame]) -> Figure:
    """Learning curves of the models of a study at one latent size, in nats per sample.

    histories: (model, seed) -> history.csv, models in the study's order.

    Panels from top to bottom: loss; kl_slab + kl_spike (models without any are left out); the
    weight lambda of slab warm-up, only if some run has one below 1. Lines are means over seeds,
    solid on the validation and dashed on the training set, bands are +- one standard deviation over
    seeds (n - 1) of the validation set. The loss is each model's own objective: across models, the
    ELBO of the test set compares, not this. Cf. the loss curve of De la Fuente & Aduviri's report.
    """
    styles = model_style([model for model, _ in histories])
    runs = {m: [h for (name, _), h in histories.items() if name == m] for m in styles}
    losses = {model: _over_seeds(frames, ["loss"]) for model, frames in runs.items()}
    terms = {model: _over_seeds(frames, ["kl_slab", "kl_spike"]) for model, frames in runs.items()}
    terms = {model: table for model, table in terms.items() if table["validation_mean"].any()}
    warmed = {m: frames for m, frames in runs.items() if (frames[0]["slab_warmup"] < 1).any()}

    with figure_style():
        heights = [1.7, 1.2 * bool(terms), 0.45 * bool(warmed)]
        heights = [height for height in heights if height]
        figure = Figure(figsize=(COLUMN_WIDTH, sum(heights) + 0.5), layout="constrained")
        column = figure.subplots(
            len(heights), sharex=True, squeeze=False, height_ratios=heights
        ).flat
        _draw(next(column), losses, styles, "loss (nats per sample)")
        if terms:
            _draw(next(column), terms, styles, "KL (nats per sample)")
        if warmed:
            _draw_warmup(next(column), warmed, styles)
        figure.axes[-1].set_xlabel("epoch")
        figure.axes[-1].xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        last = max(table.index[-1] for table in losses.values())
        figure.axes[-1].set_xlim(0, last + max(0.5, 0.02 * last))
        figure.align_ylabels()
        _legend(figure, styles)
    return figure


def _over_seeds(frames: list[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    """Mean and standard deviation over seeds of the sum of `columns`, by epoch and set."""
    table = {}
    for part in _PARTS:
        runs = [
            frame.set_index("epoch")[[part + name for name in columns]].sum(axis=1, min_count=1)
            for frame in frames
        ]
        by_epoch = pd.concat(runs).groupby(level="epoch")
        table[part + "mean"] = by_epoch.mean()
        table[part + "std"] = by_epoch.std(ddof=1)
    return pd.DataFrame(table)


def _draw(
    axes: Axes, tables: Mapping[str, pd.DataFrame], styles: Mapping[str, ModelStyle], label: str
) -> None:
    for model, table in tables.items():
        look = styles[model]
        for part, linestyle in _PARTS.items():
            axes.plot(
                table.index,
                table[part + "mean"],
                color=look.colour,
                linestyle=linestyle,
                linewidth=1.1 if part == "validation_" else 0.8,
                marker=look.marker if part == "validation_" or len(table) == 1 else None,
                markerfacecolor=look.colour if part == "validation_" else "white",
                markevery=_marked(len(table), list(styles).index(model), len(styles)),
            )
        mean, std = table["validation_mean"], table["validation_std"]
        if std.notna().any():
            axes.fill_between(
                table.index, mean - std, mean + std, color=look.colour, alpha=0.2, linewidth=0
            )
    axes.set_ylim(_robust_limits(tables))
    axes.set_ylabel(label)


def _draw_warmup(
    axes: Axes, runs: Mapping[str, list[pd.DataFrame]], styles: Mapping[str, ModelStyle]
) -> None:
    """The schedule is the same for every seed, so the first stands for all."""
    for model, frames in runs.items():
        axes.plot(
            frames[0]["epoch"],
            frames[0]["slab_warmup"],
            color=styles[model].colour,
            marker=styles[model].marker,
            markevery=_marked(len(frames[0]), list(styles).index(model), len(styles)),
        )
    axes.set(ylabel="λ", ylim=(-0.1, 1.1), yticks=[0, 1])


def _marked(epochs: int, model: int, models: int) -> list[int]:
    """Some five markers on a line, at other epochs for each model so that they stay apart."""
    step = max(1, epochs // 5)
    return list(range(model * step // models, epochs, step))


def _robust_limits(tables: Mapping[str, pd.DataFrame]) -> tuple[float, float]:
    """Limits that show how each run goes on, not how far above it began.

    The first epoch and the 5 % largest values of each line do not count: they hold the start and
    the jump of a term that is switched on, which would flatten all the rest. Nor does anything
    above 2.5 times the second half of training: an unpenalised KL in warm-up can be that large.
    A training of less than five epochs is all start, and shown whole.
    """
    low, high, late = [], [], []
    for table in tables.values():
        for part in _PARTS:
            values = table[part + "mean"].to_numpy()
            values = values[np.isfinite(values)]
            if len(values):
                low.append(values.min())
                short = len(values) < 5
                high.append(values.max() if short else np.quantile(values[1:], 0.95))
                late.append(values[0 if short else len(values) // 2 :].max())
    if not low:
        return 0.0, 1.0
    bottom, top = min(low), max(high)
    if max(late) > 0:
        top = min(top, max(2.5 * max(late), 1.0))
    margin = 0.06 * (top - bottom) or 1.0
    return bottom - margin, top + margin


def _legend(figure: Figure, styles: Mapping[str, ModelStyle]) -> None:
    handles = [Line2D([], [], color=look.colour, marker=look.marker) for look in styles.values()]
    labels = [look.label for look in styles.values()]
    handles += [Line2D([], [], color="0.4", linestyle=linestyle) for linestyle in _PARTS.values()]
    labels += ["validation", "training"]
    add_legend(figure, handles, labels)
