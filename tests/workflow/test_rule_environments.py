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
RULE = re.compile(
    r"^ *rule *(?P<rule>\w*):.*?environment\(\"(?P<environment>\w+)\"\)"
    r".*?(?:script:\s+\"\.\./scripts/(?P<script>\w+\.py)\"|shell:)",
    re.MULTILINE | re.DOTALL,
)
FOUND = [
    match.groupdict()
    for file in sorted((REPOSITORY / "workflow/rules").glob("*.smk"))
    for match in RULE.finditer(file.read_text())
]
# The rule in the loop has no name of its own: it is each figure's, whose module it loads by name.
RULES = [
    rule | {"rule": name, "modules": modules}
    for rule in FOUND
    for name, modules in (
        [(rule["rule"], [])]
        if rule["rule"]
        else [(f"plot_{n}", [f"sparsevae/figures/{n}.py"]) for n in figure_names()]
    )
]


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


def test_every_rule_was_found():
    """But for the loop over datasets, whose environments they declare themselves."""
    text = "".join(file.read_text() for file in (REPOSITORY / "workflow/rules").glob("*.smk"))
    assert len(FOUND) + 1 == len(re.findall(r"^ *rule *\w*:", text, re.MULTILINE))
    assert [rule["script"] for rule in FOUND if not rule["rule"]] == ["plot_figure.py"]


@pytest.mark.parametrize("rule", [r for r in RULES if r["script"]], ids=lambda rule: rule["rule"])
def test_what_a_script_reaches_is_in_its_environment(rule):
    starts = [SCRIPTS / name for name in (rule["script"], *rule["modules"])]
    reached = [file for start in starts for file in imported_files(start, SCRIPTS)]
    for file in [*starts, *reached]:
        assert needed([file]) <= packages(rule["environment"]), file


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
        conda = {
            "matplotlib-base": "matplotlib",
            "pyyaml": "PyYAML",
            "sphinx": "Sphinx",
            "jinja2": "Jinja2",
            "pygments": "Pygments",
        }
        names = (packages(environment) | packages("snakemake")) - {"python"}
        wanted = [f"{conda.get(n, n)}=={pins[conda.get(n, n)]}" for n in sorted(names)]
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
    rules = [rule["rule"] for rule in RULES if rule["environment"] == environment]
    rules += [f"prepare_{d.name}" for d in CATALOGUE.values() if d.environment == environment]
    of_the_study = set(smoke.planned(*SMOKE, "--forceall"))
    rules = [rule for rule in rules if rule in of_the_study]
    arguments = ["--cores", "2", *SMOKE, "--allowed-rules", *rules, "--forcerun", *rules]
    done = subprocess.run(
        [snakemake_with(environment), *arguments],
        cwd=checkout.root,
        text=True,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert results_of(checkout.root / "results/smoke") == results_of(smoke.root / "results/smoke")
