"""config/README.md from the schema and the defaults, so that it cannot be wrong: `make docs`."""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from sparsevae import run_config

INTRODUCTION = """\
# Every key of a study

A study is one YAML file: `snakemake --cores all --configfile config/mnist.yaml`. Without
`--configfile` it is `config.yaml`, the quick study. Several files are laid over each other, the
later ones win, and a model or dataset set to `null` is left out:
`--configfile config/config.yaml config/smoke.yaml`.

Settings of a run are merged, the more specific last: defaults (below) < `run` < `models.<name>` <
`datasets.<name>.run`. A key that is not listed here stops the study before any job.

This page is made by `make docs` from `workflow/schemas/config.schema.yaml` and
`workflow/scripts/sparsevae/run_config.py`; a test fails when it is out of date.
"""

SETTINGS_INTRODUCTION = """\
## Settings of a run

Below `run:`, `models.<name>:` or `datasets.<name>.run:`. Losses are in nats per sample, fractions
are of the training.
"""


def reference(schema: Mapping[str, Any]) -> str:
    """The whole page."""
    definitions = schema["$defs"]
    study = [entry for entry in _rows(schema, definitions, {}) if not entry[0].startswith("run.")]
    identity = {"dataset": "", "model": "", "latent_dim": 0, "seed": 0, "family": ""}
    defaults = run_config.to_mapping(run_config.from_mapping(identity))
    defaults["slab_warmup"] = run_config.to_mapping(run_config.SlabWarmup())
    settings = list(_rows(definitions["settings"], definitions, defaults))
    family = definitions["model"]["properties"]["family"]
    settings.insert(0, ("family", family["description"], "", _allowed(family)))
    dataset = list(_rows(definitions["dataset"], definitions, {}))
    parts = [
        INTRODUCTION,
        _table("## The study", study, with_default=False),
        _table("## `datasets.<name>`", dataset, with_default=False),
        _table(SETTINGS_INTRODUCTION.rstrip(), settings, with_default=True),
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
    sys.stdout.write(reference(yaml.safe_load(Path(sys.argv[1]).read_text())))
