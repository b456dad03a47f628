"""A figure on a page: the picture, which opens in full, its caption, and the PDF to take along."""

import struct
from pathlib import Path
from urllib.parse import quote

from sparsevae.jobs.errors import SiteError
from sparsevae.report.markup import Markup, inert

DOTS_PER_INCH = 200  # what plotting/style.py saves
SCREEN = (
    110  # dots of a screen for an inch of a figure: its letters are then as large as the text's
)


def size(png: Path) -> tuple[int, int]:
    """Width and height of a PNG, in pixels. Raises SiteError for a file that is none."""
    header = png.read_bytes()[:24]
    if header[:8] != b"\x89PNG\r\n\x1a\n" or len(header) < 24:
        raise SiteError(f"{png}: not a PNG; delete it and run again")
    return struct.unpack(">II", header[16:24])


def anchor(folder: str, name: str) -> str:
    """Where a figure is on its page; `folder` is that of its dataset, or empty."""
    return inert(quote(f"figure-{folder}{name}".replace("/", "-")))


def html_figure(name: str, folder: str, png: Path, number: int, title: str, caption: str) -> Markup:
    """A picture as large as its letters want to be: a wide one scrolls in its own box."""
    width, height = (round(side * SCREEN / DOTS_PER_INCH) for side in size(png))
    path = inert(quote(f"figures/{folder}{name}"))
    alternative = inert(
        f"{title}, {folder.rstrip('/') or 'all datasets'}: the caption says what it shows"
    )
    return Markup(
        f'<figure class="study-figure" id="{anchor(folder, name)}">\n'
        f'<div class="figure-box" tabindex="0" role="group" aria-label="{inert(title)}">'
        f'<a href="{path}.png" title="Open in full size">'
        f'<img src="{path}.png" alt="{alternative}" width="{width}" height="{height}" '
        f'loading="lazy" style="--natural:{width}px"></a></div>\n'
        f"<figcaption>\n\n**Figure {number}. {title}.** {caption}\n\n"
        f'<p class="downloads"><a href="{path}.png">PNG</a> <a href="{path}.pdf">PDF</a></p>\n'
        "</figcaption>\n</figure>\n"
    )


def latex_figure(pdf: Path, title: str, caption: str) -> Markup:
    """The same for the PDF of the report."""
    return Markup(
        f"```{{figure}} /{pdf}\n:width: 100%\n:align: center\n\n**{title}.** {caption}\n```\n"
    )
