"""Print the section of CHANGELOG.md of a release: release_notes.py v1.0.0

A tag that is not the version of the package, or has no section, is an error of one line. It needs
no package but ours.
"""

import re
import sys
from pathlib import Path

from sparsevae.jobs.version import VERSION

CHANGELOG = Path(__file__).parents[1] / "CHANGELOG.md"


def section(changelog: str, version: str) -> str:
    """Return the lines of a version's section, less its heading; raise LookupError without one."""
    found = re.search(
        rf"^## {re.escape(version)} \([\d-]+\)\n(.*?)(?=^## |\Z)",
        changelog,
        re.MULTILINE | re.DOTALL,
    )
    if not found:
        raise LookupError(f"CHANGELOG.md has no section '## {version} (date)'; add it")
    return found[1].strip() + "\n"


def notes(tag: str, version: str = VERSION) -> str:
    """Return the notes of the release `tag`, which must be that of the version."""
    if tag != f"v{version}":
        raise LookupError(
            f"tag {tag}: the version is {version}; change sparsevae/jobs/version.py or the tag"
        )
    return section(CHANGELOG.read_text(encoding="utf-8"), version)


if __name__ == "__main__":
    try:
        sys.stdout.write(notes(sys.argv[1]))
    except LookupError as error:
        sys.exit(str(error.args[0]))
