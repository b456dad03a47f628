"""The config against its JSON schema: one line that names the key and what is allowed there."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from sparsevae.jobs.errors import ConfigError


def check_against_schema(config: Mapping[str, Any], schema: Path) -> None:
    """Raises ConfigError for the first key, in the order of their names, that is not allowed."""
    validator = Draft202012Validator(yaml.safe_load(schema.read_text(encoding="utf-8")))
    errors = sorted(validator.iter_errors(config), key=lambda error: [str(p) for p in error.path])
    if errors:
        raise ConfigError(one_line(errors[0]))


def one_line(error: ValidationError) -> str:
    """`key: value is not allowed; allowed: ...`, whatever part of the schema was violated."""
    key = ".".join(str(part) for part in error.path)
    rule, limit = error.validator, error.validator_value
    if "propertyNames" in error.absolute_schema_path:
        key = _join(key, error.instance)
    if rule == "additionalProperties":
        known = error.schema.get("properties", {})
        unknown = next(name for name in error.instance if name not in known)
        return f"config: {_join(key, unknown)}: no such key; allowed: {', '.join(known)}"
    if rule == "required":
        missing = [name for name in limit if name not in error.instance]
        return f"config: {_join(key, missing[0])}: missing; {_description(error, missing[0])}"
    allowed = {
        "enum": lambda: ", ".join(str(value) for value in limit),
        "type": lambda: " or ".join([limit] if isinstance(limit, str) else limit),
        "minimum": lambda: f"at least {limit}",
        "maximum": lambda: f"at most {limit}",
        "exclusiveMinimum": lambda: _range(error.schema),
        "exclusiveMaximum": lambda: _range(error.schema),
        "pattern": lambda: f"names of the form {limit}",
        "minItems": lambda: f"at least {limit} of them",
        "minProperties": lambda: f"at least {limit} of them",
        "uniqueItems": lambda: "each value once",
    }.get(rule, lambda: f"{rule} {limit}")()
    found = f"{key}: {_short(error.instance)}" if key else _short(error.instance)
    return f"config: {found} is not allowed; allowed: {allowed}"


def _description(error: ValidationError, name: str) -> str:
    return error.schema.get("properties", {}).get(name, {}).get("description", "it must be set")


def _range(schema: Mapping[str, Any]) -> str:
    parts = {
        "minimum": "at least {}",
        "exclusiveMinimum": "more than {}",
        "maximum": "at most {}",
        "exclusiveMaximum": "less than {}",
    }
    return " and ".join(text.format(schema[name]) for name, text in parts.items() if name in schema)


def _short(value: Any) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else text[:57] + "..."


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else str(name)
