"""Text of a config stays text, whatever is in it."""

import html

import pytest
from docutils import nodes
from docutils.core import publish_doctree
from hypothesis import given
from hypothesis import strategies as st
from myst_parser.parsers.docutils_ import Parser
from sparsevae.report.markup import (
    Markup,
    Phrase,
    code,
    code_block,
    html_environment,
    inert,
    joined,
    listed,
    markdown_table,
    slug,
    text,
)

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
    assert filled(joined("abc")) == "a, b and c"
    assert filled(joined("a")) == "a"
    assert filled(joined("")) == ""


def test_lists_and_tables_have_a_line_for_each_part():
    assert filled(listed(["a", "b"])) == "- a\n- b\n"
    assert filled(markdown_table(["m", "x"], [["a", 1], ["b", 2]])) == (
        "| m | x |\n|---|---:|\n| a | 1 |\n| b | 2 |\n"
    )


def filled(phrase: Phrase) -> str:
    return phrase.pattern.format(*phrase.values)


@pytest.mark.parametrize("content", ["a: 1\n", "a: ```\n", "````\n```` x\n"])
def test_a_block_of_code_holds_any_line(content):
    [block] = parsed(code_block(content, "yaml")).findall(nodes.literal_block)
    assert block.astext() + "\n" == content


@pytest.mark.parametrize("value", HOSTILE)
def test_templates_of_html_make_every_value_inert(value, tmp_path):
    (tmp_path / "_x.html").write_text('<p title="{{ v }}">{{ v }}</p>', encoding="utf-8")
    page = html_environment(tmp_path).get_template("_x.html").render(v=value)
    assert page == f'<p title="{inert(value)}">{inert(value)}</p>'


def test_names_of_pages_have_letters_digits_and_dashes_only():
    assert slug("fashion_mnist") == "fashion-mnist"
    assert slug("<b>/../x") == "b-x"
