"""The online report, as `make site` builds it: whole, small enough, and for every reader."""

import shutil
import subprocess
from pathlib import Path

import pytest
from axe import axe_source, violations
from checkout import REPOSITORY
from links import broken_links
from pages import install

pytestmark = pytest.mark.slow
NOT_OF_THE_REPOSITORY = (".git", ".venv", ".snakemake", "results", "build")
# One of each kind: prose, tables, code, a notebook, the API, what Sphinx makes itself.
KINDS = (
    *("index.html", "online_report.html", "config/README.html", "docs/trained_model.html"),
    *("docs/results.html", "api/distributions.html", "genindex.html", "search.html"),
)


@pytest.fixture(scope="module")
def site(smoke) -> Path:
    install(smoke)
    for entry in REPOSITORY.iterdir():
        there = smoke.root / entry.name
        if entry.name not in NOT_OF_THE_REPOSITORY and not there.exists():
            there.symlink_to(entry)
    done = subprocess.run(
        ["make", "site", "CONFIG=config/smoke.yaml"],
        cwd=smoke.root,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return smoke.root / "build/site"


def html(site: Path) -> list[str]:
    return [str(page.relative_to(site)) for page in sorted(site.rglob("*.html"))]


def test_it_holds_the_documents_and_the_report_and_fits_pages(site, smoke):
    documents = {file.stem for file in (REPOSITORY / "docs").glob("*.md")}
    assert documents <= {file.stem for file in (site / "docs").glob("*.html")}
    report = smoke.root / "results/smoke/report"
    for file in (file for file in report.rglob("*") if file.is_file()):
        assert (site / "report" / file.relative_to(report)).read_bytes() == file.read_bytes()
    assert sum(file.stat().st_size for file in site.rglob("*") if file.is_file()) < 60e6
    assert (site / ".nojekyll").exists()
    text = (site / "api/distributions.html").read_text(encoding="utf-8")
    assert "SpikeSlab.kl_per_latent" in text
    assert "the Gaussian part of eq. 6" in text


def test_every_link_leads_somewhere(site, tmp_path):
    assert broken_links(site) == []
    shutil.copytree(site, tmp_path / "site")
    (tmp_path / "site/docs/clusters.html").unlink()
    assert "index.html: docs/clusters.html" in broken_links(tmp_path / "site")


@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_is_whole_and_does_not_scroll_sideways(site, open_page, width):
    """`open_page` fails where the console, a missing file or another host does."""
    page = open_page(site, "index.html", viewport={"width": width, "height": 900})
    for name in html(site):
        if not name.startswith("report/"):
            page.goto((site / name).as_uri())
            assert page.evaluate("document.scrollingElement.scrollWidth") <= width, name


def test_a_reader_finds_the_report_and_the_explorer(site, open_page):
    page = open_page(site, "index.html", viewport={"width": 1280, "height": 900})
    page.locator(".sidebar-tree").get_by_role("link", name="The report of a study").click()
    page.get_by_role("link", name="Its explorer").click()
    assert page.locator("h1").first.inner_text().startswith("Explorer")


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_no_page_breaks_a_rule_of_wcag_a_or_aa(site, open_page, mode):
    source = axe_source()
    page = open_page(site, "index.html", color_scheme=mode)
    report = [name for name in html(site) if name.startswith("report/")]
    assert len(report) > 10
    for name in [*KINDS, *report]:
        page.goto((site / name).as_uri())
        assert violations(page, source) == [], name


def test_a_page_that_breaks_a_rule_is_found(site, open_page):
    source = axe_source()
    page = open_page(site, "docs/design.html", viewport={"width": 500, "height": 900})
    page.evaluate("document.querySelectorAll('pre').forEach(e => e.removeAttribute('tabindex'))")
    assert any(line.startswith("scrollable-region-focusable") for line in violations(page, source))
