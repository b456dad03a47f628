"""Packages of the lock file, taken to a machine without a network as docs/environments.md says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from checkout import REPOSITORY
from other_user import ONLY_ROOT
from pages import blocks

# Small ones: compiled and not, one that others need, and the one that is published as source only.
PACKAGES = (
    *("connection_pool", "immutables", "Jinja2", "MarkupSafe", "PyYAML", "safetensors"),
    *("tabulate", "yte"),
)
NEEDED = ("dpath", "argparse-dataclass")
PROGRAM = "import connection_pool, immutables, jinja2, yaml, safetensors, tabulate; print('whole')"


def entries(text: str) -> dict[str, str]:
    """Package -> its lines of a list of requirements, hashes included."""
    found = re.findall(r"^(([\w.-]+)==.*(?:\n    .*)*)\n", text, re.MULTILINE)
    return {name.lower().replace("_", "-"): lines for lines, name in found}


def shorten(name: str, folder: Path) -> None:
    """Write a list of requirements of the repository with the small packages only."""
    every = entries((REPOSITORY / name).read_text(encoding="utf-8"))
    wanted = [every[package.lower().replace("_", "-")] for package in (*PACKAGES, *NEEDED)]
    (folder / name).write_text("\n".join(wanted) + "\n", encoding="utf-8")


def run(script: str, folder: Path, *before: str) -> subprocess.CompletedProcess[str]:
    """A block of the page, with the Python of the tests as `python3`."""
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    return subprocess.run(
        [*before, "bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=os.environ | {"PATH": path},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
    )


@ONLY_ROOT
def test_packages_are_installed_without_a_network(tmp_path):
    if shutil.which("unshare") is None:
        pytest.skip("needs `unshare` for a network namespace")
    for name in ("requirements.lock", "requirements.txt"):
        shorten(name, tmp_path)
    download, install = [b.text for b in blocks("docs/environments.md") if b.language == "sh"]
    done = run(download, tmp_path)
    assert done.returncode == 0, done.stdout
    # A namespace with the loopback interface only, and that is down.
    interfaces = run("cat /proc/net/dev", tmp_path, "unshare", "--net").stdout
    assert re.findall(r"^ *(\w+):", interfaces, re.MULTILINE) == ["lo"]
    done = run(install, tmp_path, "unshare", "--net")
    assert done.returncode == 0, done.stdout
    assert (tmp_path / ".venv/.installed").exists()
    done = run(f'.venv/bin/python -I -c "{PROGRAM}"', tmp_path, "unshare", "--net")
    assert done.stdout.strip() == "whole"


def test_a_file_of_another_hash_is_refused(tmp_path):
    shorten("requirements.lock", tmp_path)
    lock = tmp_path / "requirements.lock"
    text = entries(lock.read_text(encoding="utf-8"))["tabulate"]
    lock.write_text(re.sub("sha256:[0-9a-f]{8}", "sha256:00000000", text) + "\n")
    download = next(b.text for b in blocks("docs/environments.md") if b.language == "sh")
    done = run(download, tmp_path)
    assert done.returncode != 0
    assert "THESE PACKAGES DO NOT MATCH THE HASHES" in done.stdout
