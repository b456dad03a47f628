"""Builds the site: pages, then Sphinx, in which a warning is an error, then tables and figures."""

import shutil
from collections.abc import Callable
from pathlib import Path

from sparsevae.jobs import storage
from sparsevae.report.pages import Inputs, Pages
from sparsevae.report.pdf import build_pdf
from sparsevae.report.sphinx_run import run_sphinx

# What Sphinx leaves for its own next build, or for other projects to link to.
NOT_FOR_READERS = (".buildinfo", "objects.inv", ".nojekyll")


def build_site(inputs: Inputs, target: Path, latex: bool, report: Callable[[str], None]) -> None:
    """Writes the site into the folder `target`, which appears when it is whole.

    latex: whether to try for a PDF as well. Raises SiteError with Sphinx's first warning.
    """
    with storage.workspace(target) as work:
        site = work / "site"
        pdf = "no PDF: LaTeX (latexmk) was not found when the report was built"
        if latex:
            pdf = build_pdf(inputs, work / "latex", site / "report.pdf", report)
        write_html(inputs, work / "pages", site, pdf)
        if target.exists():
            shutil.rmtree(target)
        site.rename(target)


def write_html(inputs: Inputs, pages: Path, site: Path, pdf: str) -> None:
    pages.mkdir(parents=True)
    storage.copy_folder(inputs.templates / "static", pages / "static")
    Pages(inputs, pages, "html", pdf).write()
    run_sphinx("html", inputs, pages, site)
    for file in NOT_FOR_READERS:
        (site / file).unlink(missing_ok=True)
    shutil.rmtree(site / "_sources", ignore_errors=True)
    _copy_results(inputs, site)


def _copy_results(inputs: Inputs, site: Path) -> None:
    for grid in inputs.study.grids:
        for name in grid.figures:
            _copy(inputs.figures / grid.dataset / name, site / "figures" / grid.dataset / name)
    for name in inputs.study.figures:
        _copy(inputs.figures / name, site / "figures" / name)
    if inputs.explorer is not None:
        storage.copy_folder(inputs.explorer, site / "explorer", leave_out=["index.html"])
    (site / "tables").mkdir()
    for name, file in inputs.tables.items():
        shutil.copyfile(file, site / "tables" / f"{name}.csv")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    for suffix in (".png", ".pdf"):
        shutil.copyfile(source.with_suffix(suffix), target.with_suffix(suffix))
