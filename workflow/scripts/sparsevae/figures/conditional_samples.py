"""Variations of test objects along their active latents."""

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import RunFiles

FIGURE = Declaration(
    title="Variations of one picture",
    part="Decoded pictures",
    caption="""
        Test pictures of ``{dataset}``, each above its reconstruction, and nine variations of it by
        each model with {latent_dim} latents. Only the latents that are active for the object (spike
        probability above 0.5) vary, drawn from the slab of the prior (with pseudo-inputs, of the
        one that the object selects); all others are zero. Where a fixed prior has alpha at 0.5,
        latents that carry nothing are above or below it by chance. A model without spikes has no
        active latents: there, the fewest latents with 90 % of the code's squared length stand for
        them. An autoencoder has no prior to draw from. Fig. 6 of Tonolini et al. (UAI 2019).
        """,
    reads={"runs": RunFiles("pictures.npz")},
    needs=(Need.IMAGES, Need.MIXTURE),
    literature="UAI 2019, fig. 6",
    config_keys=("shown_latent_dim",),
    numbers=(Numbers("active_fraction", "percent", "Share of latents that are not exactly 0"),),
)

SIDE = 3


def draw(runs: Mapping[str, pictures.Run]) -> Figure:
    """A strip per model: for each object the test image, its reconstruction, and 3 x 3 variations.

    runs: model -> arrays of its pictures.npz: `conditional_objects` and
    `conditional_reconstructions`, uint8 (objects, C, H, W); `conditional_samples`, uint8 (objects,
    9, C, H, W), in which only the object's active latents vary and all others are 0; and
    `conditional_active` (objects,), the number of active ones. Models without (an autoencoder has
    no prior to draw from) are left out. Fig. 6 of Tonolini et al. (UAI 2019).
    """
    shown = pictures.having(runs, "conditional_samples")
    objects = len(next(iter(shown.values()))["conditional_objects"])
    columns = [1, SIDE, 0] * objects
    return pictures.draw_strips(shown, columns[:-1], _draw)


def _draw(row: Sequence[Axes], run: pictures.Run) -> None:
    for item, (image, samples) in enumerate(zip(row[::2], row[1::2], strict=True)):
        _draw_object(image, samples, run, item)


def _draw_object(image: Axes, samples: Axes, run: pictures.Run, item: int) -> None:
    pair = run["conditional_objects"][item], run["conditional_reconstructions"][item]
    pictures.show(image, pictures.stack(*pair, rows=SIDE))
    grid = run["conditional_samples"][item][: SIDE**2]
    pictures.show(samples, pictures.wrap(grid, SIDE))
    samples.set_title(f"active latents: {run['conditional_active'][item]}")
