"""Links of a site, read from its files: each must lead to one of them, and to a place in it."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class _Page(HTMLParser):
    """What a page links to, and the places in it that a link can name."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.places |= {value for name in ("id", "name") if (value := found.get(name))}
        self.links += [value for name in ("href", "src") if (value := found.get(name)) is not None]


def broken_links(site: Path) -> list[str]:
    """`page: link` of each link within the site that leads nowhere."""
    site = site.resolve()
    pages = {file: _Page(file) for file in sorted(site.rglob("*.html"))}
    broken = []
    for file, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            there = target.is_relative_to(site) and target.is_file()
            place = unquote(parts.fragment)
            if there and place and target in pages:
                there = place in pages[target].places
            if not there:
                broken.append(f"{file.relative_to(site)}: {link}")
    return broken
