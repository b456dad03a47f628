"""Reading what the explorer's page is given."""

import json
from pathlib import Path
from typing import Any

START, END = "sparsevae.take(", ");\n"


def parse(line: str) -> tuple[str, Any]:
    """Name and value of a data file."""
    assert line.startswith(START)
    assert line.endswith(END)
    name, value = json.loads(f"[{line[len(START) : -len(END)]}]")
    return name, value


def read(file: Path) -> Any:
    """The value of a data file, which has the file's name."""
    name, value = parse(file.read_text(encoding="utf-8"))
    assert name == file.stem
    return value
