"""Many small pictures as one large one, and its place on a figure."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from jaxtyping import Float, UInt8
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsevae.figures.style import COLUMN_WIDTH, PAGE_WIDTH, figure_style, model_style
from sparsevae.jobs.errors import UserError

Run = Mapping[str, np.ndarray]  # the arrays of a run's pictures.npz (docs/design.md)

WHITE = 255
MOST_HEIGHT = 9.0  # inches: what a page has room for


def tile(
    grid: UInt8[np.ndarray, "rows columns channels height width"],
) -> UInt8[np.ndarray, "tall wide 3"]:
    """RGB mosaic with grid[0, 0] at the top left and a white gap between pictures.

    One channel is grey (255 = white), three are red, green and blue.
    """
    rows, columns, channels, height, width = grid.shape
    if channels not in (1, 3):
        raise UserError(f"pictures can be drawn with 1 or 3 channels, not {channels}")
    step_y, step_x = height + gap(grid), width + gap(grid)
    mosaic = np.full((rows * step_y, columns * step_x, 3), WHITE, dtype=np.uint8)
    for row in range(rows):
        for column in range(columns):
            top, left = row * step_y, column * step_x
            picture = grid[row, column].transpose(1, 2, 0)  # one channel spreads over three
            mosaic[top : top + height, left : left + width] = picture
    return mosaic[: rows * step_y - gap(grid), : columns * step_x - gap(grid)]


def gap(grid: np.ndarray) -> int:
    """Pixels between two pictures of a mosaic: a share of their size, to look the same at any."""
    return max(1, round(max(grid.shape[-2:]) / 14))


def row_centres(grid: np.ndarray) -> Float[np.ndarray, "rows"]:
    """Where the mosaic of `grid` has the middle of each row, in its own pixels."""
    return _centres(grid.shape[0], grid.shape[-2], gap(grid))


def column_centres(grid: np.ndarray) -> Float[np.ndarray, "columns"]:
    """Where the mosaic of `grid` has the middle of each column, in its own pixels."""
    return _centres(grid.shape[1], grid.shape[-1], gap(grid))


def wrap(
    pictures: UInt8[np.ndarray, "number channels height width"], columns: int
) -> UInt8[np.ndarray, "rows columns channels height width"]:
    """Pictures in reading order, the last row filled up with white."""
    missing = -len(pictures) % columns
    blank = np.full((missing, *pictures.shape[1:]), WHITE, dtype=np.uint8)
    return np.concatenate([pictures, blank]).reshape(-1, columns, *pictures.shape[1:])


def show(axes: Axes, grid: np.ndarray) -> None:
    """Draws the mosaic of `grid` with square pixels, neither frame nor ticks."""
    # "none" is nearest in PNG, and keeps the pixels themselves in PDF.
    axes.imshow(tile(grid), interpolation="none")
    axes.grid(False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    axes.set(xticks=[], yticks=[])


def having(runs: Mapping[str, Run], name: str) -> dict[str, Run]:
    """The models whose pictures have an array: an autoencoder, for one, has no `prior_samples`."""
    return {model: run for model, run in runs.items() if name in run}


def draw_panels(runs: Mapping[str, Run], draw: Callable[[Axes, Run], None]) -> Figure:
    """A figure with a panel per model under its name, which `draw` fills."""
    with figure_style():
        figure, axes = panels(len(runs))
        for panel, run, look in zip(
            axes, runs.values(), model_style(list(runs)).values(), strict=True
        ):
            draw(panel, run)
            panel.set_title(look.label)
        fit_height(figure)
    return figure


def draw_strips(
    runs: Mapping[str, Run], columns: Sequence[int], draw: Callable[[Sequence[Axes], Run], None]
) -> Figure:
    """A figure with a strip of panels per model beside its name, which `draw` fills.

    columns: pictures side by side in each panel of a strip, see `strips`.
    """
    with figure_style():
        first = next(iter(runs.values()))
        figure, rows = strips(len(runs), columns, first["originals"][0])
        for row, run, look in zip(
            rows, runs.values(), model_style(list(runs)).values(), strict=True
        ):
            draw(row, run)
            row[0].set_ylabel(look.label)
        fit_height(figure)
    return figure


def panels(count: int) -> tuple[Figure, list[Axes]]:
    """A figure with one panel in a column's width, or more in a page's, at most three in a row.

    Call `fit_height` when all is drawn.
    """
    columns = {4: 2}.get(count, min(count, 3))
    rows = math.ceil(count / columns)
    width = COLUMN_WIDTH if columns == 1 else PAGE_WIDTH
    figure = Figure(figsize=(width, MOST_HEIGHT))
    figure.set_layout_engine("compressed", w_pad=0.08)  # more than between pictures
    axes = list(figure.subplots(rows, columns, squeeze=False).flat)
    for empty in axes[count:]:
        empty.remove()
    return figure, axes[:count]


def strips(
    count: int, columns: Sequence[int], picture: UInt8[np.ndarray, "channels height width"]
) -> tuple[Figure, list[list[Axes]]]:
    """A figure of a page's width with a row of panels for each of `count` models.

    columns: how many pictures like `picture` stand side by side in each panel of a row, so that all
    get one scale; 0 leaves room instead of a panel. Returns the axes, a list per row. Call
    `fit_height` when all is drawn.
    """
    width = picture.shape[-1]
    widths = [
        number * (width + gap(picture)) - gap(picture) if number else width / 3
        for number in columns
    ]
    figure = Figure(figsize=(PAGE_WIDTH, MOST_HEIGHT), layout="compressed")
    axes = figure.subplots(count, len(widths), squeeze=False, width_ratios=widths)
    for empty in axes[:, np.equal(columns, 0)].flat:
        empty.set_axis_off()
    return figure, axes[:, np.not_equal(columns, 0)].tolist()


def fill_rows(
    grid: UInt8[np.ndarray, "some columns channels height width"], rows: int
) -> UInt8[np.ndarray, "rows columns channels height width"]:
    """A grid with rows of white below, so that mosaics side by side have one scale."""
    missing = np.full((rows - len(grid), *grid.shape[1:]), WHITE, dtype=np.uint8)
    return np.concatenate([grid, missing])


def stack(
    *pictures: UInt8[np.ndarray, "channels height width"], rows: int
) -> UInt8[np.ndarray, "rows 1 channels height width"]:
    """Pictures below each other in one column, filled up with white to the given rows."""
    return fill_rows(np.stack(pictures)[:, None], rows)


def fit_height(figure: Figure) -> None:
    """Sets the height of a figure of pictures to what its pictures need at the figure's width.

    Pictures keep their shape, so the height follows from the width less the labels, which only the
    drawn figure knows. The figure must have a "compressed" layout.
    """
    width = figure.get_figwidth()
    figure.set_size_inches(width, MOST_HEIGHT)
    figure.draw_without_rendering()
    needed = figure.get_tightbbox().height
    figure.set_size_inches(width, min(MOST_HEIGHT, needed + 0.08))


def _centres(count: int, size: int, gap: int) -> np.ndarray:
    return np.arange(count) * (size + gap) + (size - 1) / 2
