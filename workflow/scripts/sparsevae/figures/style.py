"""What all figures share: sizes, fonts, the look of each model, and how a figure is saved.

Nothing here changes matplotlib for others: draw inside `with figure_style():`.
"""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import matplotlib.style
from matplotlib.artist import Artist
from matplotlib.backends import backend_pdf
from matplotlib.figure import Figure

from sparsevae.figures.palette import ModelStyle, model_style
from sparsevae.jobs import storage

__all__ = [
    "COLUMN_WIDTH",
    "DPI",
    "PAGE_WIDTH",
    "ModelStyle",
    "add_legend",
    "figure_style",
    "latent_label",
    "model_style",
    "save",
]

COLUMN_WIDTH = 3.25  # inches: one column of a two-column page
PAGE_WIDTH = 6.75  # inches: both columns
DPI = 200

_PARAMETERS = {
    "font.family": "DejaVu Sans",  # comes with matplotlib: the same glyphs on every machine
    "font.size": 7.5,
    "axes.titlesize": 7.5,
    "axes.labelsize": 7.5,
    "xtick.labelsize": 6.5,
    "ytick.labelsize": 6.5,
    "legend.fontsize": 6.5,
    "figure.titlesize": 7.5,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "0.9",
    "grid.linewidth": 0.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.minor.size": 1.5,
    "lines.linewidth": 1.1,
    "lines.markersize": 3.5,
    "legend.frameon": False,
    "figure.constrained_layout.w_pad": 0.03,
    "figure.constrained_layout.h_pad": 0.03,
    "savefig.dpi": DPI,
    "figure.dpi": DPI,
    "pdf.fonttype": 42,  # TrueType: journals refuse type 3
    "text.parse_math": False,  # names come from a user's config: a $ in them is a dollar
}


def latent_label(index: int) -> str:
    """The name of a latent in figures: z1 is the first, which has index 0 in arrays and tables."""
    return f"z{index + 1}"


def add_legend(figure: Figure, handles: Sequence[Artist], labels: Sequence[str]) -> None:
    """A legend above the panels; the figure grows by its height, so that they keep theirs."""
    widest = 0.45 + 0.06 * max(len(label) for label in labels)  # inches: handle, then letters
    columns = max(1, min(len(labels), int(figure.get_figwidth() / widest)))
    figure.legend(handles, labels, loc="outside upper center", ncols=columns, columnspacing=1)
    figure.set_figheight(figure.get_figheight() + 0.14 * math.ceil(len(labels) / columns))


@contextmanager
def figure_style() -> Iterator[None]:
    """matplotlib's defaults and ours on top, whatever the reader's own matplotlibrc says."""
    with matplotlib.style.context(["default", _PARAMETERS]):
        yield


def save(figure: Figure, png: str | Path, pdf: str | Path) -> None:
    """Writes both files, each atomically; the same figure gives the same bytes on any day."""
    with figure_style():
        # Lay out once, so that both files show the same geometry.
        figure.draw_without_rendering()
        figure.set_layout_engine("none")
        with storage.replacing(png) as path:
            figure.savefig(path, format="png", metadata={"Software": None})
        with storage.replacing(pdf) as path, _no_negative_zeros():
            figure.savefig(path, format="pdf", metadata={"CreationDate": None, "Producer": None})


@contextmanager
def _no_negative_zeros() -> Iterator[None]:
    """Writes -0 as 0: which of them a product of transformations gives, differs by process."""
    original = backend_pdf.pdfRepr

    def written(value: object) -> bytes:
        content = original(value)
        return b"0" if content == b"-0" else content

    backend_pdf.pdfRepr = written
    try:
        yield
    finally:
        backend_pdf.pdfRepr = original
