"""Write the page of the explorer: by itself, or as a part of another page."""

import html
import shutil
from pathlib import Path
from string import Template

from sparsevae.jobs import storage

PAGE, FRAGMENT = "index.html", "explorer.html"  # templates; all else in their folder is copied
DATA = "data"  # the folder of the exported data, beside the scripts


def write_page(sources: str | Path, folder: str | Path, study: str) -> None:
    """Write index.html with its style and its scripts; the study's name is text, whatever it holds.

    sources: workflow/pages/explorer. The data are in the folder's folder DATA.
    """
    template = Template(Path(sources, PAGE).read_text(encoding="utf-8"))
    page = template.substitute(study=html.escape(study), explorer=embedded(sources, "."))
    storage.write_text(Path(folder, PAGE), page)
    for file in sorted(Path(sources).iterdir()):
        if file.name not in (PAGE, FRAGMENT):
            with storage.replacing(Path(folder, file.name)) as temporary:
                shutil.copyfile(file, temporary)


def embedded(sources: str | Path, folder: str) -> str:
    """Return HTML that any page can hold: the explorer with its style and its scripts.

    folder: a relative URL, from the page, of a copy of what `write_page` and `export_data` wrote.
    """
    template = Template(Path(sources, FRAGMENT).read_text(encoding="utf-8"))
    return template.substitute(folder=html.escape(folder), data=html.escape(f"{folder}/{DATA}"))


def named(dataset: str, model: str, latent_dim: int) -> str:
    """Return what the page and the log call a run; of each there is the first seed alone."""
    return f"{dataset}/{model}, {latent_dim} latents"
