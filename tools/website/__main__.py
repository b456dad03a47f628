"""python -m website FOLDER CONFIG ...: the site, with the report of the study of these configs."""

import sys
from pathlib import Path

import yaml
from sparsevae.jobs.errors import UserError
from sparsevae.study.config_files import check_files
from sparsevae.study.settings import merge
from sparsevae.study.study import Study

from website.build import build


def report_of(files: list[Path]) -> Path:
    """Return where the report of a study is. Raise ConfigError for files that make no study."""
    check_files(files)
    layers = [yaml.safe_load(file.read_text(encoding="utf-8")) or {} for file in files]
    return Path(Study(merge(*layers)).folder) / "report"


if __name__ == "__main__":
    target, *files = map(Path, sys.argv[1:])
    try:
        build(Path.cwd(), report_of(files), target.resolve())
    except UserError as error:
        sys.exit(f"{type(error).__name__}: {error}")
    print(f"The site: {target.resolve()}/index.html")
