"""What each latent of a sparse code draws, how often it is on, and for which classes."""

from collections.abc import Mapping, Sequence

import matplotlib
import numpy as np
from jaxtyping import Float, UInt8
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

from sparsevae.figures import pictures
from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import Fact, RunFiles
from sparsevae.figures.style import PAGE_WIDTH, figure_style, latent_label, model_style

FIGURE = Declaration(
    title="What each latent draws, and for which class",
    part="What codes tell",
    caption="""
        The latents of models with spikes that are on most often in codes of ``{dataset}``
        ({latent_dim} latents, first seed, first 2,000 test images), each below its name and the
        share of images in which it is on. Red is what it adds to the decoded image and blue what
        it takes away, with the latent at its mean where it is positive (upper row) and where it
        is negative (lower row), less the same code with it off; the other latents stay as they
        are in up to 200 images, over which the difference is averaged. Grey: a sign that fewer
        than one in twenty of its values has. Below, the share of each class's images in which the
        latent is on, from 0 (white) to 1 (black), in percent for the class with the largest
        share.
        """,
    reads={"runs": RunFiles("pictures.npz"), "class_names": Fact("class_names")},
    needs=(Need.IMAGES, Need.CLASSES, Need.SPIKES),
    config_keys=("shown_latent_dim",),
    numbers=(
        Numbers("active_fraction", "percent", "Share of latents that are not exactly 0"),
        Numbers("used_latents", "count", "Latents in use"),
    ),
)

RARE = 0.05  # of a latent's values: a sign that fewer have is not drawn
_BLANK = 225  # grey of a sign that is not drawn
_CLASS = 0.32  # height of a class, in widths of a picture
_MOST_CLASSES = 20  # that have room for their names


def draw(runs: Mapping[str, pictures.Run], class_names: Sequence[str]) -> Figure:
    """Two panels a model with spikes: what its latents draw by sign, and their classes.

    runs: model -> arrays of its pictures.npz: `role_latents` (latents,), numbered from 0, most
    often on first; `role_shares` (latents, 2), of images with each sign; `role_class_shares`
    (latents, classes); `role_pictures` (latents, 2, C, H, W), 1 = white, averaged over channels
    here. Models without spikes, and those none of whose latents is ever on, are left out.
    """
    styles = model_style(list(runs))
    shown = {
        model: run
        for model, run in pictures.having(runs, "role_latents").items()
        if len(run["role_latents"])
    }
    with figure_style():
        if not shown:
            return _nothing()
        columns = max(len(run["role_latents"]) for run in shown.values())
        first = next(iter(shown.values()))["role_pictures"]
        height, width, between = *first.shape[-2:], pictures.gap(first)
        # Exactly what the panels need: otherwise one is narrower than the other.
        classes = _CLASS * (width + between) * len(class_names)
        ratios = [2 * height + between, classes] * len(shown)
        figure = Figure(figsize=(PAGE_WIDTH, pictures.MOST_HEIGHT), layout="compressed")
        axes = figure.subplots(len(ratios), 1, squeeze=False, height_ratios=ratios)[:, 0]
        for above, below, model in zip(axes[::2], axes[1::2], shown, strict=True):
            centres = _draw_pictures(above, shown[model], columns)
            above.set_title(styles[model].label, loc="left", fontweight="bold")
            _draw_classes(below, shown[model], class_names, centres, above.get_xlim())
        pictures.fit_height(figure)
    return figure


def drawn(run: pictures.Run) -> Float[np.ndarray, "2 latents height width"]:
    """What each latent draws with each sign, grey; NaN for a rare sign."""
    grey = run["role_pictures"].astype(np.float32).mean(axis=2).swapaxes(0, 1)
    shares = run["role_shares"].T
    return np.where((shares < RARE * shares.sum(axis=0))[..., None, None], np.nan, grey)


def _draw_pictures(axes: Axes, run: pictures.Run, columns: int) -> Float[np.ndarray, "columns"]:
    """Return where the columns have their middles."""
    values = drawn(run)
    limit = float(np.nanmax(np.abs(values), initial=0)) or 1.0
    norm = Normalize(-limit, limit)
    grid = _coloured(values, norm)
    missing = columns - grid.shape[1]
    filled = np.pad(grid, [(0, 0), (0, missing), *[(0, 0)] * 3], constant_values=pictures.WHITE)
    pictures.show(axes, filled)
    axes.set_yticks(pictures.row_centres(filled), ["z > 0", "z < 0"])
    centres = pictures.column_centres(filled)
    shares = run["role_shares"].sum(axis=1)
    names = [
        f"{latent_label(latent)}\n{100 * share:.0f} %"
        for latent, share in zip(run["role_latents"].tolist(), shares, strict=True)
    ]
    axes.set_xticks(centres[: len(names)], names)
    axes.tick_params(labeltop=True, labelbottom=False)
    bar = axes.figure.colorbar(
        ScalarMappable(norm, "RdBu_r"), ax=axes, pad=0.01, aspect=12, ticks=[-limit, 0, limit]
    )
    bar.ax.set_yticklabels([f"−{limit:.1f}", "0", f"+{limit:.1f}"])
    bar.outline.set_linewidth(0.6)
    return centres


def _coloured(
    values: Float[np.ndarray, "2 latents height width"], norm: Normalize
) -> UInt8[np.ndarray, "2 latents 3 height width"]:
    colours = matplotlib.colormaps["RdBu_r"](norm(values), bytes=True)[..., :3]
    colours = np.where(np.isnan(values)[..., None], _BLANK, colours).astype(np.uint8)
    return np.moveaxis(colours, -1, 2)


def _draw_classes(
    axes: Axes,
    run: pictures.Run,
    class_names: Sequence[str],
    centres: Float[np.ndarray, "columns"],
    across: tuple[float, float],
) -> None:
    """Cells below the pictures, in the units of their axes, so that columns stay in line."""
    shares = np.full((len(class_names), len(run["role_latents"])), np.nan)
    found = run["role_class_shares"].T
    shares[: len(found)] = found
    step = centres[1] - centres[0] if len(centres) > 1 else across[1] - across[0]
    tall = _CLASS * step
    left = centres[0] - step / 2
    extent = (left, left + step * shares.shape[1], tall * len(shares), 0)
    masked = np.ma.masked_invalid(shares)
    axes.imshow(masked, cmap="Greys", vmin=0, vmax=1, extent=extent, interpolation="none")
    axes.set(xlim=across, ylim=(tall * len(shares), 0), xticks=[])
    axes.grid(False)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)
    middles = tall * (np.arange(len(shares)) + 0.5)
    named = len(class_names) <= _MOST_CLASSES
    axes.set_yticks(middles if named else [], class_names if named else [])
    axes.set_ylabel("class")
    for centre, column in zip(centres, shares.T, strict=False):
        most = int(np.nanargmax(column))
        colour = "white" if column[most] > 0.5 else "black"
        text = axes.text(centre, middles[most], f"{100 * column[most]:.0f}", color=colour)
        text.set(ha="center", va="center_baseline", fontsize=5.5)


def _nothing() -> Figure:
    figure = Figure(figsize=(PAGE_WIDTH, 0.5), layout="constrained")
    axes = figure.subplots()
    axes.set_axis_off()
    axes.text(0.5, 0.5, "no latent is on in any code", ha="center", va="center")
    return figure
