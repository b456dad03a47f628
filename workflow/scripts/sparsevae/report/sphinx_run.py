"""One run of Sphinx in this process, in which every warning is an error."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.docutils import docutils_namespace, patch_docutils

from sparsevae.jobs.errors import SiteError
from sparsevae.report.pages import Inputs

_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def run_sphinx(builder: str, inputs: Inputs, pages: Path, out: Path) -> None:
    """Raises SiteError with the first warning: `-W` in one process."""
    warnings = StringIO()
    with _working_in(pages), patch_docutils(str(inputs.templates)), docutils_namespace():
        app = Sphinx(
            srcdir=pages,
            confdir=inputs.templates,
            outdir=out,
            doctreedir=pages.parent / f"doctrees-{builder}",
            buildername=builder,
            confoverrides={"html_title": f"sparsevae: {inputs.study.name}"},
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


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    """Sphinx names files in warnings relative to the working directory."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
