"""Run the code of a notebook in order and keep what it prints and draws: `make notebook`.

In one process and without Jupyter: the cells of docs/ use no magics.
"""

import argparse
import ast
import base64
import contextlib
import io
import os
from pathlib import Path
from typing import Any

import matplotlib
import matplotlib.pyplot as plt
import nbformat
from nbformat.v4 import new_output


def executed(notebook: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """Return the notebook with the outputs of its cells, run in `folder`."""
    matplotlib.use("agg")
    names: dict[str, Any] = {"__name__": "__main__"}
    with contextlib.chdir(folder):
        for number, cell in enumerate(c for c in notebook.cells if c.cell_type == "code"):
            cell.execution_count = number + 1
            cell.outputs = _outputs(cell.source, names, number + 1)
    return notebook


def _outputs(source: str, names: dict[str, Any], number: int) -> list[Any]:
    """What a cell prints, the value of its last line, and the figures that it leaves open."""
    body = ast.parse(source).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.Module(body, []), f"cell {number}", "exec"), names)
        value = last and eval(compile(ast.Expression(last.value), f"cell {number}", "eval"), names)
    outputs = []
    if printed.getvalue():
        outputs.append(new_output("stream", name="stdout", text=printed.getvalue()))
    if value is not None:
        data = {"text/plain": repr(value)}
        outputs.append(new_output("execute_result", data=data, execution_count=number))
    for figure in map(plt.figure, plt.get_fignums()):
        picture = io.BytesIO()
        figure.savefig(picture, dpi=80, bbox_inches="tight", metadata={"Software": None})
        data = {"image/png": base64.b64encode(picture.getvalue()).decode()}
        outputs.append(new_output("display_data", data=data))
    plt.close("all")
    return outputs


def main() -> None:
    """Write the outputs into the notebook."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("notebook", type=Path)
    path = parser.parse_args().notebook
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    notebook = executed(nbformat.read(path, as_version=4), path.parent)
    nbformat.validate(notebook)
    nbformat.write(notebook, path)


if __name__ == "__main__":
    main()
