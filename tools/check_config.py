"""python -m check_config FILE ...: whether config files, laid over each other, make a study.

Without Snakemake, which names neither the file nor the line of an error in the YAML of its config
files.
"""

import sys
from pathlib import Path

import yaml
from sparsevae.jobs.errors import UserError
from sparsevae.study.config_files import check_files
from sparsevae.study.settings import merge
from sparsevae.study.study import Study


def check(files: list[Path]) -> str:
    """Return what the study is. Raise ConfigError, with one line, if it is none."""
    check_files(files)
    layers = [yaml.safe_load(file.read_text(encoding="utf-8")) or {} for file in files]
    study = Study(merge(*layers))
    return f"{study.name}: {len(study.runs)} runs, results in {study.folder}"


if __name__ == "__main__":
    try:
        print(check([Path(name) for name in sys.argv[1:]]))
    except UserError as error:
        sys.exit(f"{type(error).__name__}: {error}")
