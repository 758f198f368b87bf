"""Check a request's JSON: by rules of our own, and by a provider's official OpenAPI file."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

Schema = Mapping[str, Any]
Check = Callable[[object], Iterator[str]]

# Parts of schemas that several dialects need.
ADDRESS: Schema = {
    "type": "string",
    "pattern": r"[^@\s<>(),;:\"]+@[^@\s<>(),;:\"]+\.[^@\s<>(),;:\"]+",
}
FILLED: Schema = {"type": "string", "minLength": 1}
FLAG: Schema = {"type": "boolean"}
# Non-ASCII would arrive garbled, a line break would start another header.
HEADER_VALUE: Schema = {"type": "string", "pattern": "[ -~]+"}
HEADERS: Schema = {
    "type": "object",
    "names": r"[A-Za-z0-9!#$%&'*+.^_`|~-]+",
    "additionalProperties": HEADER_VALUE,
}
STRINGS: Schema = {"type": "object", "additionalProperties": {"type": "string"}}
NOT_PLAYED: Schema = {"not": {}}  # the provider knows it, but what it does is not played here

TYPES: Mapping[str, type | tuple[type, ...]] = {
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
    """Name what breaks a schema: a part of JSON Schema in which objects are closed.

    A pattern must match the whole text, and `names` is the pattern of an object's keys.
    """
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


def official(spec: Path | None, *steps: str, also: Schema | None = None) -> Check:
    """Check by the schema found at these steps of a specification; by nothing if it is None.

    `also` corrects properties in which a specification is known to be wrong.
    """
    if spec is None:
        return lambda _: iter(())
    import yaml  # noqa: PLC0415 - both are slow to load, and most tests go without
    from jsonschema import Draft202012Validator  # noqa: PLC0415

    document = yaml.load(spec.read_bytes(), Loader=yaml.CSafeLoader)
    node: Any = document
    for step in steps:
        node = plain_node(node[step], document)
    schema = plain_schema(node, document)
    schema.get("properties", {}).update(also or {})
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return lambda body: (_in_short(error) for error in validator.iter_errors(body))


def plain_schema(node: Any, document: Mapping[str, Any]) -> Any:
    """Turn an OpenAPI schema into JSON Schema: references in place, objects closed."""
    if isinstance(node, list):
        return [plain_schema(item, document) for item in node]
    if not isinstance(node, dict):
        return node
    node = plain_node(node, document)
    schema = {key: plain_schema(value, document) for key, value in node.items() if key != "example"}
    if node.get("nullable") is True:
        schema = {"anyOf": [{"enum": [None]}, schema]}
    elif isinstance(node.get("properties"), dict):
        schema.setdefault("additionalProperties", False)  # a misspelt field would be lost silently
    return schema


def plain_node(node: Any, document: Mapping[str, Any]) -> Any:
    """Follow a reference, if this is one, to what it stands for."""
    while isinstance(node, dict) and isinstance(node.get("$ref"), str):
        node = reduce(getitem, node["$ref"].removeprefix("#/").split("/"), document)
    return node


def first_few(reasons: Sequence[str] | Iterator[str]) -> tuple[str, ...]:
    """Keep each reason once, and at most twenty."""
    return tuple(dict.fromkeys(reasons))[:20]


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


def _in_short(error: Any) -> str:
    is_wordy = error.validator in ("anyOf", "oneOf") or len(error.message) > 120
    rule = f"{error.validator} {error.validator_value!r}"[:120]
    return f"{error.json_path}: {rule if is_wordy else error.message}"
