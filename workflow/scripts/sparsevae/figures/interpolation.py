"""Two objects: their shared latents interpolated, the others switched on and off."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import RunFiles

FIGURE = Declaration(
    title="From one picture to another",
    part="Decoded pictures",
    caption="""
        Two test pictures A and B of ``{dataset}``, of the two classes whose mean pictures are
        closest, in the codes of each model with {latent_dim} latents. Middle: the latents that are
        active in both go from A's values to B's, the upper row with A's own latents, the lower with
        B's. Right: the shared latents half way, and each picture's own latents on and off. A latent
        is active where its spike probability is above 0.5; in a model without spikes, if it is
        among the fewest with 90 % of the code's squared length. Fig. 7 of Tonolini et al. (UAI
        2019).
        """,
    reads={"runs": RunFiles("pictures.npz")},
    needs=(Need.IMAGES, Need.CLASSES, Need.PRIOR),
    literature="UAI 2019, fig. 7",
    config_keys=("shown_latent_dim",),
    numbers=(Numbers("active_fraction", "percent", "Share of latents that are not exactly 0"),),
)


def draw(runs: Mapping[str, pictures.Run]) -> Figure:
    """A strip per model: objects A and B, six steps of the shared latents, a 2 x 2 of switches.

    runs: model -> arrays of its pictures.npz: `interpolation_objects`, uint8 (2, C, H, W);
    `interpolation`, uint8 (2, steps, C, H, W), the latents that A and B share going from A's values
    to B's, with A's own latents in row 0 and B's in row 1; `interpolation_switched`, uint8 (2, 2,
    C, H, W), the shared ones half way, A's own on and off by row, B's off and on by column; and
    `interpolation_latents` (3,), how many are shared, A's own, B's own. Models without (an
    autoencoder has no active latents) are left out. Fig. 7 of Tonolini et al. (UAI 2019).
    """
    shown = pictures.having(runs, "interpolation")
    steps = next(iter(shown.values()))["interpolation"].shape[1]
    return pictures.draw_strips(shown, [1, steps, 2], _draw)


def _draw(row: Sequence[Axes], run: pictures.Run) -> None:
    objects, path, switched = row
    shared, first, second = run["interpolation_latents"]
    grid = run["interpolation_objects"][:, None]
    pictures.show(objects, grid)
    objects.set_yticks(pictures.row_centres(grid), ["A", "B"])
    grid = run["interpolation"]
    pictures.show(path, grid)
    weights = np.linspace(0, 1, grid.shape[1])
    path.set_xticks(pictures.column_centres(grid), [f"{weight:.1f}" for weight in weights])
    path.set_title(f"shared latents ({shared}), from A's values (0.0) to B's (1.0)")
    grid = run["interpolation_switched"]
    pictures.show(switched, grid)
    switched.set_xticks(pictures.column_centres(grid), ["B's off", "B's on"])
    switched.set_yticks(pictures.row_centres(grid), ["A's on", "A's off"])
    switched.set_title(f"own: A's {first}, B's {second}")
