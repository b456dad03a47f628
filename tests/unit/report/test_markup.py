"""Text of a config stays text, whatever is in it."""

import html

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from hypothesis import given
from hypothesis import strategies as st
from myst_parser.parsers.docutils_ import Parser
from sparsevae.report.markup import Markup, code, inert, joined, slug, text

HOSTILE = [
    "<script>alert(1)</script>",
    "*x*|y",
    "`a` ``b``",
    "[x](javascript:alert(1))",
    "{math}`x` $y$ %c",
    "1. # > - +",
    "a\n\n# heading",
    "&lt;b&gt; &amp;",
    "\\ \\\\ \\*",
    "(label)=",
]


def parsed(source: str) -> nodes.document:
    settings = {"report_level": 5, "myst_enable_extensions": ["dollarmath", "deflist"]}
    return publish_doctree(source, parser=Parser(), settings_overrides=settings)


@pytest.mark.parametrize("value", HOSTILE)
def test_text_is_one_paragraph_of_just_that_text(value):
    document = parsed(f"before {text(value)} after")
    assert [type(child) for child in document.children] == [nodes.paragraph]
    assert not list(document.findall(nodes.raw))
    assert document.astext() == f"before {' '.join(value.split())} after"


@pytest.mark.parametrize("value", [v for v in HOSTILE if "\n" not in v])
def test_code_is_one_literal_of_just_that_text(value):
    [literal] = parsed(f"before {code(value)} after").findall(nodes.literal)
    assert literal.astext() == value


@given(st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), min_size=1))
def test_any_text_of_ascii_stays_text(value):
    words = " ".join(value.split())
    document = parsed(f"before {text(value)} after")
    assert document.astext().split() == f"before {words} after".split()
    assert not list(document.findall(nodes.raw))


@pytest.mark.parametrize("value", HOSTILE)
def test_inert_is_the_text_of_html(value):
    escaped = inert(value)
    assert html.unescape(escaped) == " ".join(value.split())
    assert not set("<>\"'`$*_|[]\\") & set(escaped.replace("|", ""))


def test_markup_is_not_escaped_twice():
    assert text(Markup("**bold**")) == "**bold**"


def test_lists_are_joined_as_in_a_sentence():
    parts = [Markup(x) for x in "abc"]
    assert joined(parts) == "a, b and c"
    assert joined(parts[:1]) == "a"


def test_names_of_pages_have_letters_digits_and_dashes_only():
    assert slug("fashion_mnist") == "fashion-mnist"
    assert slug("<b>/../x") == "b-x"
