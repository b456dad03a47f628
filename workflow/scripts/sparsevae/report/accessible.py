"""Complete what Sphinx and the theme write for readers without a mouse or a screen (WCAG 2 A, AA).

Wide tables and code scroll in boxes of their own, which a keyboard must reach; the menu's headings
need a level.
"""

from typing import Any

from sphinx.application import Sphinx

_FOCUSABLE = (
    ('<div class="table-wrapper ', '<div tabindex="0" class="table-wrapper '),
    ('<div class="highlight"><pre>', '<div class="highlight"><pre tabindex="0">'),
)
_MENU = "furo_navigation_tree"
_HEADING = 'class="caption" role="heading"'


def complete(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Change the HTML of a page, which Sphinx passes in `context`."""
    if "body" in context:
        for before, after in _FOCUSABLE:
            context["body"] = context["body"].replace(before, after)
    if _MENU in context:
        context[_MENU] = context[_MENU].replace(_HEADING, f'{_HEADING} aria-level="2"')


def register(app: Sphinx) -> None:
    """Run `complete` after the theme, which makes the menu."""
    app.connect("html-page-context", complete, priority=900)
