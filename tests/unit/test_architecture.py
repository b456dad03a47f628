"""The package's shape: layers that import one way, groups of a size that a reader can hold."""

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "workflow/scripts/sparsevae"


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
