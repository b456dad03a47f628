"""A module as a page: what a formula's link leads to."""

from pathlib import Path

from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer


def source_page(package: Path, module: str) -> str:
    """The module as highlighted HTML; line 12 has the anchor `line-12`."""
    formatter = HtmlFormatter(linespans="line", linenos="inline", wrapcode=True)
    return highlight((package / module).read_text(), PythonLexer(), formatter)
