"""Test pictures and what each model makes of them, clean and with noise."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import RunFiles
from sparsevae.figures.style import PAGE_WIDTH, figure_style, model_style
from sparsevae.jobs.errors import UserError

FIGURE = Declaration(
    title="Reconstructions",
    part="Decoded pictures",
    caption="""
        Test pictures of ``{dataset}`` and their reconstructions by each model with {latent_dim}
        latents, from clean inputs and from inputs with noise. All models were trained on clean
        pictures only. The paper (Tonolini et al., UAI 2019) prints no reconstructions.
        """,
    reads={"runs": RunFiles("pictures.npz")},
    needs=(Need.IMAGES,),
    literature="course project",
    config_keys=("shown_latent_dim",),
    numbers=(
        Numbers(
            "reconstruction",
            "nats",
            "Minus log-likelihood of test inputs in nats, given their codes,",
        ),
    ),
)

COLUMNS = 10
_BLOCKS = {
    "originals": ("clean inputs", "original", "reconstructions"),
    "noisy": ("inputs with noise", "noisy input", "noisy_reconstructions"),
}


def draw(runs: Mapping[str, pictures.Run]) -> Figure:
    """Two blocks of rows: inputs, then one row of reconstructions per model.

    runs: model -> arrays of its pictures.npz, each uint8 (n, C, H, W): `originals`,
    `reconstructions`, `noisy`, `noisy_reconstructions`. The first ten pictures are shown. No
    counterpart in the paper, which prints no reconstructions; the noisy block shows denoising by
    models that saw clean pictures only.
    """
    styles = model_style(list(runs))
    with figure_style():
        figure = Figure(figsize=(PAGE_WIDTH, PAGE_WIDTH), layout="compressed")
        panels = figure.subplots(len(_BLOCKS))
        for axes, (inputs, (title, first, outputs)) in zip(panels, _BLOCKS.items(), strict=True):
            shown = [_same_inputs(runs, inputs)] + [run[outputs] for run in runs.values()]
            grid = np.stack([row[:COLUMNS] for row in shown])
            pictures.show(axes, grid)
            labels = [first] + [look.label for look in styles.values()]
            axes.set_yticks(pictures.row_centres(grid), labels)
            axes.set_title(title, loc="left")
        pictures.fit_height(figure)
    return figure


def _same_inputs(runs: Mapping[str, pictures.Run], name: str) -> np.ndarray:
    """The inputs that all models were given; a column that mixes several would mislead."""
    (first, run), *others = runs.items()
    for model, other in others:
        if not np.array_equal(run[name], other[name]):
            raise UserError(f"{model} and {first} reconstruct different {name}; render both again")
    return run[name]
