"""How a picture changes along the largest elements of its code."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import RunFiles
from sparsevae.figures.style import latent_label
from sparsevae.figures.traversals import draw_traversals

FIGURE = Declaration(
    title="The largest elements of a code",
    part="Sparsity",
    caption="""
        A test picture of ``{dataset}``, its reconstruction, and what changes as one of the largest
        elements of its code takes the values on the top axis, for each model with {latent_dim}
        latents. The labels have each element's own value; at zero it is switched off. The effect of
        changing the largest element in the report of De la Fuente & Aduviri (2019); the paper
        (Tonolini et al., UAI 2019) has no counterpart.
        """,
    reads={"runs": RunFiles("pictures.npz")},
    needs=(Need.IMAGES, Need.PRIOR),
    literature="reproduction",
    config_keys=("shown_latent_dim",),
    numbers=(Numbers("hoyer", "ratio", "Hoyer's sparsity of codes (0 dense, 1 sparse)"),),
)

ROWS = 3


def draw(runs: Mapping[str, pictures.Run]) -> Figure:
    """A strip per model: the picture, its reconstruction, and a row per element, largest first.

    runs: model -> arrays of its pictures.npz: `largest_codes`, uint8 (latents, steps, C, H, W), of
    the first of `originals`; `largest_code_latents` (latents,), numbered from 0; `codes` (n, J) and
    `code_reconstructions`. A row's label has the value that the element has in the code. Only that
    element changes along a row; at 0 it is switched off. A code of zeros has no rows. Models
    without such arrays (an autoencoder, whose latents have no scale) are left out. The effect of
    changing the largest element in De la Fuente & Aduviri's report.
    """
    shown = pictures.having(runs, "largest_codes")
    steps = next(iter(shown.values()))["largest_codes"].shape[1]
    return pictures.draw_strips(shown, [1, steps], _draw)


def _draw(row: Sequence[Axes], run: pictures.Run) -> None:
    image, moved = row
    grid = pictures.fill_rows(run["largest_codes"][:ROWS], ROWS)
    pair = run["originals"][0], run["code_reconstructions"][0]
    pictures.show(image, pictures.stack(*pair, rows=ROWS))
    latents = run["largest_code_latents"][:ROWS].tolist()
    labels = [_label(latent, run["codes"][0]) for latent in latents]
    draw_traversals(moved, grid, labels, run["traversal_values"])
    if not latents:
        moved.set_title("no latent is active in this code")


def _label(latent: int, code: np.ndarray) -> str:
    value = f"{code[latent]:.1f}".replace("-", "−")
    return f"{latent_label(latent)} = {value}"
