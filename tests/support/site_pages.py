"""The pages of a site on disk, each looked at in a browser."""

from pathlib import Path


def pages(site: Path) -> list[str]:
    return [str(page.relative_to(site)) for page in sorted(site.rglob("*.html"))]


def load_pictures(page) -> None:
    """All of them, also those that the reader has not scrolled to."""
    page.evaluate("document.querySelectorAll('img').forEach(i => { i.loading = 'eager'; })")
    page.wait_for_function("[...document.images].every(i => i.complete)")


def check_every_page(page, site: Path) -> None:
    """Raise AssertionError for one that is empty, scrolls sideways or lacks a picture."""
    width = page.viewport_size["width"]
    for name in pages(site):
        page.goto((site / name).as_uri())
        load_pictures(page)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width, name
        broken = "[...document.images].filter(i => !i.naturalWidth).map(i => i.src)"
        assert page.evaluate(broken) == [], name
        # Without a question, the page of the search is empty.
        assert page.locator("article").inner_text().strip() or name == "search.html", name
