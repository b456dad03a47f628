"""config/README.md from the schema and the defaults, so that it cannot be wrong: `make docs`."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from sparsevae.study.settings import SlabWarmup, from_mapping, to_mapping

INTRODUCTION = """\
# Every key of a study

A study is one YAML file: `snakemake --cores all --configfile config/mnist.yaml`. Without
`--configfile` it is `config.yaml`, the quick study. Several files are laid over each other, the
later ones win, and a model or dataset set to `null` is left out:
`--configfile config/config.yaml config/smoke.yaml`.

Settings of a run are merged, the more specific last: defaults (below) < `run` < `models.<name>` <
`datasets.<name>.run`. A key that is not listed here stops the study before any job.

This page is made by `make docs` from `workflow/schemas/config.schema.yaml` and
`workflow/scripts/sparsevae/study/settings.py`; a test fails when it is out of date.
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
that. The rule `train_and_evaluate` asks clusters for 180 minutes: give the paper's CelebA more,
with `--set-resources train_and_evaluate:runtime=600`. A training that was killed goes on from its
checkpoint.

Parts of a study, each with the study's `--configfile`s:

- an overlay after it, as `reproduction_small.yaml`, which sets what is not wanted to `null` and
  names fewer latent sizes or seeds; give it a name (`study`) of its own, or the tables of the part
  take the place of the whole's;
- an overlay with `seeds: [1]` alone, whose runs the whole study takes up later;
- files by their names, with what they need and nothing else: one figure,
  `results/reproduction/figures/mnist/reconstructions.png`, or one run,
  `results/paper/runs/uci_har/vsc-wu-0.01/latent-60/seed-1/metrics.json`;
- `--until train_and_evaluate` for all runs and nothing after them.
"""


def reference(schema: Mapping[str, Any]) -> str:
    """The whole page."""
    definitions = schema["$defs"]
    study = [entry for entry in _rows(schema, definitions, {}) if not entry[0].startswith("run.")]
    identity = {"dataset": "", "model": "", "latent_dim": 0, "seed": 0, "family": ""}
    defaults = to_mapping(from_mapping(identity))
    defaults["slab_warmup"] = to_mapping(SlabWarmup())
    settings = list(_rows(definitions["settings"], definitions, defaults))
    family = definitions["model"]["properties"]["family"]
    settings.insert(0, ("family", family["description"], "", _allowed(family)))
    dataset = list(_rows(definitions["dataset"], definitions, {}))
    parts = [
        INTRODUCTION,
        _table("## The study", study, with_default=False),
        _table("## `datasets.<name>`", dataset, with_default=False),
        _table(SETTINGS_INTRODUCTION.rstrip(), settings, with_default=True),
        COSTS,
    ]
    return "\n".join(parts)


def _rows(schema, definitions, defaults, prefix="") -> Iterator[tuple[str, str, Any, str]]:
    for name, entry in schema.get("properties", {}).items():
        key = f"{prefix}{name}"
        target = definitions[entry["$ref"].rsplit("/", 1)[1]] if "$ref" in entry else entry
        default = defaults.get(name) if isinstance(defaults, Mapping) else None
        nested = isinstance(target.get("properties"), Mapping) and "$ref" not in entry
        yield key, entry.get("description", ""), "" if nested else default, _allowed(target)
        if nested:
            yield from _rows(target, definitions, default or {}, f"{key}.")


def _allowed(entry: Mapping[str, Any]) -> str:
    if "enum" in entry:
        return ", ".join(f"`{value}`" for value in entry["enum"])
    kinds = entry.get("type", "")
    limits = {
        "minimum": "at least {}",
        "exclusiveMinimum": "more than {}",
        "maximum": "at most {}",
        "exclusiveMaximum": "less than {}",
    }
    kind = " or ".join([kinds] if isinstance(kinds, str) else kinds).replace("object", "mapping")
    items = entry.get("items", {})
    if items:
        kind = f"list: {_allowed(items)}"
    return " ".join([kind, *(t.format(entry[n]) for n, t in limits.items() if n in entry)])


def _table(heading: str, rows: list[tuple[str, str, Any, str]], with_default: bool) -> str:
    columns = ["key", "meaning", "allowed", "default"][: 4 if with_default else 3]
    lines = [heading, "", f"| {' | '.join(columns)} |", "|" + "---|" * len(columns)]
    for key, text, default, allowed in rows:
        cells = [f"`{key}`", text, allowed, _default(default)][: len(columns)]
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _default(value: Any) -> str:
    return (
        "" if value == "" else f"`{yaml.safe_dump(value, default_flow_style=True).splitlines()[0]}`"
    )


if __name__ == "__main__":
    sys.stdout.write(reference(yaml.safe_load(Path(sys.argv[1]).read_text(encoding="utf-8"))))
