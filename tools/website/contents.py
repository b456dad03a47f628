"""The menu of the site: which page is below which heading."""

import shutil
from pathlib import Path

# What is not named below a heading is below the last one.
HEADINGS = {
    "Tutorials": [
        *("docs/quick_study", "docs/your_study", "docs/your_data", "docs/trained_model"),
        *("docs/codes_for_a_classifier", "docs/your_cluster", "docs/deploying"),
    ],
    "Results": ["online_report", "docs/results"],
    "Guides": [
        *("docs/running", "docs/studies", "docs/data", "docs/trained_models", "docs/clusters"),
        "docs/environments",
    ],
    "Reference": ["config/README", "docs/figures", "docs/columns", "resources/published/README"],
    "Python": [],
    "How it works": ["docs/design", "docs/relaxations", "docs/speed", "docs/benchmarks"],
}
REPORT = Path(__file__).with_name("online_report.md")


def write_contents(pages: Path, documents: list[str], modules: list[str]) -> None:
    """Add the menu to the first page, and the page that leads to the report."""
    shutil.copyfile(REPORT, pages / REPORT.name)
    with (pages / "index.md").open("a", encoding="utf-8") as file:
        for heading, names in menu(documents, modules).items():
            listed = "\n".join(names)
            file.write(f"\n```{{toctree}}\n:hidden:\n:caption: {heading}\n\n{listed}\n```\n")


def menu(documents: list[str], modules: list[str]) -> dict[str, list[str]]:
    """Return heading -> pages, each page once."""
    found = {heading: list(names) for heading, names in HEADINGS.items()}
    found["Python"] += modules
    named = {name for names in found.values() for name in names} | {"index"}
    rest = [name for name in documents if name not in named]
    found["Results"] += [name for name in rest if name.startswith("docs/reference/")]
    found["More"] = [name for name in rest if not name.startswith("docs/reference/")]
    return found
