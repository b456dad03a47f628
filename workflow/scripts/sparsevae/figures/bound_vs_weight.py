"""The evidence lower bound of the test set against the weight of sparsity or of the KL."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, NullLocator

from sparsevae.comparison.matching import Run, differences
from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import Fact, PublishedRows, Table
from sparsevae.figures.style import (
    COLUMN_WIDTH,
    ModelStyle,
    add_legend,
    figure_style,
    model_style,
)
from sparsevae.figures.weights import WEIGHTS, varying, weight_of

FIGURE = Declaration(
    title="Bound against the price of a code",
    part="Bounds",
    caption="""
        Evidence lower bound of the test set of ``{dataset}`` against the weight β of the KL (VAE)
        and against α, the prior's spike probability (VSC), with {latent_dim} latents; models on one
        line differ in that weight only. Spikes are exactly zero. With pseudo-inputs, this is the
        paper's objective, with the KL to the selected pseudo-input. Points are means over seeds,
        bars ± one standard deviation; crosses are published, with 60 latents, where likelihood and
        inputs are the same. Fig. 1 of Tonolini et al. (UAI 2019).
        """,
    reads={
        "metrics": Table("metrics", at_shown_size=True),
        "settings": Fact("settings"),
        "rows": PublishedRows(),
    },
    needs=(Need.WEIGHTS,),
    every_variant=True,
    literature="UAI 2019, fig. 1",
    config_keys=("beta", "prior.spike_prob", "shown_latent_dim"),
    numbers=(
        Numbers("elbo", "nats", "ELBO of the test set in nats"),
        Numbers("elbo_selected", "nats", "The paper's objective"),
    ),
)

_LOOKS = ("vae", "vsc", "vsc-wu", "TCVAE", "VSC (pseudo)", "VSC-WU (pseudo)")


@dataclass(frozen=True)
class _Line:
    """Models that differ in one weight only: their bounds, and published ones with their settings.

    Both have `weight`, `bound` and `std` as columns, and are in the order of the weight.
    """

    look: str
    ours: pd.DataFrame
    published: pd.DataFrame


def draw(metrics: pd.DataFrame, settings: Sequence[Run], rows: pd.DataFrame) -> Figure:
    """Test ELBO (nats per sample) against beta of VAEs and alpha of VSCs, on one vertical axis.

    metrics: rows of tables/metrics.csv of one dataset and latent size; settings: those of each
    model on it; rows: published.read_rows. Models that differ in the weight only make a line; a
    panel without a line of two weights is left out. Points are means over seeds, bars one standard
    deviation (n - 1). The bound is `elbo_selected`, which is the ELBO but for pseudo-inputs, where
    it is the paper's objective (UAI 2019, figure 1).
    """
    panels = {
        weight: [_line(weight, metrics, group, rows) for group in varying(weight, settings)]
        for weight in WEIGHTS
    }
    panels = {weight: lines for weight, lines in panels.items() if lines}
    looks = model_style(_LOOKS)
    with figure_style():
        figure = Figure(figsize=(COLUMN_WIDTH, 2.1), layout="constrained")
        drawn: dict[str, Line2D] = {}
        every = figure.subplots(1, len(panels), sharey=True, squeeze=False)[0]
        for axes, (weight, lines) in zip(every, panels.items(), strict=True):
            for line in lines:
                _draw(axes, line, looks[line.look])
                look = looks[line.look]
                drawn[line.look] = Line2D([], [], color=look.colour, marker=look.marker)
            _weight_axis(axes, lines, WEIGHTS[weight][0])
        every[0].set_ylabel("test ELBO (nats per sample)")
        if any(len(line.published) for lines in panels.values() for line in lines):
            drawn["published"] = Line2D([], [], color="0.4", marker="x", linestyle="--")
        labels = [looks[name].label if name in looks else name for name in drawn]
        add_legend(figure, list(drawn.values()), labels)
    return figure


def _line(weight: str, metrics: pd.DataFrame, group: Sequence[Run], rows: pd.DataFrame) -> _Line:
    weights = {run["model"]: weight_of(run, weight) for run in group}
    own = metrics[metrics["model"].isin(weights)].dropna(subset="elbo_selected")
    by_weight = own["elbo_selected"].groupby(own["model"].map(weights))
    ours = pd.DataFrame({"bound": by_weight.mean(), "std": by_weight.std(ddof=1)})
    ours = ours.rename_axis("weight").reset_index()
    published = [
        (row[weight], row["published"], row["published_sd"])
        for row in rows.to_dict("records")
        if row["measure"] == "elbo_selected"
        and row["dataset"] == group[0]["dataset"]
        and set(differences(row, group[0])) <= {weight}
    ]
    table = pd.DataFrame(published, columns=["weight", "bound", "std"]).sort_values("weight")
    return _Line(_look(group[0]), ours, table)


def _look(run: Run) -> str:
    """Which of the looks a line has."""
    if run["family"] != "vsc":
        return {"vae": "vae", "tcvae": "TCVAE"}[run["family"]]
    warmed = run["slab_warmup"] is not None
    if run["prior"]["kind"] == "pseudo_inputs":
        return "VSC-WU (pseudo)" if warmed else "VSC (pseudo)"
    return "vsc-wu" if warmed else "vsc"


def _draw(axes: Axes, line: _Line, look: ModelStyle) -> None:
    common: dict[str, Any] = {"color": look.colour, "capsize": 2, "elinewidth": 0.8}
    if len(line.published):
        table = line.published
        axes.errorbar(
            *(table["weight"], table["bound"], table["std"]),
            **(common | {"marker": "x", "linestyle": "--", "linewidth": 0.9}),
        )
    axes.errorbar(
        line.ours["weight"], line.ours["bound"], line.ours["std"], marker=look.marker, **common
    )


def _weight_axis(axes: Axes, lines: Sequence[_Line], name: str) -> None:
    """A tick at every weight; where they are close, only some have their number."""
    tables = [table for line in lines for table in (line.ours, line.published)]
    weights = sorted({weight for table in tables for weight in table["weight"]})
    axes.set_xscale("log")
    axes.set_xlim(weights[0] / 1.6, weights[-1] * 1.6)
    room = math.log(weights[-1] / weights[0] * 1.6**2)
    labelled = [weights[0]]
    for weight in weights:
        if math.log(weight / labelled[-1]) > 0.12 * room:
            labelled.append(weight)
    axes.set_xticks(labelled, [f"{weight:g}" for weight in labelled])
    unlabelled = [weight for weight in weights if weight not in labelled]
    axes.xaxis.set_minor_locator(FixedLocator(unlabelled) if unlabelled else NullLocator())
    axes.xaxis.set_minor_formatter(lambda value, position: "")
    axes.set_xlabel(name)
