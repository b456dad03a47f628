"""The hosted integration runs what is run here: make targets and scripts, and nothing else."""

import re
import subprocess
from pathlib import Path

import pytest
import yaml
from checkout import REPOSITORY

WORKFLOWS = sorted((REPOSITORY / ".github/workflows").glob("*.yml"))


def text(file: Path) -> str:
    return file.read_text(encoding="utf-8")


def commands() -> dict[str, list[str]]:
    """Command -> the workflows of which a step runs it."""
    found: dict[str, list[str]] = {}
    for file in WORKFLOWS:
        for job in yaml.safe_load(text(file))["jobs"].values():
            for step in job.get("steps", []):
                for line in step.get("run", "").splitlines():
                    found.setdefault(line, []).append(file.name)
    return found


@pytest.mark.parametrize("command", commands())
def test_a_step_is_what_the_integration_or_a_test_runs(command):
    if command.startswith("make "):
        target = command.removeprefix("make ")
        subprocess.run(
            ["make", "--dry-run", target], cwd=REPOSITORY, check=True, capture_output=True
        )
        called = re.compile(
            rf'^make {target}$|"make",[^\n]* "{target}"|pytest_of\("{target}"\)', re.M
        )
    else:
        assert (REPOSITORY / command).stat().st_mode & 0o111
        called = re.compile(rf"^{re.escape(command)}$|/ \"{re.escape(command)}\"", re.M)
    tests = [file for file in (REPOSITORY / "tests").rglob("*.py") if file != Path(__file__)]
    callers = [file for file in (REPOSITORY / ".ci/run", *tests) if called.search(text(file))]
    assert callers, f"{commands()[command]} run `{command}`, and nothing here does"


def test_there_are_all_workflows():
    assert [file.stem for file in WORKFLOWS] == ["pages", "release", "test", "weekly"]
    assert {"make lint", "make test", "make test-all", "make site", ".ci/release"} <= set(
        commands()
    )


def test_a_mistake_in_a_workflow_is_found_by_lint(tmp_path):
    lint = subprocess.run(
        ["make", "--dry-run", "lint"], cwd=REPOSITORY, text=True, capture_output=True, check=True
    )
    [line] = [line for line in lint.stdout.splitlines() if line.endswith("/actionlint")]
    program = REPOSITORY / line
    wrong = tmp_path / "test.yml"
    wrong.write_text(
        text(REPOSITORY / ".github/workflows/test.yml").replace("matrix.python", "m.p")
    )
    done = subprocess.run([program, wrong], text=True, capture_output=True, check=False)
    assert done.returncode == 1
    assert 'undefined variable "m"' in done.stdout


def test_every_badge_is_of_a_workflow():
    badges = re.findall(r"actions/workflows/(\w+\.yml)/badge.svg", text(REPOSITORY / "README.md"))
    assert badges
    assert set(badges) <= {file.name for file in WORKFLOWS}


def test_hooks_run_lint():
    hooks = yaml.safe_load(text(REPOSITORY / ".pre-commit-config.yaml"))["repos"]
    assert [hook["entry"] for repo in hooks for hook in repo["hooks"]] == ["make lint"]
