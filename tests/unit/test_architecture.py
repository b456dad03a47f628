"""The package's shape: groups of a size that a reader can hold. `make lint` checks the layers."""

from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "workflow/scripts/sparsevae"
GROUPS = sorted(path for path in PACKAGE.iterdir() if (path / "__init__.py").is_file())


def test_the_package_has_at_most_fourteen_entries_at_its_top():
    entries = [path for path in PACKAGE.iterdir() if path.name != "__pycache__"]
    assert len(entries) <= 14, sorted(path.name for path in entries)


@pytest.mark.parametrize("group", GROUPS, ids=lambda path: path.name)
def test_a_group_has_at_most_fifteen_modules(group):
    modules = [path for path in group.glob("*.py") if path.name != "__init__.py"]
    assert group.name == "figures" or len(modules) <= 15, sorted(path.name for path in modules)
