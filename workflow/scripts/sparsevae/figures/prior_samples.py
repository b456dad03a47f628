"""Pictures that each generative model draws from its prior."""

from collections.abc import Mapping

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import RunFiles

FIGURE = Declaration(
    title="Draws from the prior",
    part="Decoded pictures",
    caption="""
        Draws from the prior of each generative model of ``{dataset}`` with {latent_dim} latents,
        decoded; an autoencoder has no prior. The unconditional relative of fig. 6 of Tonolini et
        al. (UAI 2019).
        """,
    reads={"runs": RunFiles("pictures.npz")},
    needs=(Need.IMAGES, Need.PRIOR),
    literature="unconditional relative of UAI 2019, fig. 6",
    config_keys=("shown_latent_dim",),
    numbers=(Numbers("kl", "nats", "KL of codes from the prior in nats"),),
)

ROWS, COLUMNS = 4, 8


def draw(runs: Mapping[str, pictures.Run]) -> Figure:
    """One block of 4 x 8 decoded draws from the prior per generative model.

    runs: model -> arrays of its pictures.npz; those with `prior_samples`, uint8 (n, C, H, W), are
    shown, their first 32. An autoencoder has no prior and is left out. The unconditional relative
    of fig. 6 of Tonolini et al. (UAI 2019).
    """
    return pictures.draw_panels(pictures.having(runs, "prior_samples"), _draw)


def _draw(axes: Axes, run: pictures.Run) -> None:
    pictures.show(axes, pictures.wrap(run["prior_samples"][: ROWS * COLUMNS], COLUMNS))
