"""Settings from plain values, or one line that names the key, the value and what is allowed."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import ValidationError

from sparsevae.jobs.errors import ConfigError
from sparsevae.study.declarations import Settings

Kind = TypeVar("Kind", bound=Settings)
Schema = Mapping[str, Any]
Error = Mapping[str, Any]  # pydantic's ErrorDetails

_LIMITS = {
    "minimum": "at least {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "at most {}",
    "exclusiveMaximum": "less than {}",
}


def validate(kind: type[Kind], values: Any, source: str = "") -> Kind:
    """Return the settings. Raise ConfigError for the first key, by name, that is not allowed.

    source: what the line starts with, such as "config: ".
    """
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        first = _first(error.errors())
    raise ConfigError(source + _one_line(first, kind.model_json_schema()))


def allowed(node: Schema, definitions: Schema) -> str:
    """What a part of a JSON schema allows, as text: `list: integer at least 1, each once`."""
    node = resolved(node, definitions)
    if "anyOf" in node:
        return " or ".join(allowed(option, definitions) for option in node["anyOf"])
    if "enum" in node or "const" in node:
        return ", ".join(map(str, node.get("enum") or [node["const"]]))
    if "pattern" in node:
        return f"text of the form {node['pattern']}"
    if "items" in node:
        return _of_lists(node, definitions)
    kinds = {"string": "text", "object": "mapping", "boolean": "true or false"}
    kind = kinds.get(node.get("type", "object"), str(node.get("type")))
    limits = [text.format(node[name]) for name, text in _LIMITS.items() if name in node]
    some = ["with at least 1 entry"] if node.get("minProperties") else []
    return " ".join([kind, " and ".join([*limits, *some])]).strip()


def resolved(node: Schema, definitions: Schema) -> Schema:
    """A part of a schema, or what it refers to."""
    return definitions[node["$ref"].rsplit("/", 1)[1]] if "$ref" in node else node


def shortened(value: Any) -> str:
    """The value on one line of at most 60 characters."""
    text = " ".join(
        (value.isoformat() if isinstance(value, datetime.date) else repr(value)).split()
    )
    return text if len(text) <= 60 else text[:57] + "..."


def joined(parts: Iterable[Any]) -> str:
    """A dotted name."""
    return ".".join(str(part) for part in parts)


def _first(errors: Sequence[Error]) -> Error:
    """By the names of keys; a list that is too short for want of a right item is no error."""
    places = [error["loc"] for error in errors]
    own = [
        error
        for error in errors
        if not any(p != error["loc"] and p[: len(error["loc"])] == error["loc"] for p in places)
    ]
    return min(own, key=lambda error: [str(part) for part in error["loc"]])


def _one_line(error: Error, schema: Schema) -> str:
    definitions = schema.get("$defs", {})
    path, value = error["loc"], error["input"]
    if error["type"] == "missing":
        declared = _at(schema, path, definitions)
        return f"{joined(path)}: missing; {declared.get('description', 'it must be set')}"
    if error["type"] == "extra_forbidden":
        known = _present(_at(schema, path[:-1], definitions), definitions)["properties"]
        return f"{joined(path)}: no such key; allowed: {', '.join(known)}"
    if error["type"] == "invalid_key" or (path and path[-1] == "[key]"):
        return _of_a_name(error, schema)
    node = _at(schema, path, definitions)
    is_own = error["type"] == "value_error"
    expected = str(error["ctx"]["error"]) if is_own else allowed(node, definitions)
    found = f"{joined(path)}: {shortened(value)}" if path else shortened(value)
    return f"{found} is not allowed; allowed: {expected}{_advice(value, expected)}"


def _of_a_name(error: Error, schema: Schema) -> str:
    """A key that is no text, or not one of the names that are allowed there."""
    definitions, name = schema.get("$defs", {}), error["input"]
    path = error["loc"][: -1 if error["type"] == "invalid_key" else -2]
    node = _present(_at(schema, path, definitions), definitions)
    if "propertyNames" in node:
        expected = allowed(node["propertyNames"], definitions)
    else:
        patterns = node.get("patternProperties", ())
        expected = " or ".join(f"names of the form {text}" for text in patterns)
        expected = expected or ", ".join(node.get("properties", ())) or "text"
    advice = _advice(name, "text")
    found = f"{joined([*path, name])}: {shortened(name)}"
    return f"{found} is not allowed; allowed: {expected}{advice}"


def _advice(value: Any, expected: str) -> str:
    """What YAML made of a word that was meant as text, or of a whole number with a point."""
    if isinstance(value, float) and value.is_integer() and "integer" in expected:
        return f"; write {int(value)}"
    readings: list[tuple[tuple[type, ...], str]] = [
        ((bool,), "yes, no, on and off as true or false"),
        ((int, float), "this as a number"),
        ((datetime.date,), "this as a date"),
    ]
    takes_text = not any(word in expected for word in ("integer", "number", "true", "list"))
    for kinds, reading in readings:
        if takes_text and "mapping" not in expected and isinstance(value, kinds):
            return f"; YAML reads {reading}: quote what is meant as text"
    return ""


def _of_lists(node: Schema, definitions: Schema) -> str:
    fewest, most = node.get("minItems", 0), node.get("maxItems")
    number = f" of {fewest}" if fewest and fewest == most else ""
    parts = [f"list{number}: {allowed(node['items'], definitions)}"]
    parts += [f"at least {fewest} of them"] if fewest and not number else []
    parts += ["each once"] if node.get("uniqueItems") else []
    return ", ".join(parts)


def _at(node: Schema, path: Iterable[Any], definitions: Schema) -> Schema:
    """The part of a schema that a path of keys and positions leads to."""
    for part in path:
        node = _present(node, definitions)
        options = [node.get("properties", {}).get(part), node.get("additionalProperties")]
        options += [*node.get("patternProperties", {}).values(), node.get("items")]
        node = next(option for option in options if option)
    return node


def _present(node: Schema, definitions: Schema) -> Schema:
    """A part of a schema without its null, if the rest is a group of settings or a list."""
    options = [resolved(option, definitions) for option in node.get("anyOf", [])]
    nested = [option for option in options if {"properties", "items"} & option.keys()]
    return nested[0] if nested else resolved(node, definitions)
