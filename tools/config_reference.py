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
`--configfile config/reproduction.yaml config/reproduction_small.yaml`.

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


def reference() -> str:
    """Return config/README.md."""
    study = [row for row in _rows(StudySettings) if not row[0].startswith("run.")]
    dataset = [row for row in _rows(DatasetSettings) if not row[0].startswith("run.")]
    parts = [
        INTRODUCTION,
        _table("## The study", study),
        _table("## `datasets.<name>`", dataset),
        _table(SETTINGS_INTRODUCTION.rstrip(), list(_rows(ModelSettings))),
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
