"""Each rule's environment holds what its script imports, and is enough to run it for real.

The real runs are in plain virtual environments with the pins of one environment file and those of
envs/snakemake.yaml, which has to be there to run a rule: no torch. Conda itself needs channels that
no test can count on.
"""

import ast
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
import yaml
from checkout import REPOSITORY, SMOKE, copied, results_of
from rules import Rule, rules
from sparsevae.data.catalogue import CATALOGUE
from sparsevae.figures.catalogue import figure_names
from sparsevae.jobs.imports import imported_files

SCRIPTS = REPOSITORY / "workflow/scripts"
# Where the name that is imported is not the package's in conda-forge.
PACKAGES = {
    "torch": "pytorch",
    "sklearn": "scikit-learn",
    "matplotlib": "matplotlib-base",
    "yaml": "pyyaml",
    "myst_parser": "myst-parser",
}


def modules_of(rule: Rule) -> list[str]:
    """What the rule's script loads by name: each figure has a rule of its own."""
    name = rule.name.removeprefix("plot_")
    return [f"sparsevae/figures/{name}.py"] if name != rule.name else []


def packages(environment: str) -> set[str]:
    content = yaml.safe_load((REPOSITORY / f"envs/{environment}.yaml").read_text())
    return {dependency.split("=")[0] for dependency in content["dependencies"]}


def imported(file: Path, at_parse_time: bool = False) -> set[str]:
    """Top-level names that a file imports, wherever in it, but for Python's own and the package.

    at_parse_time: those only that it imports when it is imported itself.
    """
    names: set[str] = set()
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for node in tree.body if at_parse_time else ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names - set(sys.stdlib_module_names) - {"sparsevae"}


def reached_by(source: str, folder: Path) -> list[Path]:
    """Files of the package that a program reaches."""
    file = folder / "program.py"
    file.write_text(source)
    return imported_files(file, SCRIPTS)


def needed(files: Iterable[Path]) -> set[str]:
    """Packages that files import."""
    return {PACKAGES.get(name, name) for file in files for name in imported(file)}


@pytest.mark.parametrize("dataset", CATALOGUE.values(), ids=CATALOGUE)
def test_what_preparing_a_dataset_reaches_is_in_its_environment(dataset):
    starts = [SCRIPTS / "prepare_dataset.py", Path(sys.modules[dataset.module].__file__)]
    reached = {file for start in starts for file in imported_files(start, SCRIPTS)}
    assert needed(reached.union(starts)) <= packages(dataset.environment)


def test_every_figure_has_a_rule():
    assert {f"plot_{name}" for name in figure_names()} <= rules().keys()


def test_what_a_script_reaches_is_in_its_environment():
    """But for the scripts that prepare datasets: the test above has these."""
    checked = [r for r in rules().values() if r.script and not r.name.startswith("prepare_")]
    assert len(checked) > len(figure_names()) + 8
    for rule in checked:
        assert rule.script
        assert rule.environment
        starts = [SCRIPTS / name for name in (rule.script, *modules_of(rule))]
        reached = [file for start in starts for file in imported_files(start, SCRIPTS)]
        for file in [*starts, *reached]:
            lacking = needed([file]) - packages(rule.environment)
            assert not lacking, f"{rule.name}: {file} needs {lacking}"


def test_what_the_snakefile_reaches_is_in_the_environment_of_snakemake(tmp_path):
    sources = [REPOSITORY / "Snakefile", *(REPOSITORY / "workflow/rules").glob("*.smk")]
    lines = [line for file in sources for line in file.read_text().splitlines()]
    starts = [line for line in lines if re.match(r"(import|from) (?!snakemake)", line)]
    reached = reached_by("\n".join(starts), tmp_path)
    assert len(reached) > 5
    assert {
        PACKAGES.get(name, name) for file in reached for name in imported(file, at_parse_time=True)
    } <= packages("snakemake")


@pytest.mark.parametrize("environment", ["data", "figures", "report", "snakemake"])
def test_small_environments_have_no_torch(environment):
    assert not {"pytorch", "torchvision"} & packages(environment)


@pytest.fixture
def snakemake_with(tmp_path, pins):
    """The snakemake of a new virtual environment: an environment file's pins and Snakemake's."""

    def make(environment: str) -> Path:
        names = (packages(environment) | packages("snakemake")) - {"python"}
        wanted = [pins[name] for name in sorted(names)]
        subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
        constraints = ["--constraint", str(REPOSITORY / "requirements.txt")]
        pip = [tmp_path / "venv/bin/pip", "install", "--quiet", *constraints, *wanted]
        subprocess.run(pip, check=True)
        return tmp_path / "venv/bin/snakemake"

    return make


@pytest.mark.slow
@pytest.mark.parametrize("environment", ["data", "figures", "report"])
def test_rules_run_in_their_environment_and_give_the_same_bytes(
    environment, snakemake_with, smoke, tmp_path
):
    checkout = copied(smoke, tmp_path / "checkout")
    of_the_study = set(smoke.planned(*SMOKE, "--forceall"))
    names = [r.name for r in rules().values() if r.environment == environment]
    names = [name for name in names if name in of_the_study]
    arguments = ["--cores", "2", *SMOKE, "--allowed-rules", *names, "--forcerun", *names]
    done = subprocess.run(
        [snakemake_with(environment), *arguments],
        cwd=checkout.root,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert results_of(checkout.root / "results/smoke") == results_of(smoke.root / "results/smoke")
