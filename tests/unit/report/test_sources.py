"""Formulas name modules, which are inputs of the report and stand beside its pages."""

import ast
import re

import pytest
from checkout import REPOSITORY
from sparsevae.jobs.errors import SiteError
from sparsevae.report.sources import copy_module, named_modules

PACKAGE = REPOSITORY / "workflow/scripts/sparsevae"


def test_modules_of_the_pages_are_found_without_building_them(tmp_path):
    page = tmp_path / "x.md"
    page.write_text(
        '<% call formula("models/vae.py", "VAE") %><% call formula( "a/b.py", "c") %>',
        encoding="utf-8",
    )
    assert named_modules([page]) == ["a/b.py", "models/vae.py"]
    assert "models/priors.py" in named_modules((REPOSITORY / "workflow/pages").glob("*.md"))


def test_a_module_is_copied_below_the_pages(tmp_path):
    where = copy_module(PACKAGE, "models/vae.py", tmp_path)
    copy = tmp_path / where.removeprefix("/")
    assert copy.read_bytes() == (PACKAGE / "models/vae.py").read_bytes()


def test_a_module_that_does_not_exist_is_one_line(tmp_path):
    with pytest.raises(SiteError, match=r"^distributions/slab\.py: a formula names .* edit it$"):
        copy_module(PACKAGE, "distributions/slab.py", tmp_path)


def names_of(tree: ast.AST) -> set[str]:
    """Every name that code uses, as it is or as an attribute."""
    nodes = list(ast.walk(tree))
    found = {node.id for node in nodes if isinstance(node, ast.Name)}
    return found | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


def test_every_function_of_a_formula_is_used():
    """A page shows what computes a number, not what once did."""
    pages = (REPOSITORY / "workflow/pages").glob("*.md")
    text = "".join(page.read_text(encoding="utf-8") for page in pages)
    calls = re.findall(r"formula\(\"[\w/]+\.py\", ((?:\"[\w.]+\",? ?)+)", text)
    named = {name.split(".")[-1] for call in calls for name in re.findall(r"[\w.]+", call)}
    code = [*PACKAGE.rglob("*.py"), *PACKAGE.parent.glob("*.py")]
    used = [names_of(ast.parse(file.read_text(encoding="utf-8"))) for file in code]
    assert len(named) > 15
    assert named - set().union(*used) == set()
