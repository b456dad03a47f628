"""The accuracy of probes against the number of labelled images."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from sparsevae.figures.curves import draw_models, log_axis, percent_axis, shown_styles
from sparsevae.figures.declaration import Declaration, Need, Sentence
from sparsevae.figures.reads import Fact, Table
from sparsevae.figures.style import PAGE_WIDTH, add_legend, figure_style

FIGURE = Declaration(
    title="Accuracy against the number of labels",
    part="What codes tell",
    caption="""
        Accuracy on the test set of ``{dataset}`` of classifiers of the codes with {latent_dim}
        latents, against the number of labelled training images; each set of labels holds the
        smaller ones. Left the slab means, right the codes E[z|x], which are the slab means times
        the spike probabilities; models without spikes have one kind of codes, shown in both. Lines
        are means over seeds, bands ± one standard deviation, dots the seeds. It widens the question
        of Tonolini et al.'s ICLR 2019 submission, whose classifier sees 5,000 labelled images.
        """,
    reads={
        "probes": Table("probes", at_shown_size=True),
        "models": Fact("models"),
        "latent_dim": Fact("latent_dim"),
    },
    needs=(Need.CLASSES, Need.LABEL_COUNTS),
    literature="relative of the ICLR 2019 submission's",
    config_keys=("shown_latent_dim", "evaluation.probe_curve", "evaluation.probe_classifiers"),
    numbers=(Sentence("probe_curve"),),
)

CODES = {"ungated": "slab means m", "gated": "codes E[z|x] = g m"}
CLASSIFIERS = {"linear": "linear", "two_layer": "two-layer"}


def draw(probes: pd.DataFrame, models: Sequence[str], latent_dim: int) -> Figure:
    """Test accuracy (%) against labels on a log axis: a row per classifier, a column per codes.

    probes: rows of tables/probes.csv of one dataset and latent size, with `model`, `seed`, `codes`,
    `classifier`, `n_labels` and `accuracy` (0 to 1); models: all models of the study, in its order;
    latent_dim: for the title. Lines are means over seeds, bands +- one standard deviation (n - 1),
    small dots the seeds. The question of the ICLR 2019 submission (figure ii, 5,000 labels), for
    other numbers of labels.
    """
    probes = probes.dropna(subset="accuracy")
    styles = shown_styles(models, probes)
    rows = [name for name in CLASSIFIERS if (probes["classifier"] == name).any()]
    with figure_style():
        figure = Figure(figsize=(PAGE_WIDTH, 0.4 + 1.8 * len(rows)), layout="constrained")
        grid = figure.subplots(len(rows), len(CODES), sharex=True, sharey=True, squeeze=False)
        for panels, classifier in zip(grid, rows, strict=True):
            for axes, (codes, title) in zip(panels, CODES.items(), strict=True):
                chosen = (probes["classifier"] == classifier) & (probes["codes"] == codes)
                handles = draw_models(axes, probes[chosen], "n_labels", "accuracy", styles)
                axes.set_title(f"{CLASSIFIERS[classifier]} probe of {title}")
            percent_axis(panels[0], "test accuracy")
        log_axis(grid[0, 0], np.unique(probes["n_labels"]), gap=0.13)
        for axes in grid[-1]:
            axes.set_xlabel(f"labelled images, {latent_dim} latents")
        add_legend(figure, handles, [look.label for look in styles.values()])
    return figure
