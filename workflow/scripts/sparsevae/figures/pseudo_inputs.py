"""The learned pseudo-inputs of a prior, as pictures."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import RunFiles
from sparsevae.figures.style import figure_style, model_style

FIGURE = Declaration(
    title="Pseudo-inputs",
    part="Decoded pictures",
    caption="""
        Learned pseudo-inputs of each model of ``{dataset}`` with {latent_dim} latents that has any,
        above what the mean of their encodings decodes to, ordered by how much test pictures select
        them: the number is the mean weight of the selection. Pseudo-inputs are free parameters, and
        shown clipped to the range of the pictures. The pseudo-inputs of eq. 4 of Tonolini et al.
        (UAI 2019), which prints none.
        """,
    reads={"runs": RunFiles("pictures.npz")},
    needs=(Need.IMAGES, Need.PSEUDO_INPUTS),
    literature="pseudo-inputs of UAI 2019, eq. 4",
    config_keys=("prior.kind", "prior.pseudo_inputs", "shown_latent_dim"),
    numbers=(Numbers("pseudo_inputs_in_use", "count", "Pseudo-inputs in use"),),
)

COLUMNS = 10
MOST = 20


def draw(runs: Mapping[str, pictures.Run]) -> Figure:
    """Per model, pseudo-inputs by how much they are selected, over what their encodings decode to.

    runs: model -> arrays of its pictures.npz; those with `pseudo_inputs` and
    `pseudo_input_reconstructions`, uint8 (U, C, H, W), and `pseudo_input_selection` (U,), the mean
    selection weight, which sums to one, are shown: their 20 most selected, ten to a strip, the
    weight in per cent below. The paper (Tonolini et al., UAI 2019, eq. 4) shows none.
    """
    shown = pictures.having(runs, "pseudo_inputs")
    styles = model_style(list(shown))
    strips = [(model, part) for model, run in shown.items() for part in _strips(run)]
    with figure_style():
        picture = next(iter(shown.values()))["pseudo_inputs"][0]
        figure, rows = pictures.strips(len(strips), [COLUMNS], picture)
        named = set()
        for (axes,), (model, part) in zip(rows, strips, strict=True):
            _draw(axes, shown[model], part)
            if model not in named:
                number = len(shown[model]["pseudo_inputs"])
                most = f", the {MOST} most selected" if number > MOST else ""
                axes.set_title(f"{styles[model].label}: {number} pseudo-inputs{most}", loc="left")
                named.add(model)
        pictures.fit_height(figure)
    return figure


def _strips(run: pictures.Run) -> list[np.ndarray]:
    """Indices of the pseudo-inputs of each strip, most selected first."""
    order = np.argsort(-run["pseudo_input_selection"], kind="stable")[:MOST]
    return [order[start : start + COLUMNS] for start in range(0, len(order), COLUMNS)]


def _draw(axes: Axes, run: pictures.Run, part: np.ndarray) -> None:
    both = [run["pseudo_inputs"][part], run["pseudo_input_reconstructions"][part]]
    grid = np.concatenate([pictures.wrap(row, COLUMNS) for row in both])
    pictures.show(axes, grid)
    weights = [f"{100 * weight:.1f} %" for weight in run["pseudo_input_selection"][part]]
    axes.set_xticks(pictures.column_centres(grid)[: len(part)], weights)
    axes.set_yticks(pictures.row_centres(grid), ["pseudo-input", "decoded"])
