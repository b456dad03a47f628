"""What a setting is declared with: type, range, default, unit, description, and what it needs.

All that is known of a setting follows from its declaration: validation, defaults, the JSON schema,
config/README.md, and whether a run uses it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    field_validator,
)

REQUIRED = ...
# For `used_with`: any value but null.
SET = "set"

_NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
_INTEGER = re.compile(r"[-+]?[1-9]\d{0,17}|0")


class Settings(BaseModel):
    """A group of settings, all declared; its values never change."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @field_validator("*", mode="before")
    @classmethod
    def _read_text(cls, value: Any, info: Any) -> Any:
        """YAML 1.1 takes 1e-3 for text, and Snakemake what is nested in --config."""
        return _from_text(value, cls.model_fields[info.field_name].annotation)


def setting(
    default: Any,
    description: str,
    unit: str | None = None,
    used_with: Mapping[str, tuple[Any, ...] | str] | None = None,
    **limits: Any,
) -> Any:
    """Declare one setting; `limits` are those of pydantic's Field.

    used_with: other settings by their dotted names, and the values (or SET) that they must have
    for a run to use this one.
    """
    extra: dict[str, Any] = {"unit": unit, "used_with": used_with}
    known = {name: value for name, value in extra.items() if value is not None}
    return Field(default, description=description, json_schema_extra=known or None, **limits)


def group(kind: type[Settings]) -> Any:
    """Declare a group of settings, described by its docstring, which starts as their defaults."""
    return Field(default_factory=kind)


Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Integer = Annotated[int, Field(strict=True)]
Flag = Annotated[bool, Field(strict=True)]
Fraction = Annotated[Number, Field(ge=0, le=1)]
Positive = Annotated[Integer, Field(ge=1)]


@dataclass(frozen=True)
class OneOf:
    """Annotates text that must be one of the names of a registry."""

    names: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        return handler.generate_schema(Literal[self.names])


class EachOnce:
    """Annotates a list whose values must differ."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> Any:
        return AfterValidator(_each_once).__get_pydantic_core_schema__(source, handler)

    def __get_pydantic_json_schema__(self, schema: Any, handler: GetJsonSchemaHandler) -> Any:
        return {**handler(schema), "uniqueItems": True}


def _each_once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(values)) < len(values):
        raise ValueError("each value once")
    return values


def _from_text(value: Any, annotation: Any) -> Any:
    """Return the number, truth value or null that a text is, if the setting takes such."""
    if get_origin(annotation) is Annotated:
        annotation = get_args(annotation)[0]
    if isinstance(value, list):
        inner = get_args(annotation)[:1]
        return [_from_text(item, inner[0]) for item in value] if inner else value
    if not isinstance(value, str):
        return value
    kinds = _kinds(annotation)
    if int in kinds and _INTEGER.fullmatch(value):
        return int(value)
    if float in kinds and _NUMBER.fullmatch(value):
        return float(value)
    if bool in kinds and value in ("true", "false"):
        return value == "true"
    return None if NoneType in kinds and value == "null" else value


def _kinds(annotation: Any) -> set[Any]:
    """The types of a union, or the only one, without what annotates them."""
    options = [annotation] if isinstance(annotation, type) else get_args(annotation)
    return {get_args(kind)[0] if get_origin(kind) is Annotated else kind for kind in options}
