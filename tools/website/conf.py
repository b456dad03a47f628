"""Sphinx's settings for the site: the report's, and autodoc for the API."""

import re
import runpy
from pathlib import Path
from typing import Any

from pygments.lexers.python import PythonLexer
from sphinx.application import Sphinx

PAGES = Path(__file__).parents[2] / "workflow/pages"
REPORT = runpy.run_path(str(PAGES / "conf.py"))
globals().update({name: value for name, value in REPORT.items() if not name.startswith("_")})

extensions = [*REPORT["extensions"], "sphinx.ext.autodoc"]
exclude_patterns: list[str] = []
html_static_path = [str(PAGES / "static")]
html_js_files: list[str] = []
html_use_index = True
toc_object_entries = False
add_module_names = False
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_preserve_defaults = True

_CODE = re.compile(r"(`[^`]+`)")
# What reStructuredText takes for markup; docstrings have none but code between backquotes.
_MARKUP = re.compile(r"([*|_\\])")


def as_it_is(app: Sphinx, what: str, name: str, obj: Any, options: Any, lines: list[str]) -> None:
    """Keep the code and the lists of a docstring, and take all else as plain text."""
    lines[:] = with_lists(lines)
    for number, line in enumerate(lines):
        parts = _CODE.split(line)
        parts[1::2] = [f"`{part}`" for part in parts[1::2]]
        parts[::2] = [_MARKUP.sub(r"\\\1", part) for part in parts[::2]]
        lines[number] = "".join(parts)


def with_lists(lines: list[str]) -> list[str]:
    """Return the lines with an empty one before and after each list."""
    found: list[str] = []
    in_list = False
    for line in lines:
        starts = line.startswith("- ")
        if line and starts != in_list and not (in_list and line.startswith(" ")):
            found.append("")
            in_list = starts
        found.append(line)
    return found


def setup(app: Sphinx) -> None:
    """Register the above, as Sphinx asks of a conf.py."""
    app.connect("autodoc-process-docstring", as_it_is)
    app.add_lexer("snakemake", PythonLexer)
