"""Paths in settings: `~` and environment variables stand for what they do in a shell."""

import os
import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

# What a run is told from the others of its study by: `{model}` in a template of paths.
RUN_NAMES = ("dataset", "model", "latent_dim", "seed")


def expanded(path: str, of_files: bool = True) -> str:
    """Return a path with `~` and environment variables replaced by what they stand for."""
    whole = os.path.expandvars(path)
    if re.search(r"\$\w|\$\{", whole):
        raise ValueError("environment variables that are set")
    if whole.startswith("~"):
        try:
            whole = str(Path(whole).expanduser())
        except RuntimeError:
            raise ValueError("~, and ~user of users that this machine knows") from None
    if of_files and re.search(r"[{}*?\n]", whole):
        raise ValueError("paths without {, }, *, ? and line breaks, which Snakemake reads itself")
    return whole


def filled(template: str, names: Mapping[str, object]) -> str:
    """Return the path of a template for a run of these RUN_NAMES, expanded."""
    for name in RUN_NAMES:
        template = template.replace(f"{{{name}}}", str(names[name]))
    return expanded(template)


def _template(path: str) -> str:
    """Return a template as it was written, since it is part of a run's config.json."""
    filled(path, dict.fromkeys(RUN_NAMES, 1))
    return path


Folder = Annotated[str, Field(min_length=1), AfterValidator(expanded)]
Image = Annotated[str, Field(min_length=1), AfterValidator(partial(expanded, of_files=False))]
FolderOfRun = Annotated[str, Field(min_length=1), AfterValidator(_template)]
