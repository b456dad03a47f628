"""The report as a PDF, where LaTeX is there."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from sparsevae.report.pages import Inputs, Pages
from sparsevae.report.sphinx_run import run_sphinx

# TeX then writes no time into the file: the same report, the same bytes.
NO_TIME = {"SOURCE_DATE_EPOCH": "0", "FORCE_SOURCE_DATE": "1"}


def build_pdf(inputs: Inputs, work: Path, target: Path, report: Callable[[str], None]) -> str:
    """Writes the PDF and returns what the site says of it; a LaTeX that fails is named, too."""
    pages, out = work / "pages", work / "out"
    pages.mkdir(parents=True)
    Pages(inputs, pages, "latex", "").write()
    run_sphinx("latex", inputs, pages, out)
    command = ["latexmk", "-pdf", "-interaction=nonstopmode", "-halt-on-error", "report.tex"]
    done = subprocess.run(
        command, cwd=out, env=os.environ | NO_TIME, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        errors = [line for line in done.stdout.splitlines() if line.startswith("!")]
        reason = errors[0] if errors else f"latexmk ended with {done.returncode}"
        report(f"WARNING: no PDF of the report: {reason}")
        return f"no PDF: LaTeX was there and failed ({reason})"
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(out / "report.pdf", target)
    return "report.pdf"
