"""Settings that nothing uses are refused: they would look like a choice and change no result."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from sparsevae.jobs.errors import ConfigError
from sparsevae.study.declarations import SET, Settings
from sparsevae.study.families import families_using
from sparsevae.study.settings import RunConfig, set_values
from sparsevae.study.validation import shortened


def refuse_unused(key: str, settings: Settings, runs: Collection[RunConfig]) -> None:
    """Raise ConfigError for a setting of one place of the config that none of its runs uses.

    key: the place, such as `models.vae`; runs: those that it applies to. Nulls are let through:
    they switch off what is not there. A place without runs is not looked at.
    """
    for name, value in _nested(set_values(settings)):
        reasons = [_why_unused(name, run) for run in runs]
        if value is not None and reasons and all(reasons):
            raise ConfigError(
                f"config: {key}.{name}: {shortened(value)} is used by no run; {reasons[0]}"
            )


def refuse_own(dataset: str, settings: Settings) -> None:
    """Raise ConfigError for a setting of a dataset that others of its entry leave unused."""
    for name in settings.model_fields_set:
        extra: Any = type(settings).model_fields[name].json_schema_extra
        for other, values in (extra or {}).get("used_with", {}).items():
            found = getattr(settings, other)
            if found is None if values == SET else found not in values:
                wanted = "a value" if values == SET else " or ".join(_written(v) for v in values)
                raise ConfigError(
                    f"config: datasets.{dataset}.{name}: {shortened(getattr(settings, name))} is "
                    f"used with {other}: {wanted}, which is {_written(found)}"
                )


def _why_unused(name: str, run: RunConfig) -> str:
    """What a run would need to use a setting, or nothing if it uses it."""
    users = families_using(name)
    if run.family not in users:
        return f"family {run.family} has no {name}; allowed for families: {', '.join(users)}"
    for other, values in _needed(name).items():
        found = _value(run, other)
        if found is None if values == SET else found not in values:
            wanted = "a value" if values == SET else " or ".join(_written(v) for v in values)
            return f"allowed with {other}: {wanted}, which is {_written(found)}"
    return ""


def _needed(name: str) -> Mapping[str, Any]:
    """`used_with` of the declaration of a setting; nothing for a group of settings."""
    *groups, last = name.split(".")
    kind: type[Settings] = RunConfig
    for group in groups:
        kind = _group(kind, group)
    extra: Any = kind.model_fields[last].json_schema_extra
    return extra.get("used_with", {}) if extra else {}


def _group(kind: type[Settings], name: str) -> type[Settings]:
    annotation = kind.model_fields[name].annotation
    options = [annotation, *getattr(annotation, "__args__", ())]
    return next(o for o in options if isinstance(o, type) and issubclass(o, Settings))


def _value(run: RunConfig, name: str) -> Any:
    value: Any = run
    for part in name.split("."):
        value = getattr(value, part, None)
    return value


def _nested(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    """Groups and settings by their dotted names, a group before what is in it."""
    for name, value in values.items():
        yield f"{above}{name}", value
        if isinstance(value, dict):
            yield from _nested(value, f"{above}{name}.")


def _written(value: Any) -> str:
    return "null" if value is None else str(value)
