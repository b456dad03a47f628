"""Every command of Snakemake that is documented, read as Snakemake itself reads it.

A target after `--configfile` or `--config` is taken for a config file or a setting: a command that
looks right and does something else.
"""

import ast
import contextlib
import io
import json
import re
import shlex
from itertools import pairwise

import pytest
from checkout import REPOSITORY
from rules import rules
from snakemake import cli

PLACES = (
    "*.md",
    "docs/*.md",
    "config/*",
    "profiles/*/*.yaml",
    "workflow/pages/*.md",
    "workflow/rules/*.smk",
    "workflow/report/*.rst",
    "resources/**/*.md",
    "Makefile",
    "Dockerfile",
    "tools/*.py",
    "workflow/scripts/**/*.py",
)
# What a reader replaces by their own.
THEIRS = re.compile(r"yours\.yaml$|^profiles/site$")
# Between backquotes, in a block, after a comment's sign, or in a rule of make; up to its end.
COMMAND = re.compile(r"(?:\$\(BIN\)/|\.venv/bin/|(?<![\w./-]))snakemake (?=-|\w)([^`\n|;>#]*)")
# A variable of make or of a template, and the folder of a clone.
VARIABLE = re.compile(r"\$\(SETTINGS\)|\{\w+\}|(?<= )CLONE/")


def documented() -> dict[str, str]:
    """Where a command stands -> its arguments."""
    found = {}
    for file in sorted(f for place in PLACES for f in REPOSITORY.glob(place)):
        text = re.sub(r"\\\n\s*", " ", file.read_text(encoding="utf-8"))
        text = text.replace("$(CONFIG)", "config/config.yaml")  # as `make` without CONFIG=
        for number, line in enumerate(text.splitlines(), 1):
            for match in COMMAND.finditer(line):
                arguments = VARIABLE.sub("", match.group(1)).strip().rstrip('",')
                # Prose about Snakemake, or about one of its options, is no command.
                if "--" in arguments and arguments != "--config":
                    found[f"{file.relative_to(REPOSITORY)}:{number}: {arguments}"] = arguments
    return found


COMMANDS = documented()
# What a rule's name follows.
OPTIONS = ("--until", "--forcerun", "-R")


def check(arguments: str) -> None:
    """Raise AssertionError or ValueError for a command that does not do what it seems to."""
    with contextlib.redirect_stderr(io.StringIO()) as said:
        try:
            given = cli.get_argument_parser().parse_args(shlex.split(arguments))
        except SystemExit:
            raise AssertionError(said.getvalue()) from None
    starts_nothing = given.lint or given.report or given.rulegraph or given.unlock or given.dryrun
    assert given.cores or given.profile or starts_nothing, "Snakemake asks for --cores"
    for file in given.configfile or []:
        assert THEIRS.search(str(file)) or (REPOSITORY / file).is_file(), (
            f"{file} is no config file"
        )
    schema = json.loads((REPOSITORY / "config/config.schema.json").read_text(encoding="utf-8"))
    unknown = cli.parse_config(given.config or []).keys() - schema["properties"]
    assert not unknown, f"{unknown} are no settings"
    for profile in given.profile or []:
        there = THEIRS.search(profile) or (REPOSITORY / profile / "config.yaml").is_file()
        assert there, f"{profile} is no profile"
    named = (given.targets, given.until, given.forcerun, given.allowed_rules)
    for target in (target for targets in named for target in targets or ()):
        there = target in rules() or target.startswith(("results/", "resources/"))
        assert there, f"{target} is no target"
    unknown = set(given.set_resources or {}) - rules().keys()
    assert not unknown, f"{unknown} are no rules"


def test_there_are_commands():
    files = {command.split(":")[0] for command in COMMANDS}
    assert len(COMMANDS) > 25
    assert {"README.md", "Makefile", "docs/clusters.md", "profiles/slurm/config.yaml"} <= files


@pytest.mark.parametrize("command", COMMANDS)
def test_a_documented_command_is_what_it_says(command):
    check(COMMANDS[command])


def test_commands_that_programs_put_together_name_rules_that_exist():
    """Options of tools, tests and the package, such as `"--until", "report"` in a list."""
    files = [
        f for place in ("tools", "tests", "workflow") for f in REPOSITORY.glob(f"{place}/**/*.py")
    ]
    named = {
        (file, name.value)
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for values in (getattr(node, "args", None) or getattr(node, "elts", None),)
        if isinstance(values, list)
        for option, name in pairwise(values)
        if isinstance(option, ast.Constant) and option.value in OPTIONS
        if isinstance(name, ast.Constant) and name.value not in OPTIONS
    }
    assert len(named) > 3
    assert not {(file, name) for file, name in named if name not in rules()}


@pytest.mark.parametrize(
    "wrong",
    [
        "--cores all --configfile config/mnist.yaml results/mnist/tables/metrics.csv",
        "--cores all --config device=cpu report",
        "--cores all --config devise=cpu",
        "--cores all --profile profiles/slrm",
        "--cores all raport",
        "--cores all --until fetch_idx_dataset",
        "--cores all --set-resources train:runtime=600",
        "--sdm conda",
        "--coars all",
    ],
)
def test_a_wrong_command_would_be_found(wrong):
    with pytest.raises((AssertionError, ValueError)):
        check(wrong)
