"""Formulas name modules, which are inputs of the report and stand beside its pages."""

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
