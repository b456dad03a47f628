"""The code of one picture at several latent sizes, as bars, with its reconstruction."""

from collections.abc import Mapping

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import RunFiles
from sparsevae.figures.style import PAGE_WIDTH, figure_style, model_style

FIGURE = Declaration(
    title="Codes of one picture",
    part="Sparsity",
    caption="""
        The code of one test picture of ``{dataset}`` as bars, for each model at the smallest, a
        middle and the largest latent size of the study; grey columns are latents that are exactly
        zero. Beside it, the picture above its reconstruction from this code. Of each spike the
        likelier state is taken, of each slab the mean; a model without spikes has no zeros. Sparse
        codes at 8, 96 and 200 latents in the report of De la Fuente & Aduviri (2019); the paper
        (Tonolini et al., UAI 2019) has no counterpart.
        """,
    reads={"runs": RunFiles("pictures.npz", "three_sizes")},
    needs=(Need.IMAGES, Need.PRIOR),
    literature="reproduction",
    config_keys=("latent_dims",),
    numbers=(
        Numbers(
            "active_fraction",
            "percent",
            "Share of latents that are not exactly 0",
            "smallest_and_largest",
        ),
    ),
)

_ROW = 0.95  # inches a model
_ZERO = "0.88"


def draw(runs: Mapping[tuple[str, int], pictures.Run]) -> Figure:
    """A row per model, a column per latent size: the code as bars, the picture, its reconstruction.

    runs: (model, latent size) -> arrays of its pictures.npz: `codes`, float (n, J), whose zeros are
    exact; `originals` and `code_reconstructions`, uint8 (n, C, H, W). The first picture is shown.
    An exact zero is a grey column, so that it is told from a small value. A row has one scale.
    Models without codes here (an autoencoder) are left out. Sparse codes at several latent sizes in
    De la Fuente & Aduviri's report.
    """
    shown = {key: run for key, run in runs.items() if "codes" in run}
    styles = model_style([model for model, _ in runs])
    models = [model for model in styles if any(name == model for name, _ in shown)]
    sizes = sorted({size for _, size in shown})
    with figure_style():
        figure = Figure(figsize=(PAGE_WIDTH, _ROW * len(models) + 0.1), layout="constrained")
        widths = [PAGE_WIDTH / len(sizes) / 0.42 - 1, 1] * len(sizes)
        panels = figure.subplots(len(models), len(widths), squeeze=False, width_ratios=widths)
        for row, model in zip(panels, models, strict=True):
            codes = {size: shown[model, size]["codes"][0] for size in sizes}
            limit = 1.05 * (max(float(abs(code).max()) for code in codes.values()) or 1.0)
            for bars, image, size in zip(row[::2], row[1::2], sizes, strict=True):
                _draw_code(bars, codes[size], styles[model].colour, limit)
                _draw_pictures(image, shown[model, size])
                if size != sizes[0]:
                    bars.tick_params(labelleft=False)
            row[0].set_ylabel(styles[model].label)
    return figure


def _draw_code(axes: Axes, code: Float[np.ndarray, "latent"], colour: str, limit: float) -> None:
    numbers = np.arange(1, len(code) + 1)
    zero = numbers[code == 0]
    axes.bar(zero, 2 * limit, width=1, bottom=-limit, color=_ZERO, linewidth=0)
    axes.bar(numbers, code, width=1 if len(code) > 40 else 0.8, color=colour, linewidth=0)
    axes.axhline(0, color="0.5", linewidth=0.5)
    axes.set(xlim=(0.5, len(code) + 0.5), ylim=(-limit, limit))
    axes.set_xticks([1, len(code)], ["z1", f"z{len(code)}"])
    axes.grid(False)
    axes.set_title(f"{len(code) - len(zero)} of {len(code)} latents not zero")


def _draw_pictures(axes: Axes, run: pictures.Run) -> None:
    pair = run["originals"][0], run["code_reconstructions"][0]
    pictures.show(axes, pictures.stack(*pair, rows=2))
