"""Environment files pin what was tested."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from checkout import REPOSITORY

ENVIRONMENTS = sorted((REPOSITORY / "envs").glob("*.yaml"))
# Solves nothing: the list of an environment's files is the name of its file.
STAND_IN = """\
#!/bin/sh
case "$1 $2" in
  "info --json") echo '{"platform": "linux-64"}' ;;
  "env create") echo "$6" > "$4/asked" ;;
  "list --explicit") echo "@EXPLICIT"; cat "$5/asked" ;;
esac
"""


@pytest.mark.parametrize("file", ENVIRONMENTS, ids=lambda file: file.stem)
def test_pins_agree_with_requirements(file, pins):
    for package in yaml.safe_load(file.read_text())["dependencies"]:
        name, version = package.split("=")
        if name == "python":
            assert version == "3.11"
        else:
            assert pins[name].partition("==")[2] == version, name


def test_figures_are_drawn_without_torch():
    assert "pytorch" not in (REPOSITORY / "envs/figures.yaml").read_text()


def name_of(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def test_the_lock_has_the_pins_and_what_they_need_each_with_hashes(pins):
    """`make lock` after a change of a pin."""
    text = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    entries = re.findall(r"^([\w.-]+)==([^\s;]+)(.*(?:\n    .*)*)", text, re.MULTILINE)
    locked = {name_of(name): version for name, version, _ in entries}
    wanted = [re.match(r"([\w.-]+)==([^\s;]+)", line) for line in pins.values()]
    assert {name_of(pin[1]): pin[2] for pin in wanted if pin}.items() <= locked.items()
    assert [name for name, _, rest in entries if "--hash=sha256:" not in rest] == []


def test_what_no_pin_names_is_of_other_systems_or_torch(pins):
    """Two installations are the same, with the lock file or without."""
    text = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
    entries = re.findall(r"^([\w.-]+)==\S+( ; .*?)? \\$", text, re.MULTILINE)
    pinned = {name_of(line.partition("==")[0]) for line in pins.values()}
    more = {name: marker for name, marker in entries if name_of(name) not in pinned}
    of_torch = ("nvidia-", "cuda-", "triton", "setuptools")
    others = {name for name, marker in more.items() if not name.startswith(of_torch)}
    assert {name for name in others if "win32" not in more[name]} == set()


def test_conda_environments_are_pinned_beside_their_files(tmp_path):
    """`make pins`, with a script in the place of conda."""
    pytest.importorskip("snakedeploy", reason="snakedeploy is for Python before 3.13")
    shutil.copytree(REPOSITORY / "envs", tmp_path / "envs")
    conda = tmp_path / "bin/conda"
    conda.parent.mkdir()
    conda.write_text(STAND_IN, encoding="utf-8")
    conda.chmod(0o755)
    make = subprocess.run(
        ["make", "--dry-run", "pins"], cwd=REPOSITORY, text=True, capture_output=True, check=True
    )
    [line] = [line for line in make.stdout.splitlines() if "pin-conda-envs" in line]
    line = line.replace(".venv/bin", str(Path(sys.executable).parent))
    path = f"{conda.parent}:{os.environ['PATH']}"
    subprocess.run(line, shell=True, cwd=tmp_path, env=os.environ | {"PATH": path}, check=True)
    pins = {file.name: file.read_text() for file in (tmp_path / "envs").glob("*.pin.txt")}
    assert pins == {
        f"{file.stem}.linux-64.pin.txt": f"@EXPLICIT\nenvs/{file.name}\n" for file in ENVIRONMENTS
    }
