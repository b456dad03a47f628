"""Config files as they are written: what YAML would take silently ends in one line.

Snakemake reads the files itself, and hands on values: of two equal keys the last, and of 010 or a
name such as `no` what YAML 1.1 makes of it. So the files are read again, for their text.
"""

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml

from sparsevae.jobs.errors import ConfigError

_TEXT = "tag:yaml.org,2002:str"
_READINGS = {
    "tag:yaml.org,2002:bool": "true or false",
    "tag:yaml.org,2002:int": "a number",
    "tag:yaml.org,2002:float": "a number",
    "tag:yaml.org,2002:timestamp": "a date",
    "tag:yaml.org,2002:null": "null",
}
# 010 is 8 and 1:30 is 90 in YAML 1.1.
_OLD_NUMBER = re.compile(r"[-+]?0[0-9_]+|[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?")


def check_files(files: Iterable[str | Path]) -> None:
    """Raise ConfigError, with file and line, for what cannot have been meant."""
    for file in files:
        _check(Path(file))


def _check(file: Path) -> None:
    try:
        text = file.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    if _is_json(text, file):
        return
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ConfigError(_syntax(file, error)) from None
    for node in _nodes(root, set()):
        if isinstance(node, yaml.MappingNode):
            _check_keys(file, node)
        elif isinstance(node, yaml.ScalarNode):
            _check_number(file, node)


def _check_keys(file: Path, mapping: yaml.MappingNode) -> None:
    lines: dict[str, int] = {}
    for key, _ in mapping.value:
        line = key.start_mark.line + 1
        if key.tag in _READINGS:
            raise ConfigError(
                f"{file}, line {line}: YAML reads the key {key.value or 'null'} as "
                f'{_READINGS[key.tag]}; quote it: "{key.value or "null"}"'
            )
        if not isinstance(key, yaml.ScalarNode):
            raise ConfigError(f"{file}, line {line}: a key is a list or mapping; write a name")
        if key.value in lines:
            raise ConfigError(
                f"{file}, line {line}: {key.value} is there already, in line {lines[key.value]}; "
                "rename one or take it out"
            )
        lines[key.value] = line


def _check_number(file: Path, scalar: yaml.ScalarNode) -> None:
    if scalar.tag != _TEXT and scalar.tag in _READINGS and _OLD_NUMBER.fullmatch(scalar.value):
        value = yaml.safe_load(scalar.value)
        raise ConfigError(
            f"{file}, line {scalar.start_mark.line + 1}: YAML reads {scalar.value} as {value}; "
            f'write {value}, or quote what is meant as text: "{scalar.value}"'
        )


def _nodes(node: yaml.Node | None, seen: set[int]) -> Iterator[yaml.Node]:
    """A node and all below it, each once: aliases can be many, and lead back to themselves."""
    if node is None or id(node) in seen:
        return
    seen.add(id(node))
    yield node
    if isinstance(node, yaml.MappingNode):
        for pair in node.value:
            for part in pair:
                yield from _nodes(part, seen)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _nodes(item, seen)


def _syntax(file: Path, error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or error
    place = f"{file}, line {mark.line + 1}, column {mark.column + 1}" if mark else str(file)
    return f"{place}: not YAML: {' '.join(str(problem).split())}"


def _is_json(text: str, file: Path) -> bool:
    """Whether a file is JSON, which Snakemake tries first; its keys are text."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        names = [name for name, _ in pairs]
        for name in names:
            if names.count(name) > 1:
                raise ConfigError(f"{file}: {name} is there twice; rename one or take it out")
        return dict(pairs)

    try:
        json.loads(text, object_pairs_hook=once)
    except ValueError:
        return False
    return True
