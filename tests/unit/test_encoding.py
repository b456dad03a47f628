"""Text is UTF-8 whatever the locale; ruff (PLW1514) sees this only of what it knows is a Path."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
FOLDERS = ("workflow/scripts", "tools", "tests/support")
FILES = sorted(file for folder in FOLDERS for file in (REPOSITORY / folder).rglob("*.py"))
# Positional arguments of these methods that come before the encoding: text, and mode and buffering.
TEXT = {"read_text": 0, "write_text": 1, "open": 2}
# Of these modules: ours writes UTF-8, theirs open what is not text.
OTHERS = {"Image", "storage", "archive", "urllib", "zipfile", "tarfile", "os"}


def in_the_locales_encoding(tree: ast.AST) -> Iterator[str]:
    """Calls that read or write text and name no encoding."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        attribute = node.func.attr if isinstance(node.func, ast.Attribute) else None
        name = attribute or (node.func.id if isinstance(node.func, ast.Name) else None)
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        if name not in TEXT or (isinstance(owner, ast.Name) and owner.id in OTHERS):
            continue
        modes = [
            a.value
            for a in [*node.args, *(k.value for k in node.keywords if k.arg == "mode")]
            if isinstance(a, ast.Constant) and isinstance(a.value, str)
        ]
        binary = name == "open" and any("b" in mode for mode in modes)
        named = any(keyword.arg == "encoding" for keyword in node.keywords)
        if not binary and not named and len(node.args) <= TEXT[name]:
            yield f"line {node.lineno}: {ast.unparse(node)}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_read_and_write_of_text_names_its_encoding(file):
    assert list(in_the_locales_encoding(ast.parse(file.read_text(encoding="utf-8")))) == []


def test_a_call_without_an_encoding_is_seen():
    source = "p.read_text(); p.open(); p.open('rb'); p.write_text('b', encoding='utf-8'); open('x')"
    assert len(list(in_the_locales_encoding(ast.parse(source)))) == 3
