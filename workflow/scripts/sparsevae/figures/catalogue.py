"""The figures there are: one per module of this folder that has a declaration and a `draw`.

Reads the declarations from the modules' source: at parse time nothing imports matplotlib or pandas.
"""

import ast
from functools import cache
from pathlib import Path

from sparsevae.figures import declaration, reads
from sparsevae.figures.declaration import Declaration
from sparsevae.jobs.errors import FigureError

FOLDER = Path(__file__).parent
_NAMES = {
    name: value
    for module in (declaration, reads)
    for name, value in vars(module).items()
    if not name.startswith("_")
}


@cache
def declarations() -> dict[str, Declaration]:
    """Return every figure's declaration by its name, in alphabetical order. Raises FigureError."""
    return read_declarations(FOLDER)


def figure_names() -> tuple[str, ...]:
    """Return the names that a study can have below `figures`. Raises FigureError."""
    return tuple(declarations())


def read_declarations(folder: Path) -> dict[str, Declaration]:
    """Return the declarations of the modules of a folder by their names. Raises FigureError."""
    found = {file.stem: read_declaration(file) for file in sorted(folder.glob("*.py"))}
    return {name: declared for name, declared in found.items() if declared is not None}


def read_declaration(file: Path) -> Declaration | None:
    """Return what a module declares as FIGURE; None if it has neither that nor a `draw`.

    Raises FigureError if it has one of the two alone, if the declaration cannot be evaluated, or if
    the arguments of `draw` are not what it reads.
    """
    try:
        body = ast.parse(file.read_text(encoding="utf-8")).body
    except SyntaxError as error:
        raise _error(file, f"line {error.lineno}: {error.msg}") from None
    values = [node.value for node in body if isinstance(node, ast.Assign) and _names_figure(node)]
    draws = [node for node in body if isinstance(node, ast.FunctionDef) and node.name == "draw"]
    if not values and not draws:
        return None
    if not values:
        raise _error(file, "has a function draw and no declaration; add FIGURE = Declaration(...)")
    if not draws:
        raise _error(file, "declares a figure and has no function draw; add draw(...)")
    declared = _evaluated(file, values[-1])
    arguments = [argument.arg for argument in (*draws[-1].args.args, *draws[-1].args.kwonlyargs)]
    if sorted(arguments) != sorted(declared.reads):
        raise _error(
            file,
            f"draw takes {', '.join(arguments) or 'nothing'} and FIGURE reads "
            f"{', '.join(declared.reads) or 'nothing'}; give both the same names",
        )
    return declared


def _names_figure(node: ast.Assign) -> bool:
    return any(isinstance(target, ast.Name) and target.id == "FIGURE" for target in node.targets)


def _evaluated(file: Path, value: ast.expr) -> Declaration:
    try:
        code = compile(ast.Expression(value), str(file), "eval")
        declared = eval(code, {"__builtins__": {}, **_NAMES})
    except Exception as error:  # whatever a wrong declaration raises
        text = " ".join(str(error).split())
        raise _error(file, f"FIGURE: {text}; figures/declaration.py has what it can say") from None
    if not isinstance(declared, Declaration):
        raise _error(file, f"FIGURE is {type(declared).__name__}, not a Declaration")
    return declared


def _error(file: Path, text: str) -> FigureError:
    return FigureError(f"{file.parent.name}/{file.name}: {text}")
