"""Run Sphinx in this process, with every warning an error and formulas as MathML.

This module is also the Sphinx extension that writes the formulas, when the site is built: pages
need no script and no fonts for them. docutils has the converter, and Sphinx does not use it yet.
"""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from docutils import nodes
from docutils.utils.math import MathError
from docutils.utils.math.latex2mathml import tex2mathml
from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils
from sphinx.util.math import get_node_equation_number

from sparsevae.jobs.errors import SiteError
from sparsevae.report import accessible

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
# Browsers give "log" no space before its argument, where TeX has a thin one but before a bracket.
_SPACED = re.compile(r"<mo>&ApplyFunction;</mo>(?!\s*<mo stretchy=\"false\">[(\[])")
_THIN = '<mspace width="0.1667em"></mspace>'


def run_sphinx(builder: str, title: str, settings: Path, pages: Path, out: Path) -> None:
    """Build `pages` into `out`. Raises SiteError with the first warning.

    settings: the folder of conf.py.
    """
    warnings = StringIO()
    with _working_in(pages), patch_docutils(str(settings)), docutils_namespace():
        app = Sphinx(
            srcdir=pages,
            confdir=settings,
            outdir=out,
            doctreedir=pages.parent / f"doctrees-{builder}",
            buildername=builder,
            confoverrides={"html_title": title},
            status=None,
            warning=warnings,
            freshenv=True,
            warningiserror=True,
        )
        app.build(force_all=True)
    plain = _COLOURS.sub("", warnings.getvalue())
    lines = [line for line in plain.splitlines() if line.strip()]
    if app.statuscode or lines:
        first = lines[0].replace(str(pages), "page") if lines else "no warning was given"
        raise SiteError(f"Sphinx ({builder}): {first}")


def mathml(latex: str, block: bool) -> str:
    """Return a formula as MathML. Raises SiteError for LaTeX that the converter does not know."""
    try:
        return _SPACED.sub(_THIN, tex2mathml(latex, as_block=block))
    except MathError as error:
        raise SiteError(f"{latex.strip()!r}: {str(error).splitlines()[0]} (formula)") from None


def setup(app: Sphinx) -> dict[str, Any]:
    """Register the writer of formulas and what completes pages, as Sphinx asks of an extension."""
    accessible.register(app)
    app.add_html_math_renderer("mathml", (_inline, None), (_displayed, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _inline(self: Any, node: nodes.math) -> None:
    self.body.append(mathml(node.astext(), block=False))
    raise nodes.SkipNode


def _displayed(self: Any, node: nodes.math_block) -> None:
    """Write a formula; one with a label has a number, which links to it."""
    number = ""
    if node["number"]:
        label = get_node_equation_number(self, node)
        href = node["ids"][0] if node["ids"] else ""
        number = f'<a class="equation-number" href="#{href}">({label})</a>'
    identity = f' id="{node["ids"][0]}"' if node["ids"] else ""
    formula = mathml(node.astext(), block=True)
    self.body.append(f'<div class="equation"{identity}><div>{formula}</div>{number}</div>\n')
    raise nodes.SkipNode


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    """Sphinx names files in warnings relative to the working directory."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
