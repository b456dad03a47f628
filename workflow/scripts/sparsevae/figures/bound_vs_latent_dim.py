"""The evidence lower bound of the test set against the number of latents."""

from collections.abc import Sequence

import pandas as pd
from matplotlib.figure import Figure

from sparsevae.figures.curves import draw_against_latent_dim
from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import Fact, PublishedCurve, Table
from sparsevae.figures.style import COLUMN_WIDTH, figure_style

FIGURE = Declaration(
    title="Bound against latent size",
    part="Bounds",
    caption="""
        Evidence lower bound (ELBO) of the test set of ``{dataset}`` against the number of latents,
        evaluated with exactly zero spikes; higher is better. Lines are means over seeds, bands ±
        one standard deviation, dots the seeds. Models without an ELBO, such as an autoencoder, are
        left out. Dashed in the colour of the model with the same settings: minus the losses that De
        la Fuente & Aduviri published, which are of one draw with relaxed spikes. The figure of
        Tonolini et al.'s ICLR 2019 submission and of De la Fuente & Aduviri's report, which plot
        minus this bound.
        """,
    reads={
        "metrics": Table("metrics"),
        "models": Fact("models"),
        "published": PublishedCurve("loss"),
    },
    needs=(Need.PRIOR, Need.LATENT_SIZES),
    literature="ICLR 2019 submission; reproduction, whose curves are dashed",
    config_keys=("latent_dims", "seeds"),
    numbers=(Numbers("elbo", "nats", "Mean ELBO of the test set in nats", "best_size"),),
)


def draw(metrics: pd.DataFrame, models: Sequence[str], published: pd.DataFrame) -> Figure:
    """Test ELBO in nats per sample (higher is better) against latent size, on a log2 axis.

    metrics: rows of tables/metrics.csv of one dataset, with `model`, `latent_dim`, `seed`, `elbo`;
    models: all models of the study, in its order. A model without an ELBO (an autoencoder) is left
    out. published: losses of published models with the settings of ours (published.curves), drawn
    as minus the loss, dashed in our model's colour. Figure (i) of the ICLR 2019 submission and the
    first figure of De la Fuente & Aduviri's report, which plot minus this bound.
    """
    metrics = metrics.dropna(subset="elbo")
    bounds = {"elbo": published.assign(published=-published["published"])}
    with figure_style():
        figure, (axes,) = draw_against_latent_dim(
            metrics, models, {"elbo": ""}, COLUMN_WIDTH, bounds
        )
        axes.set_ylabel("test ELBO (nats per sample)")
    return figure
