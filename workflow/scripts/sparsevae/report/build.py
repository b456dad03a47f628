"""Build the site: pages, then Sphinx, then tables and figures; and the PDF if LaTeX is there."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from sparsevae.jobs import storage
from sparsevae.report.pages import Inputs, Pages
from sparsevae.report.sphinx_run import run_sphinx

PDF = "report.pdf"
# What Sphinx leaves for its own next build, or for other projects to link to.
NOT_FOR_READERS = (".buildinfo", "objects.inv", ".nojekyll")
# TeX then writes no time into the file: the same report, the same bytes.
NO_TIME = {"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1"}


def build_site(inputs: Inputs, target: Path, latex: bool, report: Callable[[str], None]) -> None:
    """Write the site into the folder `target`, which appears when it is whole.

    latex: whether to try for a PDF as well. Raises SiteError with Sphinx's first warning.
    """
    with storage.workspace(target) as work:
        site = work / "site"
        reason = "LaTeX (latexmk) was not found when the report was built"
        if latex:
            reason = build_pdf(inputs, work / "latex", site / PDF, report)
        write_html(inputs, work / "pages", site, reason)
        if target.exists():
            shutil.rmtree(target)
        site.rename(target)


def build_pdf(inputs: Inputs, work: Path, target: Path, report: Callable[[str], None]) -> str:
    """Write the PDF; return why there is none if LaTeX fails, else nothing."""
    pages, out = work / "pages", work / "out"
    pages.mkdir(parents=True)
    Pages(inputs, pages, "latex").write()
    run_sphinx("latex", inputs.title, inputs.templates, pages, out)
    command = ["latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "report.tex"]
    done = subprocess.run(
        command,
        cwd=out,
        env=os.environ | NO_TIME,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        errors = [line for line in done.stdout.splitlines() if line.startswith("!")]
        reason = errors[0] if errors else f"latexmk ended with {done.returncode}"
        report(f"WARNING: no PDF of the report: {reason}")
        return f"LaTeX was there and failed ({reason})"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(out / "report.pdf", target)
    return ""


def write_html(inputs: Inputs, pages: Path, site: Path, no_pdf: str) -> None:
    """Write the site's files; `no_pdf` is why there is no PDF, or empty if there is one."""
    pages.mkdir(parents=True)
    shutil.copytree(inputs.templates / "static", pages / "static")
    Pages(inputs, pages, "html", no_pdf).write()
    run_sphinx("html", inputs.title, inputs.templates, pages, site)
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
        alone = shutil.ignore_patterns("index.html")
        shutil.copytree(inputs.explorer, site / "explorer", ignore=alone)
    (site / "tables").mkdir()
    for name, file in inputs.tables.items():
        shutil.copyfile(file, site / "tables" / f"{name}.csv")


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    for suffix in (".png", ".pdf"):
        shutil.copyfile(source.with_suffix(suffix), target.with_suffix(suffix))
