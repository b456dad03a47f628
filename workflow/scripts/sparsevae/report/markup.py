"""Write values as Markdown or HTML such that nothing of a config is ever taken for either."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import markupsafe
from jinja2 import Environment, FileSystemLoader, StrictUndefined

# All of ASCII's punctuation: CommonMark takes a backslash before any of these as "this, as it is".
_PUNCTUATION = re.compile(r"([!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~])")
# MyST reads these inside of some HTML.
_OF_MYST = {ord(character): f"&#{ord(character)};" for character in "`$\\*_[]{}"}


class Markup(str):
    """Markdown (MyST) that is written as it is; any other text on a page is escaped."""


@dataclass(frozen=True)
class Phrase:
    """Markdown with a place, `{}`, for each value; the page that shows it writes the values.

    Statements are made of phrases, so that they need not know how a page writes a number or a name.
    """

    pattern: str
    values: tuple[Any, ...] = ()


def phrase(pattern: str, *values: Any) -> Phrase:
    """Return a phrase; values are numbers of a table, other phrases, Markup, or text."""
    return Phrase(pattern, values)


def joined(parts: Sequence[Any]) -> Phrase:
    """Return `a, b and c`."""
    if len(parts) < 2:
        return Phrase("{}" * len(parts), tuple(parts))
    return Phrase(", ".join(["{}"] * (len(parts) - 1)) + " and {}", tuple(parts))


def listed(parts: Sequence[Any]) -> Phrase:
    """Return a list with one item for each part."""
    return Phrase("- {}\n" * len(parts), tuple(parts))


def markdown_table(head: Sequence[Any], rows: Sequence[Sequence[Any]]) -> Phrase:
    """Return a table whose first column is text and whose others are numbers."""
    line = "|" + " {} |" * len(head) + "\n"
    rule = "|---|" + "---:|" * (len(head) - 1) + "\n"
    return Phrase(line + rule + line * len(rows), (*head, *(cell for row in rows for cell in row)))


def text(value: Any) -> Markup:
    """Return a value as text on a page, on one line: `<b>` is shown, not bold."""
    if isinstance(value, Markup):
        return value
    return Markup(_PUNCTUATION.sub(r"\\\1", " ".join(str(value).split())))


def code(value: Any) -> Markup:
    """Return a value in the typeface of programs, with a fence longer than any in it."""
    words = " ".join(str(value).split())
    fence = fence_for(words, 1)
    pad = " " if words.startswith("`") or words.endswith("`") or not words else ""
    return Markup(f"{fence}{pad}{words}{pad}{fence}")


def code_block(content: str, language: str) -> Markup:
    """Return lines of code as a block."""
    fence = fence_for(content, 3)
    return Markup(f"{fence}{language}\n{content}{fence}\n")


def fence_for(content: str, shortest: int) -> str:
    """Return backticks, more than stand together anywhere in the content."""
    longest = max((len(run) for run in re.findall("`+", content)), default=0)
    return "`" * max(shortest, longest + 1)


def inert(value: Any) -> markupsafe.Markup:
    """Return a value as text or attribute of HTML that may stand in a page of Markdown."""
    if isinstance(value, markupsafe.Markup):
        return value
    escaped = html.escape(" ".join(str(value).split()), quote=True)
    return markupsafe.Markup(escaped.translate(_OF_MYST))


def markdown_environment(templates: Path, finalize: Any) -> Environment:
    """Return Jinja's environment for pages (*.md): `<< value >>` and `<% statement %>`.

    finalize: from any value to the Markdown that is written for it.
    """
    return Environment(
        loader=FileSystemLoader(templates, encoding="utf-8"),
        variable_start_string="<<",
        variable_end_string=">>",
        block_start_string="<%",
        block_end_string="%>",
        comment_start_string="<#",
        comment_end_string="#>",
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        undefined=StrictUndefined,
        finalize=finalize,
    )


def html_environment(templates: Path) -> Environment:
    """Return Jinja's environment for HTML (_*.html): every value is made inert."""
    return Environment(
        loader=FileSystemLoader(templates, encoding="utf-8"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        autoescape=True,
        finalize=inert,
    )


def words(value: Any) -> str:
    """Return a name of files and columns as words: `prior_samples` is "prior samples"."""
    return str(value).replace("_", " ")


def slug(name: str) -> Markup:
    """Return a dataset's name as a part of the name of a page."""
    return Markup(re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "dataset")
