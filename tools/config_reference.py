"""config/README.md and config.schema.json, from the declarations of settings: `make docs`."""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from sparsevae.study.declarations import SET
from sparsevae.study.families import FAMILIES, families_using
from sparsevae.study.study_settings import DatasetSettings, ModelSettings, StudySettings
from sparsevae.study.validation import allowed, resolved

INTRODUCTION = """\
# Every key of a study

A study is one YAML file: `snakemake --cores all --configfile config/mnist.yaml`. Without
`--configfile` it is `config.yaml`, the quick study. Several files are laid over each other, the
later ones win, and a model or dataset set to `null` is left out:
`--configfile config/config.yaml config/smoke.yaml`.

Settings of a run are merged, the more specific last: defaults (below) < `run` < `models.<name>` <
`datasets.<name>.run`. A key that is not listed here stops the study before any job.

Numbers can be written as `1e-3`. YAML reads some words as something else than text: quote names
such as `"no"`, `"on"` or `"1"`. `snakemake --config` takes nested values as well:
`--config seeds=[1] 'run={training: {epochs: 3}}'`.

A setting that no run uses, such as `prior` below a VAE, stops the study too.

`make check CONFIG=config/mnist.yaml` checks files without Snakemake, which names neither the file
nor the line of an error in their YAML. Editors with a YAML language server complete and check keys
by `config.schema.json`.

This page and `config.schema.json` are made by `make docs` from
`workflow/scripts/sparsevae/study/settings.py` and the modules beside it; a test fails when they are
out of date.
"""

SETTINGS_INTRODUCTION = """\
## Settings of a run

Below `run:`, `models.<name>:` or `datasets.<name>.run:`. Losses are in nats per sample, fractions
are of the training.
"""

COSTS = """\
## What a study costs, and how to run a part of it

A study trains and measures datasets x models x latent sizes x seeds runs, one job each on one core;
tables and figures take seconds. `snakemake --dry-run --quiet rules` with its
config files says how many jobs of each kind there are.

| study | runs | one training | all trainings | weights on disk |
|---|---|---|---|---|
| `reproduction.yaml` | 600 | 100 s on a core | 17 core-hours | 1.9 GB |
| with `reproduction_small.yaml` | 24 | 120 s on a busy core | 49 core-minutes | 72 MB |
| `paper.yaml`, Fashion-MNIST | 40 | 70,000 iterations of 23 GFLOP | 4 to 6 GPU-hours | 1.2 GB |
| `paper.yaml`, UCI HAR | 30 | 70,000 of 17 GFLOP | 2 to 3 GPU-hours | 0.7 GB |
| `paper.yaml`, Smiley | 160 | 200,000 of 29 GFLOP | 50 to 90 GPU-hours | 6.2 GB |
| `paper.yaml`, CelebA | 5 | 500,000 of 94 GFLOP | 13 to 22 GPU-hours | 0.6 GB |

The second row was measured (two cores, while other work ran on them), and 8 core-minutes for
measuring the runs come on top. The others are estimates: the first is one training (MNIST, 20
epochs, 400 hidden units: about 100 s on an idle core) times the number of runs. No GPU was at hand
for the rest: an iteration is 6 x parameters x batch
floating-point operations (forward and backward), taken at 5 TFLOP/s, or at 3 TFLOP/s for the larger
number. On a CPU core an iteration of Fashion-MNIST was measured at 0.4 s and one of UCI HAR at
0.34 s, so that such a training takes 7 to 8 hours, and the whole study some 6,000 core-hours. What
each job took is in `results/<study>/benchmarks`: one run tells what the others will take.

Weights are 4 bytes a parameter: 3 MB for a run of the reproduction, 23 to 126 MB for one of the
paper; all else that a run leaves is below 1 MB. While it trains, its checkpoint takes three times
that. A cluster is asked for a time that follows from a run's size
([docs/clusters.md](../docs/clusters.md)). A training that was killed goes on from its checkpoint.

Parts of a study, each with the study's `--configfile`s:

- an overlay after it, as `reproduction_small.yaml`, which sets what is not wanted to `null` and
  names fewer latent sizes or seeds; give it a name (`study`) of its own, or the tables of the part
  take the place of the whole's;
- an overlay with `seeds: [1]` alone, whose runs the whole study takes up later;
- files by their names, with what they need and nothing else: one figure,
  `results/reproduction/figures/mnist/reconstructions.png`, or one run,
  `results/paper/runs/uci_har/vsc-wu-0.01/latent-60/seed-1/metrics.json`. Names stand before
  `--configfile`, which takes every word that follows for a config file:
  `snakemake --cores all results/mnist/tables/summary.csv --configfile config/mnist.yaml`;
- `--until train_and_evaluate` for all runs and nothing after them.
"""


def reference() -> str:
    """Return config/README.md."""
    study = [row for row in _rows(StudySettings) if not row[0].startswith("run.")]
    dataset = [row for row in _rows(DatasetSettings) if not row[0].startswith("run.")]
    parts = [
        INTRODUCTION,
        _table("## The study", study),
        _table("## `datasets.<name>`", dataset),
        _table(SETTINGS_INTRODUCTION.rstrip(), list(_rows(ModelSettings))),
        COSTS,
    ]
    return "\n".join(parts)


def file_schema() -> str:
    """Return config/config.schema.json, for editors.

    One file can be an overlay: it needs no key, and takes models and datasets out with a null.
    """
    schema = StudySettings.model_json_schema()
    for part in (schema, *schema["$defs"].values()):
        part.pop("required", None)
        for name in ("models", "datasets"):
            entries = part.get("properties", {}).get(name, {})
            for kind in ("patternProperties", "additionalProperties"):
                if isinstance(entries.get(kind), Mapping):
                    entries[kind] = _nullable(entries[kind])
    return json.dumps(_without(schema, "title", "used_with"), indent=1) + "\n"


def _nullable(entries: Mapping[str, Any]) -> dict[str, Any]:
    if "$ref" in entries:
        return {"anyOf": [entries, {"type": "null"}]}
    return {pattern: _nullable(entry) for pattern, entry in entries.items()}


def _without(node: Any, *names: str) -> Any:
    """A schema without some of its annotations; properties of these names stay."""
    if isinstance(node, list):
        return [_without(item, *names) for item in node]
    if not isinstance(node, Mapping):
        return node
    return {
        key: {name: _without(entry, *names) for name, entry in value.items()}
        if key in ("properties", "$defs", "patternProperties")
        else _without(value, *names)
        for key, value in node.items()
        if key not in names
    }


def _rows(kind: type) -> Iterator[tuple[str, str, str, str]]:
    schema = kind.model_json_schema()
    yield from _rows_of(schema, schema["$defs"], "")


def _rows_of(
    schema: Mapping[str, Any], definitions: Mapping[str, Any], prefix: str
) -> Iterator[tuple[str, str, str, str]]:
    for name, entry in schema["properties"].items():
        key = f"{prefix}{name}"
        options = [resolved(option, definitions) for option in entry.get("anyOf", [entry])]
        nested = next((option for option in options if "properties" in option), None)
        default = f"`{_yaml(entry['default'])}`" if "default" in entry else ""
        limits = allowed(entry, definitions)
        yield (
            key,
            _meaning(key, entry, definitions),
            f"{limits}; {entry['unit']}" if "unit" in entry else limits,
            default,
        )
        if nested:
            yield from _rows_of(nested, definitions, f"{key}.")


def _meaning(key: str, entry: Mapping[str, Any], definitions: Mapping[str, Any]) -> str:
    """The description, and what has to be set for the setting to be used."""
    text = entry.get("description") or resolved(entry, definitions)["description"]
    users = families_using(key)
    if len(users) < len(FAMILIES) and families_using(key.rpartition(".")[0] or "family") != users:
        text += f" For families {', '.join(users)}."
    for other, values in entry.get("used_with", {}).items():
        wanted = "set" if values == SET else " or ".join(_yaml(value) for value in values)
        text += f" Used if `{other}` is {wanted}."
    return text


def _table(heading: str, rows: list[tuple[str, str, str, str]]) -> str:
    columns = ("key", "meaning", "allowed", "default")
    lines = [heading, "", f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
    for key, *cells in rows:
        escaped = [cell.replace("|", "\\|") for cell in (f"`{key}`", *cells)]
        lines.append(f"| {' | '.join(escaped)} |")
    return "\n".join(lines) + "\n"


def _yaml(value: Any) -> str:
    return yaml.safe_dump(value, default_flow_style=True).splitlines()[0]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "README.md").write_text(reference(), encoding="utf-8")
    (folder / "config.schema.json").write_text(file_schema(), encoding="utf-8")
