"""python -m reference_study CONFIG ... [--figures NAME ...]: track a finished study.

Below `docs/reference/<study>/`: its config, tables, some figures, and what it was run with. What
another session or machine has trained of the same study is added: rows of the same run are
replaced, and tables that follow from others are made anew.
"""

import argparse
import importlib.metadata
import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from sparsevae.comparison.claims_table import claims_table
from sparsevae.comparison.planned import runs_with_published_classes, settings_of_models
from sparsevae.comparison.published import read_rows
from sparsevae.comparison.scorecard import scorecard
from sparsevae.comparison.selection import select
from sparsevae.jobs import storage
from sparsevae.jobs.errors import UserError
from sparsevae.jobs.tables import (
    collect_metrics,
    collect_rows,
    read_table,
    summarise_metrics,
    write_table,
)
from sparsevae.study.config_files import check_files
from sparsevae.study.settings import RunConfig, merge
from sparsevae.study.study import Study

FOLDER = Path("docs/reference")
PUBLISHED = Path("resources/published/scorecard_rows.csv")
KEY = ["dataset", "model", "latent_dim", "seed"]
# Tables of runs: the columns that tell a row, beside those of its run.
OF_RUNS = {
    "image_blocks": ["block"],
    "probes": ["codes", "classifier", "n_labels"],
    "class_activations": ["label", "latent"],
}
_OF_THE_MACHINE = ("datasets_dir", "results_dir", "device", "container", "mirrors")
_PACKAGES = ("torch", "numpy", "scikit-learn", "pandas", "snakemake")


def track(files: Sequence[Path], figures: Sequence[str], target: Path = FOLDER) -> Path:
    """Add what has been trained of a study to its reference; return the reference's folder.

    files: its config files, laid over each other; figures: paths of PNG files below its folder
    `figures`, without the suffix. Raise ConfigError for a config, and UserError if no run ended.
    """
    check_files(files)
    layers = [yaml.safe_load(file.read_text(encoding="utf-8")) or {} for file in files]
    config = merge(*layers)
    study = Study(config)
    runs = [r for r in study.runs.values() if Path(study.file_of(r, "metrics.json")).is_file()]
    if not runs:
        raise UserError(f"{study.folder}: no run has ended; run the study first")
    folder = target / study.name
    (folder / "tables").mkdir(parents=True, exist_ok=True)
    found = tables_of(study, runs)
    for name, table in found.items():
        write_table(folder / f"tables/{name}.csv", _merged(table, folder, name))
    # Read again, as the workflow's rules do: a CSV has nine digits.
    written = {name: read_table(folder / f"tables/{name}.csv") for name in found}
    for name, table in made_tables(study, written).items():
        write_table(folder / f"tables/{name}.csv", table)
    kept = {k: v for k, v in config.items() if k not in _OF_THE_MACHINE}
    text = yaml.safe_dump(kept, sort_keys=False, width=100)
    storage.write_text(folder / "config.yaml", text)
    for figure in figures:
        copied = folder / "figures" / f"{figure}.png"
        copied.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(study.folder / "figures" / f"{figure}.png", copied)
    _note(folder / "made_with.json", len(runs))
    return folder


def tables_of(study: Study, runs: Sequence[RunConfig]) -> dict[str, pd.DataFrame]:
    """Return `metrics` and the tables OF_RUNS of the runs that have ended."""
    keys = [(r.dataset, r.model, r.latent_dim, r.seed) for r in runs]
    files = [study.file_of(run, "metrics.json") for run in runs]
    found = {"metrics": collect_metrics(files, study.varied)}
    for name in ("image_blocks", "probes"):
        found[name] = collect_rows([study.file_of(run, f"{name}.csv") for run in runs], keys)
    shown = [run for run in runs_with_published_classes(study, PUBLISHED) if run in runs]
    if shown:
        paths = [study.file_of(run, "class_activations.csv") for run in shown]
        of_shown = [(r.dataset, r.model, r.latent_dim, r.seed) for r in shown]
        found["class_activations"] = collect_rows(paths, of_shown)
    return found


def made_tables(study: Study, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Return the tables that follow from those of the runs, as the workflow's rules make them."""
    metrics, models = tables["metrics"], settings_of_models(study)
    activations = tables.get("class_activations", pd.DataFrame(columns=KEY))
    groups: dict[Any, pd.DataFrame] = {k: t.drop(columns=KEY) for k, t in activations.groupby(KEY)}
    return {
        "summary": summarise_metrics(metrics),
        "selection": select(metrics, study.settings.selection),
        "claims": claims_table(metrics, models, tables["image_blocks"]),
        "scorecard": scorecard(read_rows(PUBLISHED), models, metrics, groups),
    }


def _merged(table: pd.DataFrame, folder: Path, name: str) -> pd.DataFrame:
    """The rows of a table with those that are tracked already, of other runs."""
    file = folder / f"tables/{name}.csv"
    if not file.exists():
        return table
    known = read_table(file)
    ours = {tuple(row) for row in table[KEY].itertuples(index=False)}
    others = known[[tuple(row) not in ours for row in known[KEY].itertuples(index=False)]]
    both = pd.concat([others, table], ignore_index=True)
    return both.sort_values([*KEY, *OF_RUNS.get(name, [])], kind="stable", ignore_index=True)


def _note(file: Path, runs: int) -> None:
    """Add versions, machine and commit of this part, unless the newest part had the same."""
    parts = storage.read_json(file)["parts"] if file.exists() else []
    # Of an unpacked release there is none.
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    parts.append(
        {
            "runs": runs,
            "commit": commit.stdout.strip(),
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in _PACKAGES},
            "machine": platform.machine(),
            "processor": _processor(),
        }
    )
    storage.write_text(file, json.dumps({"parts": parts}, indent=2) + "\n")


def _processor() -> str:
    """The name of the CPU where the system tells it."""
    file = Path("/proc/cpuinfo")
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("configs", nargs="+", type=Path)
    parser.add_argument("--figures", nargs="*", default=[])
    given = parser.parse_args()
    try:
        print(track(given.configs, given.figures))
    except UserError as error:
        sys.exit(f"{type(error).__name__}: {error}")
