"""A release: one version everywhere, its section of the changelog, and who publishes it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import sparsevae
import yaml
from release_notes import notes, section
from sparsevae.jobs.imports import imported_files
from sparsevae.report.provenance import of_this_build

REPOSITORY = Path(__file__).parents[2]
CHANGELOG = (REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_documents_state_the_version_of_the_package():
    [heading, *_] = re.findall(r"^## (\S+) \((\S+)\)$", CHANGELOG, re.MULTILINE)
    citation = yaml.safe_load((REPOSITORY / "CITATION.cff").read_text(encoding="utf-8"))
    assert heading == (sparsevae.__version__, citation["date-released"])
    assert citation["version"] == sparsevae.__version__
    assert of_this_build(REPOSITORY)["sparsevae"] == sparsevae.__version__


def test_pip_reads_the_version_of_the_package():
    code = "from setuptools.config.pyprojecttoml import read_configuration as read; "
    code += "print(read('pyproject.toml')['project']['version'])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == sparsevae.__version__


def test_a_release_trains_nothing_again():
    scripts = REPOSITORY / "workflow/scripts"
    reached = imported_files(scripts / "train_and_evaluate.py")
    assert scripts / "sparsevae/__init__.py" in reached
    assert scripts / "sparsevae/jobs/version.py" not in reached


def test_a_section_ends_where_the_one_before_begins():
    changelog = "# Changelog\n\n## 1.1.0 (2027-01-02)\n\n- new\n\n## 1.0.0 (2026-11-27)\n\n- old\n"
    assert section(changelog, "1.1.0") == "- new\n"
    assert section(changelog, "1.0.0") == "- old\n"
    with pytest.raises(LookupError, match=r"no section '## 1\.1 "):
        section(changelog, "1.1")


def test_a_tag_of_another_version_has_no_notes():
    with pytest.raises(LookupError, match=r"tag v9\.9\.9: the version"):
        notes("v9.9.9")


@pytest.mark.parametrize("tag", [f"v{sparsevae.__version__}", "v9.9.9"])
def test_a_release_is_published_with_its_section(tag, tmp_path):
    """`gh` is a script that writes down what it is asked for."""
    program = tmp_path / "gh"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/asked\ncat "$8" > {tmp_path}/notes\n')
    program.chmod(0o755)
    done = subprocess.run(
        [REPOSITORY / ".ci/release"],
        env=os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}", "TAG": tag},
        capture_output=True,
        text=True,
        check=False,
    )
    if tag == "v9.9.9":
        assert done.returncode != 0
        assert done.stderr.count("\n") == 1
        assert not (tmp_path / "asked").exists()
    else:
        assert done.returncode == 0, done.stderr
        asked = (tmp_path / "asked").read_text()
        assert asked.startswith(f"release create {tag} --verify-tag --title {tag} --notes-file /")
        assert (tmp_path / "notes").read_text(encoding="utf-8") == notes(tag)
