"""The page of the explorer, by itself: what another page takes in, with a head around it."""

import html
import shutil
from pathlib import Path

from sparsevae.jobs import storage

FRAGMENT = "explorer.html"
STYLE = "explorer.css"
# In this order; each adds to the one global, `sparsevae`.
SCRIPTS = (
    "data.js",
    "random.js",
    "decoder.js",
    "codes.js",
    "pictures.js",
    "latent_list.js",
    "panel.js",
    "image_picker.js",
    "explorer.js",
)


DATA = "data"  # the exported data's folder, beside the scripts


def write_page(sources: str | Path, folder: str | Path, study: str) -> None:
    """index.html with its style and its scripts; the data are in the folder's folder DATA."""
    fragment = Path(sources, FRAGMENT).read_text(encoding="utf-8")
    storage.write_text(Path(folder, "index.html"), standalone(fragment, study))
    for name in (STYLE, *SCRIPTS):
        with storage.replacing(Path(folder, name)) as temporary:
            shutil.copyfile(Path(sources, name), temporary)


def standalone(fragment: str, study: str) -> str:
    """A whole page around the fragment. The study's name is text, whatever it holds."""
    title = f"Explorer of {html.escape(study)}"
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
</head>
<body class="explorer-alone">
<main>
<h1>{title}</h1>
{embedded(fragment, ".")}
</main>
</body>
</html>
"""


def embedded(fragment: str, folder: str) -> str:
    """HTML that any page can hold: the fragment, with its style and its scripts.

    folder: a relative URL, from the page, of a copy of what `write_page` and `export_data` wrote.
    """
    place = html.escape(folder)
    scripts = [f'<script src="{place}/{name}" defer></script>' for name in SCRIPTS]
    style = f'<link rel="stylesheet" href="{place}/{STYLE}">'
    placed = fragment.replace('data-folder=""', f'data-folder="{place}/{DATA}"')
    return "\n".join([style, *scripts, placed])
