"""How near the published numbers a study is: counts of verdicts, and the differences."""

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from sparsevae.comparison.scorecard import VERDICTS
from sparsevae.figures.declaration import Declaration, Sentence
from sparsevae.figures.reads import Table
from sparsevae.figures.style import PAGE_WIDTH, add_legend, figure_style

FIGURE = Declaration(
    title="Published numbers beside ours",
    part="Published numbers",
    caption="""
        Every published number beside the study's own, as in ``tables/scorecard.csv``: how many of
        each source and dataset are better, within the spread of runs, worse, undecided for want
        of seeds, not comparable, or missing because the study did not run their like; and the
        differences, ours less published, one panel for each measure. A loss is minus the evidence
        lower bound with exactly zero spikes; the published ones are of one draw with relaxed
        spikes. The table says for each number where the measures differ and, if it is missing, what
        to run. Numbers of De la Fuente & Aduviri (2019) and of Tonolini et al. (UAI 2019), figs. 1,
        3, 5 and 9.
        """,
    reads={"scorecard": Table("scorecard")},
    literature="every published number",
    numbers=(Sentence("scorecard_counts"),),
    per="study",
)

# Green, blue, vermilion and yellow of Okabe and Ito, and greys; markers differ for print.
_COLOURS = dict(
    zip(VERDICTS, ("#009E73", "#56B4E9", "#D55E00", "#F0E442", "0.7", "0.88"), strict=True)
)
_MARKERS = {"better": "^", "within": "o", "worse": "v", "undecided": "D"}

# Panels of differences: which measures, what the axis says, and what is on its lines.
_PANELS = {
    "loss": ("loss (nats, lower is better)", r"loss$"),
    "accuracy": ("accuracy (higher is better)", r"accuracy$"),
    "elbo": ("ELBO (nats, higher is better)", r"elbo_selected$"),
    "used": ("latents in use (nearest to 18 is best)", r"correlation_used$"),
    "correlation": ("correlation (higher is better)", r"correlation_(?!used$)"),
    "classes": ("spike probability of classes (nearest is best)", r"spike_"),
}
_LINE = 0.16  # inches, of one line of text
_FRAME = 0.52  # inches, around the lines of a panel


def draw(scorecard: pd.DataFrame) -> Figure:
    """Counts of verdicts by source and dataset, then ours less published, by measure.

    scorecard: tables/scorecard.csv. In the panels, a line is a published model and a symbol one of
    its numbers (one latent size, say); measures of which the study has nothing have no panel.
    """
    found = scorecard[~scorecard["verdict"].isin(["missing", "not comparable"])]
    panels = {
        name: found[found["measure"].str.match(pattern)] for name, (_, pattern) in _PANELS.items()
    }
    panels = {name: rows for name, rows in panels.items() if len(rows)}
    lines = [
        scorecard.groupby(["source", "dataset"]).ngroups,
        *(len(_names(name, rows)) for name, rows in panels.items()),
    ]
    with figure_style():
        heights = [_LINE * count + _FRAME for count in lines]
        figure = Figure(figsize=(PAGE_WIDTH, sum(heights)), layout="constrained")
        column = figure.subplots(len(heights), squeeze=False, height_ratios=heights)[:, 0]
        _draw_counts(column[0], scorecard)
        for axes, (name, rows) in zip(column[1:], panels.items(), strict=True):
            _draw_differences(axes, name, rows)
        _legend(figure, scorecard)
    return figure


def _draw_counts(axes: Axes, scorecard: pd.DataFrame) -> None:
    """One stacked bar for each source and dataset, its parts with their numbers."""
    counts = scorecard.groupby(["source", "dataset"], sort=False)["verdict"].value_counts()
    counts = counts.unstack().reindex(columns=list(VERDICTS)).fillna(0).astype(int)
    labels = [f"{source}: {dataset}" for source, dataset in counts.index]
    widest = counts.sum(axis=1).max()
    left = pd.Series(0, index=counts.index)
    for verdict in VERDICTS:
        bars = axes.barh(labels, counts[verdict], left=left, color=_COLOURS[verdict], height=0.7)
        texts = [str(n) if n >= 0.03 * widest else "" for n in counts[verdict]]
        axes.bar_label(bars, texts, label_type="center", fontsize=6.5)
        left = left + counts[verdict]
    for place, row in enumerate(counts.to_numpy()):
        # Where some part has no room for its number, all stand beside the bar.
        if any(0 < n < 0.03 * widest for n in row):
            text = ", ".join(f"{n} {v}" for n, v in zip(row, VERDICTS, strict=True) if n)
            axes.text(row.sum() + 0.01 * widest, place, text, va="center", fontsize=6.5)
    _lines_of(axes, labels)
    axes.set_xlabel("published numbers")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))


def _draw_differences(axes: Axes, name: str, rows: pd.DataFrame) -> None:
    names = _names(name, rows)
    axes.axvline(0, color="0.3", linewidth=0.8)
    for verdict, marker in _MARKERS.items():
        chosen = rows[rows["verdict"] == verdict]
        places = [names.index(_name(name, row)) for row in chosen.to_dict("records")]
        look: dict[str, Any] = {
            "color": _COLOURS[verdict],
            "marker": marker,
            "s": 14,
            "linewidth": 0,
        }
        axes.scatter(chosen["difference"], places, alpha=0.8, zorder=2, **look)
    widest = rows["difference"].abs().max() or 1.0
    axes.set_xlim(-1.08 * widest, 1.08 * widest)
    axes.set_yticks(range(len(names)), names)
    _lines_of(axes, names)
    axes.set_xlabel(f"ours − published: {_PANELS[name][0]}")


def _lines_of(axes: Axes, labels: Sequence[str]) -> None:
    """The first line on top, as in the table."""
    axes.set_ylim(len(labels) - 0.4, -0.6)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="y", visible=False)


def _names(panel: str, rows: pd.DataFrame) -> list[str]:
    return list(dict.fromkeys(_name(panel, row) for row in rows.to_dict("records")))


def _name(panel: str, row: dict) -> str:
    """What a line of a panel holds: the published model, with the weight that tells it apart."""
    if panel == "correlation":
        return f"{row['model']}: {row['measure'].removeprefix('correlation_').replace('_', ' ')}"
    if panel == "classes":
        return f"{row['dataset']}: {row['measure'].split('[')[0].replace('_', ' ')}"
    words = {"prior.spike_prob": "α", "beta": "β"}
    found = dict(re.findall(r"([\w.]+)=([^;]+)", row["setting"]))
    weight = "prior.spike_prob" if "prior.spike_prob" in found else "beta"
    plain = weight not in found or (weight == "beta" and row["model"] == "VAE")
    return f"{row['dataset']}: {row['model']}" + (
        "" if plain else f" {words[weight]} = {found[weight]}"
    )


def _legend(figure: Figure, scorecard: pd.DataFrame) -> None:
    handles = [
        Line2D([], [], color=colour, marker=_MARKERS.get(name, "s"), linestyle="", markersize=5)
        for name, colour in _COLOURS.items()
    ]
    counts = scorecard["verdict"].value_counts()
    add_legend(figure, handles, [f"{name} ({counts.get(name, 0)})" for name in VERDICTS])
