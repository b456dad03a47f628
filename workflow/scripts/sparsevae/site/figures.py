"""A figure on a page: the picture, which opens in full, its caption, and the PDF to take along."""

import struct
from pathlib import Path

from sparsevae.errors import SiteError
from sparsevae.site.markup import Markup, inert

DOTS_PER_INCH = 200  # what plotting/style.py saves
SCREEN = 110  # dots of a screen for an inch of a figure: its letters are then as large as the text's


def size(png: Path) -> tuple[int, int]:
    """Width and height of a PNG, in pixels. Raises SiteError for a file that is none."""
    header = png.read_bytes()[:24]
    if header[:8] != b"\x89PNG\r\n\x1a\n" or len(header) < 24:
        raise SiteError(f"{png}: not a PNG; delete it and run again")
    return struct.unpack(">II", header[16:24])


def html_figure(
    name: str, folder: str, png: Path, number: int, title: str, caption: str, top: str
) -> Markup:
    """`top` leads from the page to the site's top; wide figures scroll in their own box."""
    width, height = (round(side * SCREEN / DOTS_PER_INCH) for side in size(png))
    path = inert(f"{top}figures/{folder}{name}")
    alternative = inert(f"{title}: see the caption below the figure")
    identity = inert(f"{folder}{name}".replace("/", "-"))
    return Markup(
        f'<figure class="study-figure" id="figure-{identity}">\n'
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
