"""Put the site together: pages, Sphinx, the report."""

import shutil
from pathlib import Path

from sparsevae.jobs import storage
from sparsevae.jobs.errors import SiteError
from sparsevae.report.build import NOT_FOR_READERS
from sparsevae.report.sphinx_run import run_sphinx

from website.api import write_api
from website.contents import write_contents
from website.documents import write_documents

# GitHub Pages serves up to 1 GB; a reader with a slow line and a clone of the pages do not.
LARGEST = 60_000_000


def build(repository: Path, report: Path, target: Path) -> None:
    """Write the site into the folder `target`, which appears when it is whole.

    report: the folder of a study's report, which is copied as it is. Raise SiteError if there is
    none, with Sphinx's first warning, or for a site that is too large.
    """
    if not (report / "index.html").is_file():
        raise SiteError(f"{report}: no report of a study; run the study first")
    with storage.workspace(target) as work:
        pages, site = work / "pages", work / "site"
        names = write_documents(repository, pages)
        modules = write_api(repository / "workflow/scripts", pages)
        write_contents(pages, names, modules)
        run_sphinx("html", "sparsevae", Path(__file__).parent, pages, site)
        for file in NOT_FOR_READERS:
            (site / file).unlink(missing_ok=True)
        shutil.rmtree(site / "_sources")
        storage.copy_folder(report, site / "report")
        # Without it, Pages leaves out folders whose names begin with an underscore.
        (site / ".nojekyll").touch()
        size = sum(file.stat().st_size for file in site.rglob("*") if file.is_file())
        if size > LARGEST:
            raise SiteError(
                f"{target}: {size / 1e6:.0f} MB, more than {LARGEST / 1e6:.0f}; "
                "build it with the report of a smaller study"
            )
        if target.exists():
            shutil.rmtree(target)
        site.rename(target)
