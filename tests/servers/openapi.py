"""Check a request's JSON by a provider's official OpenAPI file."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, reduce
from operator import getitem
from pathlib import Path
from typing import Any

from .schemas import Schema

Check = Callable[[object], Iterator[str]]


def official(spec: Path | None, *steps: str, also: Schema | None = None) -> Check:
    """Check by the schema found at these steps of a specification; by nothing if it is None.

    `also` corrects properties in which a specification is known to be wrong.
    """
    if spec is None:
        return lambda _: iter(())
    from jsonschema import Draft202012Validator  # noqa: PLC0415 - slow to load, and seldom needed

    schema = dict(_found(spec, steps))
    schema["properties"] = {**schema.get("properties", {}), **(also or {})}
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    return lambda body: (_in_short(error) for error in validator.iter_errors(body))


@cache
def _found(spec: Path, steps: Sequence[str]) -> Schema:
    """Return the schema at these steps, as JSON Schema; it takes seconds to read."""
    import yaml  # noqa: PLC0415 - as above

    document = yaml.load(spec.read_bytes(), Loader=yaml.CSafeLoader)
    node: Any = document
    for step in steps:
        node = plain_node(node[step], document)
    schema: Schema = plain_schema(node, document)
    return schema


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


def _in_short(error: Any) -> str:
    is_wordy = error.validator in ("anyOf", "oneOf") or len(error.message) > 120
    rule = f"{error.validator} {error.validator_value!r}"[:120]
    return f"{error.json_path}: {rule if is_wordy else error.message}"
