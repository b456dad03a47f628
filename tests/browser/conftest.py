"""A real browser, and pages that have to be whole: what tests of a site share.

A page is opened from disk, as a reader does. It has failed if its script threw, if its console has
an error, if a file is missing, or if it asked for anything outside its folder.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import hand_built
import pytest
from explorer_page import settled

playwright = pytest.importorskip("playwright.sync_api", reason="needs the package playwright")

Faults = list[str]


CHROMIUM = os.environ.get("SPARSEVAE_CHROMIUM") or shutil.which("chromium")


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """Skip before any fixture runs a study for a browser that is missing."""
    if CHROMIUM is None:
        pytest.skip("no `chromium` on the path, and SPARSEVAE_CHROMIUM names none")


@pytest.fixture(scope="module")
def browser() -> Iterator["playwright.Browser"]:
    """Chromium, as SPARSEVAE_CHROMIUM or the path names it.

    A module's own: Playwright's event loop would be in the way of Snakemake's.
    """
    with playwright.sync_playwright() as engine:
        # A container's root has no user namespace to put a sandbox in.
        chromium = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def open_page(browser) -> Iterator[Callable[..., "playwright.Page"]]:
    """`open_page(folder, relative, **options)`: a page of a folder, in a context of its own.

    Options are Playwright's for a context (`viewport`, `color_scheme`, `has_touch`, ...). At the
    end of the test every page that it opened must be without faults.
    """
    opened: list[tuple[playwright.BrowserContext, Faults]] = []

    def open_(folder: Path, relative: str, **options) -> "playwright.Page":
        context = browser.new_context(**options)
        page = context.new_page()
        opened.append((context, _watch(page, Path(folder).resolve())))
        page.goto((Path(folder).resolve() / relative).as_uri())
        return page

    yield open_
    for context, _ in opened:
        context.close()
    faults = [fault for _, of_page in opened for fault in of_page]
    assert not faults, "\n".join(faults)


def _watch(page: "playwright.Page", folder: Path) -> Faults:
    """A list that fills with what goes wrong on the page."""
    faults: Faults = []

    def requested(request: "playwright.Request") -> None:
        if not _inside(request.url, folder):
            faults.append(f"asked for {request.url[:200]}, which is not in {folder}")

    def failed(request: "playwright.Request") -> None:
        # What was still loading when a test went to another page; a missing file says otherwise.
        if request.failure == "net::ERR_ABORTED":
            return
        faults.append(f"did not get {request.url[:200]}: {request.failure}")

    def said(message: "playwright.ConsoleMessage") -> None:
        if message.type == "error":
            faults.append(f"the console says {message.text}")

    page.on("request", requested)
    page.on("requestfailed", failed)
    page.on("console", said)
    page.on("pageerror", lambda error: faults.append(f"the script threw {error}"))
    return faults


def _inside(url: str, folder: Path) -> bool:
    """Whether what a page asks for is its own: in its folder, or made by its script."""
    parts = urlsplit(url)
    if parts.scheme in ("data", "blob"):
        return True
    return parts.scheme == "file" and Path(unquote(parts.path)).resolve().is_relative_to(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    with pytest.MonkeyPatch.context() as monkeypatch:
        return hand_built.build_explorer(tmp_path_factory.mktemp("explorer"), monkeypatch)


@pytest.fixture
def explore(open_page, folder):
    """Opens the explorer and waits for its models; a dialog would be a script of someone else's."""

    def open_(where=folder, **options):
        page = open_page(where, "index.html", **options)
        page.on("dialog", lambda dialog: pytest.fail(f"a dialog says {dialog.message}"))
        settled(page)
        return page

    return open_
