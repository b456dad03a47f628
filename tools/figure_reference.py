"""docs/figures.md from the figures' declarations, so that it cannot be wrong: `make docs`."""

import sys
from collections.abc import Mapping

from sparsevae.figures.catalogue import declarations
from sparsevae.figures.declaration import PARTS, Declaration

INTRODUCTION = """\
# Figures

A study makes the figures that its key `figures` names. Each is a file in
`results/<study>/figures/<dataset>/`, as PNG and as PDF, made by the rule `plot_<figure>`. A figure
that would show nothing of a dataset is not made of it, and the report lists what the dataset lacks.

Figures stand beside those of these sources: the paper (Tonolini, Jensen & Murray-Smith, UAI 2019),
its ICLR 2019 submission, its reproduction (De la Fuente & Aduviri 2019), and a course project.

This page is made by `make docs` from the modules in `workflow/scripts/sparsevae/figures`; a test
fails when it is out of date.
"""


def page(figures: Mapping[str, Declaration]) -> str:
    """Return the page: a table of all figures, then each with its caption."""
    ordered = sorted(figures.items(), key=lambda item: (PARTS.index(item[1].part), item[0]))
    table = ["| figure | needs | keys that shape it | in the literature |", "|---|---|---|---|"]
    table += [_row(name, figure) for name, figure in ordered]
    parts = [INTRODUCTION, "\n".join(table) + "\n"]
    for part in PARTS:
        of_part = [(name, figure) for name, figure in ordered if figure.part == part]
        if of_part:
            parts.append(f"## {part}\n")
            parts += [_section(name, figure) for name, figure in of_part]
    return "\n".join(parts)


def _row(name: str, figure: Declaration) -> str:
    one = ", one for the study" if figure.per == "study" else ""
    needs = ", ".join(need.value for need in figure.needs)
    keys = ", ".join(f"`{key}`" for key in figure.config_keys)
    return f"| `{name}`{one} | {needs} | {keys} | {figure.literature} |"


def _section(name: str, figure: Declaration) -> str:
    caption = figure.caption_of("dataset", "K").replace("``", "`")
    return f"### {figure.title}\n\n`{name}`: {caption}\n"


if __name__ == "__main__":
    sys.stdout.write(page(declarations()))
