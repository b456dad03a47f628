"""Formulas name functions, and a function that is renamed is missed."""

import pytest
from checkout import REPOSITORY
from sparsevae.jobs.errors import SiteError
from sparsevae.report.sources import find, named_modules

PACKAGE = REPOSITORY / "workflow/scripts/sparsevae"


def test_the_line_is_that_of_the_function():
    source = find(PACKAGE, "distributions/spike_slab.py", "SpikeSlab.kl_per_latent")
    lines = (PACKAGE / source.module).read_text().splitlines()
    assert lines[source.line - 1].strip().startswith("def kl_per_latent")
    assert source.page == "distributions.spike_slab"


@pytest.mark.parametrize("name", ["SpikeSlab.kl", "kl_per_latent", "SpikeSlab.kl_per_latent.slab"])
def test_what_is_not_there_is_one_line_with_both_names(name):
    with pytest.raises(
        SiteError, match=rf"^distributions/spike_slab\.py: .*{name}.*mend the page$"
    ):
        find(PACKAGE, "distributions/spike_slab.py", name)


def test_a_module_that_is_not_there_is_named():
    with pytest.raises(SiteError, match=r"^distributions/slab\.py: "):
        find(PACKAGE, "distributions/slab.py", "x")


def test_modules_of_the_pages_are_found_without_building_them(tmp_path):
    page = tmp_path / "x.md"
    page.write_text('<% call formula("models/vae.py", "VAE") %><% call formula( "a/b.py", "c") %>')
    assert named_modules([page]) == ["a/b.py", "models/vae.py"]
    assert "models/priors.py" in named_modules((REPOSITORY / "workflow/pages").glob("*.md"))
