"""Each rule's environment holds what its script imports, and is enough to run it for real.

The real runs are in plain virtual environments with the pins of one environment file and those of
envs/snakemake.yaml, which has to be there to run a rule: no torch. Conda itself needs channels that
no test can count on.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from checkout import REPOSITORY, SMOKE, Checkout, results_of
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
    r"^ *rule (?P<rule>\w+):.*?environment\(\"(?P<environment>\w+)\"\)"
    r".*?(?:script:\s+\"\.\./scripts/(?P<script>\w+\.py)\"|shell:)",
    re.MULTILINE | re.DOTALL,
)
RULES = [
    match.groupdict()
    for file in sorted((REPOSITORY / "workflow/rules").glob("*.smk"))
    for match in RULE.finditer(file.read_text())
]


def packages(environment: str) -> set[str]:
    content = yaml.safe_load((REPOSITORY / f"envs/{environment}.yaml").read_text())
    return {dependency.split("=")[0] for dependency in content["dependencies"]}


def imported(file: Path) -> set[str]:
    """Top-level names that a file imports, wherever in it, but for Python's own and the package."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
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


def test_every_rule_was_found():
    text = "".join(file.read_text() for file in (REPOSITORY / "workflow/rules").glob("*.smk"))
    assert len(RULES) == len(re.findall(r"^ *rule \w+:", text, re.MULTILINE))


@pytest.mark.parametrize("rule", [r for r in RULES if r["script"]], ids=lambda rule: rule["rule"])
def test_what_a_script_reaches_is_in_its_environment(rule):
    script = SCRIPTS / rule["script"]
    for file in [script, *imported_files(script)]:
        needed = {PACKAGES.get(name, name) for name in imported(file)}
        assert needed <= packages(rule["environment"]), file


def test_what_the_snakefile_reaches_is_in_the_environment_of_snakemake(tmp_path):
    sources = [REPOSITORY / "Snakefile", *(REPOSITORY / "workflow/rules").glob("*.smk")]
    lines = [line for file in sources for line in file.read_text().splitlines()]
    starts = [line for line in lines if re.match(r"(import|from) (?!snakemake)", line)]
    reached = reached_by("\n".join(starts), tmp_path)
    assert len(reached) > 5
    needed = {PACKAGES.get(name, name) for file in reached for name in imported(file)}
    assert needed <= packages("snakemake")


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


@pytest.mark.parametrize("environment", ["data", "figures", "report"])
def test_rules_run_in_their_environment_and_give_the_same_bytes(
    environment, snakemake_with, new_checkout, smoke
):
    checkout: Checkout = new_checkout()
    subprocess.run(["cp", "-a", f"{smoke.root}/.", checkout.root], check=True)
    rules = [rule["rule"] for rule in RULES if rule["environment"] == environment]
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
