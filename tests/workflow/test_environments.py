"""Environment files pin what was tested."""

import pytest
import yaml
from checkout import REPOSITORY

CONDA_NAMES = {
    "markupsafe": "MarkupSafe",
    "pytorch": "torch",
    "matplotlib-base": "matplotlib",
    "pyyaml": "PyYAML",
    "sphinx": "Sphinx",
    "jinja2": "Jinja2",
    "pygments": "Pygments",
}
ENVIRONMENTS = sorted((REPOSITORY / "envs").glob("*.yaml"))


@pytest.mark.parametrize("file", ENVIRONMENTS, ids=lambda file: file.stem)
def test_pins_agree_with_requirements(file, pins):
    for package in yaml.safe_load(file.read_text())["dependencies"]:
        name, version = package.split("=")
        if name == "python":
            assert version == "3.11"
        else:
            assert pins[CONDA_NAMES.get(name, name)] == version, name


def test_figures_are_drawn_without_torch():
    assert "pytorch" not in (REPOSITORY / "envs/figures.yaml").read_text()
