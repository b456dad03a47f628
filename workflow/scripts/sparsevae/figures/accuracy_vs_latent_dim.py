"""The accuracy of linear probes against the number of latents."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from sparsevae.figures.curves import draw_against_latent_dim, percent_axis
from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import Fact, PublishedCurve, Table
from sparsevae.figures.style import PAGE_WIDTH, figure_style

FIGURE = Declaration(
    title="Accuracy against latent size",
    part="What codes tell",
    caption="""
        Accuracy on the test set of ``{dataset}`` of a logistic regression on the codes of as many
        labelled training images as ``evaluation.probe_labels`` says (5,000 in the literature),
        against the number of latents. Left the slab means, right the codes E[z|x], which are the
        slab means times the spike probabilities; models without spikes have one kind of codes,
        shown in both. Lines are means over seeds, bands ± one standard deviation, dots the seeds.
        The figure of Tonolini et al.'s ICLR 2019 submission and of De la Fuente & Aduviri's report,
        which classify the slab means.
        """,
    reads={
        "metrics": Table("metrics"),
        "models": Fact("models"),
        "published": PublishedCurve("accuracy"),
    },
    needs=(Need.CLASSES, Need.LATENT_SIZES),
    literature="ICLR 2019 submission; reproduction",
    config_keys=("latent_dims", "seeds", "evaluation.probe_labels"),
    numbers=(Numbers("probe_accuracy", "percent", "Mean accuracy from E\\[z|x\\]", "best_size"),),
)

PANELS = {"probe_accuracy_ungated": "slab means m", "probe_accuracy": "codes E[z|x] = g m"}


def draw(metrics: pd.DataFrame, models: Sequence[str], published: pd.DataFrame) -> Figure:
    """Test accuracy (%) of a logistic regression on ungated and on gated codes, on a log2 axis.

    metrics: rows of tables/metrics.csv of one dataset, with `model`, `latent_dim`, `seed` and the
    columns of PANELS; models: all models of the study, in its order; published: `model` (the
    study's name), `latent_dim`, `published` (accuracy, 0 to 1), which is of slab means and drawn
    there, dashed. Figure (ii) of the ICLR 2019 submission and the accuracies of De la Fuente &
    Aduviri's report.
    """
    metrics = metrics.dropna(subset=list(PANELS))
    beside = {"probe_accuracy_ungated": published}
    with figure_style():
        figure, panels = draw_against_latent_dim(metrics, models, PANELS, PAGE_WIDTH, beside)
        percent_axis(panels[0], "test accuracy")
    return figure
