"""Write a page of the API for each group of the package; autodoc fills it from docstrings."""

from pathlib import Path

PACKAGE = "sparsevae"


def write_api(scripts: Path, pages: Path) -> list[str]:
    """Write a page per group and return their names; scripts: the folder that holds the package."""
    groups = sorted(file.parent for file in (scripts / PACKAGE).glob("*/__init__.py"))
    (pages / "api").mkdir(parents=True)
    for group in groups:
        modules = sorted(file for file in group.rglob("*.py") if file.name != "__init__.py")
        names = [".".join(file.relative_to(scripts).with_suffix("").parts) for file in modules]
        title = f"{PACKAGE}.{group.name}"
        lines = [f"# {title}\n", *map(section, [title, *names])]
        (pages / "api" / f"{group.name}.md").write_text("\n".join(lines), encoding="utf-8")
    first = [f"# {PACKAGE}\n", section(PACKAGE)]
    (pages / "api/sparsevae.md").write_text("\n".join(first), encoding="utf-8")
    return ["api/sparsevae", *(f"api/{group.name}" for group in groups)]


def section(module: str) -> str:
    """Return what autodoc takes for a module: its docstring, and what is public in it."""
    heading = "" if module.count(".") < 2 else f"## {module}\n\n"
    return f"{heading}```{{eval-rst}}\n.. automodule:: {module}\n```\n"
