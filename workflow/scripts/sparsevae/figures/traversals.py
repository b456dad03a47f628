"""How pictures change along the most active latents."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import RunFiles
from sparsevae.figures.style import latent_label

FIGURE = Declaration(
    title="One latent at a time",
    part="Decoded pictures",
    caption="""
        Pictures of ``{dataset}`` as one latent at a time takes the values on the top axis, for the
        most active latents of each model with {latent_dim} latents, most active first. The latents
        of an autoencoder have no scale: theirs are standard deviations around the mean. Fig. 4 of
        Tonolini et al. (UAI 2019).
        """,
    reads={"runs": RunFiles("pictures.npz")},
    needs=(Need.IMAGES,),
    literature="UAI 2019, fig. 4",
    config_keys=("shown_latent_dim",),
    numbers=(Numbers("used_latents", "count", "Latents in use"),),
)

ROWS = 6
_MOST_LABELS = 7  # values that fit above a panel


def draw(runs: Mapping[str, pictures.Run]) -> Figure:
    """One panel per model, a row per latent, most active first; the top axis has its values.

    runs: model -> arrays of its pictures.npz: `traversals`, uint8 (latents, steps, C, H, W),
    `traversal_latents` (latents,), numbered from 0, and `traversal_values` (steps,). Up to six
    rows. Only the named latent changes along a row. Latents have no unit: under a standard normal
    prior, one is a standard deviation. Fig. 4 of Tonolini et al. (UAI 2019).
    """
    return pictures.draw_panels(runs, _draw)


def _draw(axes: Axes, run: pictures.Run) -> None:
    labels = [latent_label(int(latent)) for latent in run["traversal_latents"][:ROWS]]
    draw_traversals(axes, run["traversals"][:ROWS], labels, run["traversal_values"])


def draw_traversals(
    axes: Axes, grid: np.ndarray, labels: Sequence[str], values: Float[np.ndarray, "steps"]
) -> None:
    """A row of pictures per latent, named by `labels`, under the values that it takes."""
    pictures.show(axes, grid)
    axes.set_yticks(pictures.row_centres(grid)[: len(labels)], labels)
    steps = grid.shape[1]
    stride = -(-steps // _MOST_LABELS)
    labelled = np.arange(steps // 2 % stride, steps, stride)  # the middle always has its value
    shown = [f"{value:.2g}".replace("-", "−") for value in values[labelled]]
    axes.set_xticks(pictures.column_centres(grid)[labelled], shown)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("value of the latent")
