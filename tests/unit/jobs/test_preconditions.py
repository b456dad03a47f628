import os
import subprocess
import sys
from pathlib import Path

import pytest
from sparsevae.jobs import preconditions
from sparsevae.jobs.preconditions import complaint

PYTHON = "/usr/bin/python3"


@pytest.mark.parametrize("path", ["/home/a-b/c_d.e+f", "/home/å", "/srv/#1,~a=b:c@d%e"])
def test_usual_paths_pass(path):
    assert complaint(path, f"{path}/.venv/bin/python", (3, 11, 7)) is None


@pytest.mark.parametrize("character", " \t\n'\"$&();*?|<>`\\")
def test_what_the_shell_would_split_is_refused_in_the_path_of_python(character):
    path = f"/home/a{character}b/.venv/bin/python"
    line = complaint("/home/ab", path)
    assert line.startswith(f"{path}: ")
    assert repr(character) in line
    assert complaint(f"/home/a{character}b", PYTHON) is None  # tried: the Snakefile may be there


@pytest.mark.parametrize("character", "{}")
def test_what_snakemake_formats_is_refused_in_the_path_of_the_snakefile(character):
    assert repr(character) in complaint(f"/home/a{character}b", PYTHON)
    assert complaint("/home/ab", f"/home/a{character}b/bin/python") is None


@pytest.mark.parametrize(
    ("version", "old"), [((3, 10, 9), True), ((3, 11, 0), False), ((4, 0), False)]
)
def test_an_old_python_is_named_with_the_one_that_is_needed(version, old):
    line = complaint("/home/ab", PYTHON, version)
    assert bool(line) == old
    assert not line or line.startswith("Python 3.10 is too old: install Python 3.11 or newer")


def test_as_a_program_it_ends_in_one_line(tmp_path):
    folder = tmp_path / "my study"
    folder.mkdir()
    done = subprocess.run(
        [sys.executable, "-I", preconditions.__file__],
        cwd=folder,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"{folder}/.venv/bin/python: ")
    assert done.stderr.count("\n") == 1


def test_make_asks_before_it_installs_anything(tmp_path):
    """With a Python that says that it is old, as `python3` of an old system would."""
    repository = Path(__file__).parents[3]
    old = tmp_path / "python3"
    old.write_text(
        "#!/bin/sh\n"
        f'exec {sys.executable} -c "import runpy, sys; sys.version_info = (3, 9, 2);'
        ' runpy.run_path(sys.argv[1], run_name=\'__main__\')" "$@"\n'
    )
    old.chmod(0o755)
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name in ("Makefile", "requirements.txt", "workflow"):
        (checkout / name).symlink_to(repository / name)
    done = subprocess.run(
        ["make", "setup", f"PYTHON={old}"],
        cwd=checkout,
        env={"PATH": os.environ["PATH"]},
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
    assert done.stderr.splitlines()[0].startswith("Python 3.9 is too old")
    assert not (checkout / ".venv").exists()
