"""The page of the explorer, by itself: what another page takes in, with a head around it."""

import html
import shutil
from pathlib import Path

from sparsevae import storage

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


def write_page(sources: str | Path, folder: str | Path, study: str, data: str) -> None:
    """index.html with its style and its scripts; `data` is the data's folder, from there."""
    fragment = Path(sources, FRAGMENT).read_text()
    storage.write_text(Path(folder, "index.html"), standalone(fragment, study, data))
    for name in (STYLE, *SCRIPTS):
        with storage.replacing(Path(folder, name)) as temporary:
            shutil.copyfile(Path(sources, name), temporary)


def standalone(fragment: str, study: str, data: str) -> str:
    """A whole page around the fragment. The study's name is text, whatever it holds."""
    title = f"Explorer of {html.escape(study)}"
    scripts = "\n".join(f'<script src="{name}" defer></script>' for name in SCRIPTS)
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{STYLE}">
{scripts}
</head>
<body class="explorer-alone">
<main>
<h1>{title}</h1>
{placed(fragment, data)}
</main>
</body>
</html>
"""


def placed(fragment: str, data: str) -> str:
    """The fragment with the folder of the data, a relative URL, in its place."""
    return fragment.replace('data-folder=""', f'data-folder="{html.escape(data)}"')
