"""What documents state of the repository is so: files, names of the package, sizes of studies."""

import ast
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from sparsevae.study.study import Study

REPOSITORY = Path(__file__).parents[2]
PACKAGE = REPOSITORY / "workflow/scripts/sparsevae"
# The changelog is of what was.
DOCUMENTS = [
    *(REPOSITORY / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted((REPOSITORY / "docs").glob("*.md")),
    *sorted((REPOSITORY / "config").glob("*.md")),
    *sorted((REPOSITORY / "workflow/pages").glob("*.md")),
]
FILE = re.compile(r"[\w./-]+\.(py|yaml|smk|md|js|css|html|svg|sh|rst)")
# A user's, and those of results.
NOT_TRACKED = {
    "config/yours.yaml",
    "data/study.js",
    "index.html",
    "report/index.html",
    "report.html",
}


def read(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def in_code(text: str) -> list[str]:
    """The words of everything between backticks."""
    return [
        word.strip("(),;") for code in re.findall(r"`([^`\n]+)`", text) for word in code.split()
    ]


@pytest.fixture(scope="module")
def files() -> list[str]:
    """The repository's files, also those that are not committed yet; each behind a slash."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is no checkout of git")
    return [f"/{name}" for name in listed.stdout.splitlines()]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_a_document_names_exist(document, files):
    text = read(document)
    links = [] if document.parent.name == "pages" else re.findall(r"\]\(([^)#\s:]+)\)", text)
    named = {word for word in [*in_code(text), *links] if FILE.fullmatch(word)}
    named = {word.removeprefix("./").replace("../", "") for word in named}
    missing = {
        word
        for word in named - NOT_TRACKED
        if not word.startswith("results/") and not any(f.endswith(f"/{word}") for f in files)
    }
    assert missing == set()


def test_the_readme_is_short():
    assert len(read(REPOSITORY / "README.md").split()) < 900


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_names_of_the_package_that_a_document_uses_exist(document):
    """`Class.attribute`, of a class of the package."""
    members = members_of_classes()
    named = [re.fullmatch(r"([A-Z]\w+)\.(\w+)", word) for word in in_code(read(document))]
    of_ours = [match.groups() for match in named if match and match[1] in members]
    assert [pair for pair in of_ours if pair[1] not in members[pair[0]]] == []


def members_of_classes() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for file in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(read(file))):
            if isinstance(node, ast.ClassDef):
                inside = [n for n in ast.walk(node) if isinstance(n, ast.FunctionDef)]
                fields = [n.target for n in node.body if isinstance(n, ast.AnnAssign)]
                own = {f.name for f in inside} | {t.id for t in fields if isinstance(t, ast.Name)}
                found.setdefault(node.name, set()).update(own)
    return found


def test_the_layout_lists_the_groups_of_the_package():
    text = read(REPOSITORY / "docs/design.md")
    layout = text[text.index("    sparsevae/ ") : text.index("\nenvs/ ")]
    groups = re.findall(r"^ {6}(\w+)/ ", layout, re.MULTILINE)
    there = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()}
    assert sorted(groups) == sorted(there)


def study(*names: str) -> Study:
    """As Snakemake reads it: later files lie over the ones before."""
    config: dict = {}
    for name in names:
        merge(config, yaml.safe_load(read(REPOSITORY / "config" / name)))
    return Study(config)


def merge(config: dict, over: dict) -> None:
    for key, value in over.items():
        if isinstance(value, dict) and isinstance(config.get(key), dict):
            merge(config[key], value)
        else:
            config[key] = value


def stated_runs() -> list[tuple[str, tuple[str, ...], int]]:
    """(document, files of the study, runs) of each row of a table that states a number of runs.

    A row may have several studies, in the order of their numbers.
    """
    found = []
    for document in DOCUMENTS:
        for row in re.findall(r"^\|.*\|$", read(document), re.MULTILINE):
            numbers = [int(n) for n in re.findall(r"\b(\d+) (?:runs|variants)\b", row)]
            studies = [tuple(re.findall(r"config/([\w.]+\.yaml)", part)) for part in row.split(";")]
            if "`make`" in row:
                studies = [("config.yaml",)]
            studies = [files for files in studies if files]
            if numbers and studies:
                assert len(numbers) == len(studies), row
                found += [(document.name, *pair) for pair in zip(studies, numbers, strict=True)]
    return found


@pytest.mark.parametrize(("document", "files", "runs"), stated_runs())
def test_a_study_has_as_many_runs_as_a_document_states(document, files, runs):
    assert len(study(*files).runs) == runs


def test_some_document_states_the_runs_of_the_studies():
    assert len(stated_runs()) >= 5


def costs() -> list[tuple[str, str, int]]:
    """Rows of the table of costs in docs/studies.md: file, dataset or nothing, runs."""
    text = read(REPOSITORY / "docs/studies.md")
    rows = re.findall(
        r"^\| (?:with )?`([\w.]+\.yaml)`(?:, ([\w -]+))? \| (\d+) \|", text, re.MULTILINE
    )
    return [(file, dataset, int(runs)) for file, dataset, runs in rows]


@pytest.mark.parametrize(("file", "dataset", "runs"), costs())
def test_the_table_of_costs_has_the_runs_of_each_study(file, dataset, runs):
    files = ["reproduction.yaml", file] if file == "reproduction_small.yaml" else [file]
    keys = study(*files).runs
    name = dataset.lower().replace("-", "_").replace(" ", "_")
    assert len([key for key in keys if name in ("", key[0])]) == runs


def test_the_table_of_costs_was_found():
    assert len(costs()) >= 5
