"""What each model decodes over the plane of its two latents."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import RunFiles
from sparsevae.figures.style import latent_label

FIGURE = Declaration(
    title="The plane of two latents",
    part="Decoded pictures",
    caption="""
        Pictures of ``{dataset}`` that each model with two latents decodes over the plane of z1 and
        z2, in units of a standard normal prior's standard deviation. The paper (Tonolini et al.,
        UAI 2019) has no counterpart: its models have more latents.
        """,
    reads={"runs": RunFiles("pictures.npz", "two_latents")},
    needs=(Need.IMAGES, Need.TWO_LATENTS),
    literature="course project",
    config_keys=("latent_dims",),
    numbers=(Numbers("reconstruction", "nats", "Minus log-likelihood in nats", "two_latents"),),
)


def draw(runs: Mapping[str, pictures.Run]) -> Figure:
    """One panel per model with two latents: a picture where its latents have the axes' values.

    runs: model -> arrays of its pictures.npz; those with `latent_grid`, uint8 (rows, columns, C, H,
    W), are shown. z1 grows to the right and z2 upwards, both over latent_grid_values (rising), so
    that row 0 has the largest z2. Latents have no unit: under a standard normal prior, one is a
    standard deviation. The paper has no counterpart: its models have more latents.
    """
    return pictures.draw_panels(pictures.having(runs, "latent_grid"), _draw)


def _draw(axes: Axes, run: pictures.Run) -> None:
    """Row 0 of the grid has the largest z2, as it is seen."""
    grid, values = run["latent_grid"], run["latent_grid_values"]
    pictures.show(axes, grid)
    ticks = np.arange(np.ceil(values.min()), np.floor(values.max()) + 1)
    labels = [f"{tick:.0f}".replace("-", "−") for tick in ticks]
    axes.set_xticks(np.interp(ticks, values, pictures.column_centres(grid)), labels)
    axes.set_yticks(np.interp(ticks, values, pictures.row_centres(grid)[::-1]), labels)
    axes.tick_params(length=2)
    axes.set(xlabel=latent_label(0), ylabel=latent_label(1))
