"""Find the modules whose functions the formulas of the pages name; Sphinx shows the functions.

No libraries: Snakemake imports this to make the modules inputs of the report.
"""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from sparsevae.jobs.errors import SiteError

NAMED = re.compile(r"formula\(\s*\"(?P<module>[\w/]+\.py)\"")
FOLDER = "code"  # below the pages; Sphinx names it in its warnings


def named_modules(templates: Iterable[Path]) -> list[str]:
    """Return the modules that the formulas of the pages name, sorted."""
    texts = [file.read_text(encoding="utf-8") for file in templates if file.suffix == ".md"]
    return sorted({match["module"] for text in texts for match in NAMED.finditer(text)})


def copy_module(package: Path, module: str, pages: Path) -> str:
    """Copy a module beside the pages and return where, as `literalinclude` wants it.

    Raises SiteError if there is no such module; a function that it lacks is Sphinx's warning, which
    ends the build.
    """
    if not (package / module).is_file():
        raise SiteError(f"{module}: a formula names this module, which does not exist; edit it")
    target = pages / FOLDER / module
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(package / module, target)
    return f"/{FOLDER}/{module}"
