"""Values as scripts: a page opened from disk may not read files, but it may run them."""

import json
from pathlib import Path
from typing import Any

from sparsevae.jobs import storage


def write_value(folder: str | Path, name: str, value: Any) -> None:
    """`name`.js, which hands the value to the page's script under that name."""
    storage.write_text(Path(folder, f"{name}.js"), script(name, value))


def script(name: str, value: Any) -> str:
    """One line; `<` is escaped, so that the text can stand in a page, too."""
    text = json.dumps([name, value], separators=(",", ":"), allow_nan=False)
    return f"sparsevae.take({text[1:-1]});\n".replace("<", "\\u003c")
