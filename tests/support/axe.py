"""axe-core, which finds what a page lacks for readers without a mouse, a screen or full sight."""

from importlib.resources import files

import pytest

# The rows of a table are alike, and axe-core takes half a minute for thousands.
REST_OF_TABLES = {"exclude": [["tbody tr:nth-child(n+21)"]]}
LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


def axe_source() -> str:
    """The script; a test skips without it."""
    pytest.importorskip("axe_playwright_python", reason="needs axe-playwright-python")
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")


def violations(page, source: str) -> list[str]:
    """`rule: element: what is missing` of each element of an open page that breaks a rule."""
    page.evaluate(source)
    # A page that is opened from disk may not fetch its own style sheets.
    options = {"runOnly": {"type": "tag", "values": LEVELS}, "preload": False}
    options["resultTypes"] = ["violations"]
    found = page.evaluate("given => axe.run(...given)", [REST_OF_TABLES, options])
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))}: {rule['help']}"
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
