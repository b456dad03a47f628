"""Text that may hold anything, as text: nothing of a config is ever taken for HTML or Markdown."""

import html
import re
from typing import Any

# All of ASCII's punctuation: CommonMark takes a backslash before any of these as "this, as it is".
_PUNCTUATION = re.compile(r"([!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~])")


class Markup(str):
    """Markdown (MyST) that is written as it is; any other value of a page is escaped."""


def text(value: Any) -> Markup:
    """A value as text on a page, on one line: `<b>` is shown, not bold."""
    if isinstance(value, Markup):
        return value
    return Markup(_PUNCTUATION.sub(r"\\\1", " ".join(str(value).split())))


def code(value: Any) -> Markup:
    """A value in the typeface of programs, with a fence longer than any in it."""
    words = " ".join(str(value).split())
    longest = max((len(run) for run in re.findall("`+", words)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if words.startswith("`") or words.endswith("`") or not words else ""
    return Markup(f"{fence}{pad}{words}{pad}{fence}")


def inert(value: Any) -> str:
    """A value as text or attribute of HTML that stands in a page of Markdown.

    Backticks, dollars and backslashes are escaped too: MyST reads them inside of some HTML.
    """
    escaped = html.escape(" ".join(str(value).split()), quote=True)
    for character in "`$\\*_[]{}":
        escaped = escaped.replace(character, f"&#{ord(character)};")
    return escaped


def joined(parts: list[Markup]) -> Markup:
    """a, b and c."""
    if len(parts) < 2:
        return Markup("".join(parts))
    return Markup(", ".join(parts[:-1]) + " and " + parts[-1])


def words(value: Any) -> str:
    """A name of files and columns as words: `prior_samples` is "prior samples"."""
    return str(value).replace("_", " ")


def slug(name: str) -> Markup:
    """A dataset's name in the name of a page."""
    return Markup(re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "dataset")
