"""Which latents each class of the test set uses."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from jaxtyping import Float, Int
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sparsevae.figures.declaration import Declaration, Need, Numbers
from sparsevae.figures.reads import Fact, RunFiles
from sparsevae.figures.style import (
    COLUMN_WIDTH,
    PAGE_WIDTH,
    figure_style,
    latent_label,
    model_style,
)

FIGURE = Declaration(
    title="Which latents a class activates",
    part="What codes tell",
    caption="""
        Mean latents and, for models with spikes, mean spike probabilities of each class of
        ``{dataset}`` (test set, {latent_dim} latents). The latents of each model are permuted by
        the class in which they are most active, unused ones last. The probabilities are fig. 5 of
        Tonolini et al. (UAI 2019).
        """,
    reads={"tables": RunFiles("class_activations.csv"), "class_names": Fact("class_names")},
    needs=(Need.CLASSES,),
    literature="UAI 2019, fig. 5",
    config_keys=("shown_latent_dim",),
    numbers=(
        Numbers("used_latents", "count", "Latents in use"),
        Numbers("active_fraction", "percent", "Share of latents that are not exactly 0"),
    ),
)

USED = 0.05  # a latent that never reaches this share of the largest activity counts as unused
_TITLES = {"mean_latent": "mean latent", "mean_spike_prob": "mean spike probability"}
_MOST_LABELS = 22  # latents whose names fit below a panel
_ROW = 0.125  # inches a class


def draw(tables: Mapping[str, pd.DataFrame], class_names: Sequence[str]) -> Figure:
    """Heat maps with a row per class and a column per latent, averaged over the test set.

    tables: model -> class_activations.csv (`label,latent,mean_latent,mean_spike_prob`). A model
    with spikes has a row of two: mean latent (no unit, colours centred on 0, own scale) and mean
    spike probability (0 to 1). Models without spikes have their mean latents only, two to a row.
    The columns of a model are permuted, the same way in both maps: see `latent_order`. White in a
    probability map is a latent that the class never uses; grey is a class without test samples. The
    probabilities are fig. 5 of Tonolini et al. (UAI 2019).
    """
    styles = model_style(list(tables))
    maps = {model: _maps(table, len(class_names)) for model, table in tables.items()}
    slots = _slots(maps)
    with figure_style():
        height = len(slots) * (_ROW * len(class_names) + 0.62) + 0.05
        columns = 1 if slots == [(slots[0][0], None)] else 2
        width = COLUMN_WIDTH if columns == 1 else PAGE_WIDTH
        figure = Figure(figsize=(width, height))
        figure.set_layout_engine("constrained", wspace=0.05)
        panels = figure.subplots(len(slots), columns, squeeze=False)
        for row, pair in zip(panels, slots, strict=True):
            for axes, slot in zip(row, pair[:columns], strict=True):
                if slot is None:
                    axes.remove()
                    continue
                model, kind = slot
                _draw(axes, maps[model][kind], maps[model]["order"], kind)
                _name_classes(axes, class_names if axes is row[0] else None)
                axes.set_title(f"{styles[model].label}: {_TITLES[kind]}")
    return figure


def latent_order(
    activity: Float[np.ndarray, "classes latents"],
) -> Int[np.ndarray, "latents"]:
    """Latents by the class in which they are most active, within a class the strongest first.

    Latents below `USED` of the largest activity everywhere come last, the strongest first. So the
    used part of a heat map is a staircase, and what is left of it shows what classes share.
    """
    activity = np.nan_to_num(activity)
    strongest = activity.max(axis=0)
    unused = strongest < USED * strongest.max()
    home = np.where(unused, len(activity), activity.argmax(axis=0))
    return np.lexsort((-strongest, home))  # the last key sorts first; ties stay in order


def _maps(table: pd.DataFrame, classes: int) -> dict[str, np.ndarray]:
    """(classes, latents) of each measure that the table has, and `order`, their permutation."""
    maps = {}
    for kind in _TITLES:
        wide = table.pivot(index="label", columns="latent", values=kind)
        values = wide.reindex(range(classes)).to_numpy(dtype=float)
        if np.isfinite(values).any():
            maps[kind] = values
    order = latent_order(maps.get("mean_spike_prob", np.abs(maps["mean_latent"])))
    return maps | {"order": order}


def _slots(maps: Mapping[str, Mapping[str, np.ndarray]]) -> list[tuple]:
    """Rows of two panels, each (model, measure) or None: models without spikes share rows."""
    plain: list[tuple[str, str] | None] = [
        (model, "mean_latent") for model in maps if "mean_spike_prob" not in maps[model]
    ]
    plain += [None] * (len(plain) % 2)
    rows = list(zip(plain[::2], plain[1::2], strict=True))
    spiked = [model for model in maps if "mean_spike_prob" in maps[model]]
    return rows + [((model, "mean_latent"), (model, "mean_spike_prob")) for model in spiked]


def _draw(axes: Axes, values: np.ndarray, order: np.ndarray, kind: str) -> None:
    limit = np.nanmax(np.abs(values)) or 1.0
    probability = kind == "mean_spike_prob"
    image = axes.imshow(
        np.ma.masked_invalid(values[:, order]),
        cmap="Greys" if probability else "RdBu_r",
        vmin=0 if probability else -limit,
        vmax=1 if probability else limit,
        aspect="auto",
        interpolation="none",
    )
    axes.set_facecolor("0.8")  # seen where there is no value
    axes.grid(False)
    axes.spines[:].set_visible(True)
    if len(order) <= _MOST_LABELS:
        labels = [latent_label(latent) for latent in order.tolist()]
        axes.set_xticks(range(len(order)), labels, rotation=90 if len(order) > 10 else 0)
        axes.set_xlabel("latent, permuted")
    else:
        axes.set_xticks([])
        axes.set_xlabel(f"{len(order)} latents, permuted")
    bar = axes.figure.colorbar(image, ax=axes, pad=0.02, aspect=15)
    bar.set_label("probability" if probability else "mean of latent")
    bar.outline.set_linewidth(0.6)


def _name_classes(axes: Axes, names: Sequence[str] | None) -> None:
    """Classes are the same in both panels of a row: the left one names them."""
    axes.tick_params(axis="y", length=0)
    if names is None:
        axes.set_yticks([])
        return
    axes.set_yticks(range(len(names)), names)
    axes.set_ylabel("class")
