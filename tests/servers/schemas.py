"""Check JSON by rules of our own: a part of JSON Schema in which objects are closed."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Schema = Mapping[str, Any]


def text(pattern: str = "", *, least: int = 0, most: int = 0) -> Schema:
    """Describe a text; the pattern must match the whole of it."""
    limits = {"pattern": pattern, "minLength": least, "maxLength": most}
    return {"type": "string", **{name: limit for name, limit in limits.items() if limit}}


def one_of(*words: object) -> Schema:
    """Describe a choice of words, or of switches."""
    return {"type": "boolean" if isinstance(words[0], bool) else "string", "enum": words}


def number(least: int = 0, most: int = 2**63) -> Schema:
    """Describe a whole number."""
    return {"type": "integer", "minimum": least, "maximum": most}


def several(items: Schema, least: int = 0, most: int = 1_000_000) -> Schema:
    """Describe a list."""
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def record(must: Mapping[str, Schema], may: Mapping[str, Schema] | None = None) -> Schema:
    """Describe an object: what it must have, and what it may have, and nothing else."""
    return {"type": "object", "required": [*must], "properties": {**must, **(may or {})}}


def table(values: Schema, **more: object) -> Schema:
    """Describe an object whose names are the caller's; `names` is their pattern."""
    return {"type": "object", "additionalProperties": values, **more}


def not_played(*names: str) -> dict[str, Schema]:
    """Name fields that the provider knows, but what they do is not played here."""
    return {name: {"not": {}} for name in names}


ADDRESS = text(r"[^@\s<>(),;:\"]+@[^@\s<>(),;:\"]+\.[^@\s<>(),;:\"]+")
FILLED = text(least=1)
LINE = text(r"[^\r\n]+")
WORD = text("[A-Za-z0-9_-]{1,256}")
FLAG: Schema = {"type": "boolean"}
STRINGS = table(text())
# Non-ASCII would arrive garbled, a line break would start another header.
HEADER_VALUE = text("[ -~]+")
HEADERS = table(HEADER_VALUE, names=r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")

TYPES: Mapping[str, type] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
}
RULES: Mapping[str, Callable[[Any, Any], bool]] = {
    "pattern": lambda value, rule: re.fullmatch(rule, value) is not None,
    "minLength": lambda value, rule: len(value) >= rule,
    "maxLength": lambda value, rule: len(value) <= rule,
    "minItems": lambda value, rule: len(value) >= rule,
    "maxItems": lambda value, rule: len(value) <= rule,
    "maxProperties": lambda value, rule: len(value) <= rule,
    "minimum": lambda value, rule: value >= rule,
    "maximum": lambda value, rule: value <= rule,
    "enum": lambda value, rule: value in rule,
    "uniqueItems": lambda value, _: len(set(map(repr, value))) == len(value),
    "names": lambda value, rule: all(re.fullmatch(rule, name) for name in value),
}


def problems(value: object, schema: Schema, at: str = "$") -> Iterator[str]:
    """Name what breaks a schema."""
    if "not" in schema:
        yield f"{at}: not played here"
        return
    kind = schema.get("type")
    if kind and not _is_a(value, kind):
        yield f"{at}: is not of type {kind}"
        return
    for rule, holds in RULES.items():
        if rule in schema and not holds(value, schema[rule]):
            yield f"{at}: breaks {rule} {schema[rule]!r}"[:160]
    if isinstance(value, dict):
        yield from _member_problems(value, schema, at)
    for position, item in enumerate(value if isinstance(value, list) else []):
        yield from problems(item, schema.get("items", {}), f"{at}[{position}]")


def _is_a(value: object, kind: str) -> bool:
    return isinstance(value, TYPES[kind]) and isinstance(value, bool) == (kind == "boolean")


def _member_problems(value: Mapping[str, object], schema: Schema, at: str) -> Iterator[str]:
    known: Mapping[str, Schema] = schema.get("properties", {})
    rest: Schema | None = schema.get("additionalProperties", None if known else {})
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{at}.{name}: is missing"
    for name, member in value.items():
        rule = known.get(name, rest)
        if rule is None:
            yield f"{at}.{name}: unknown field"
        else:
            yield from problems(member, rule, f"{at}.{name}")
