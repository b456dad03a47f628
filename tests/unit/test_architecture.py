"""The package's shape: layers that import one way, groups of a size that a reader can hold."""

import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "workflow/scripts/sparsevae"
GROUPS = sorted(path for path in PACKAGE.iterdir() if (path / "__init__.py").is_file())


def test_imports_point_down_the_layers():
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [
        sys.executable,
        "-c",
        program,
        "--no-logo",
        "--no-cache",
        str(REPOSITORY / "pyproject.toml"),
    ]
    found = subprocess.run(command, cwd=PACKAGE.parent, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout + found.stderr


def test_the_package_has_at_most_fourteen_entries_at_its_top():
    entries = [path for path in PACKAGE.iterdir() if path.name != "__pycache__"]
    assert len(entries) <= 14, sorted(path.name for path in entries)


@pytest.mark.parametrize("group", GROUPS, ids=lambda path: path.name)
def test_a_group_has_at_most_fifteen_modules(group):
    modules = [path for path in group.glob("*.py") if path.name != "__init__.py"]
    assert group.name == "figures" or len(modules) <= 15, sorted(path.name for path in modules)
