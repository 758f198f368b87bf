"""Writes counts as JSON that is kept, reads them again, and says what differs between two."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from typing import Any, TypeVar

from pydantic import TypeAdapter

from newsletter.model.figures import Counts, Delivered, Split

T = TypeVar("T")


def written(value: Counts | Delivered) -> dict[str, Any]:
    """Return counts as JSON has them."""
    found: dict[str, Any] = _adapter(type(value).__name__).dump_python(value, mode="json")
    return found


def read(kind: type[T], value: Mapping[str, Any]) -> T:
    """Return the counts that were written."""
    found: T = _adapter(kind.__name__).validate_python(value)
    return found


def differences(before: Counts | Delivered, after: Counts | Delivered) -> dict[str, list[Any]]:
    """Return which figures differ, by name, with both values; links and hours are left to sums."""
    old, new = dict(_figures(before)), dict(_figures(after))
    return {name: [old.get(name), new[name]] for name in new if old.get(name) != new[name]}


def _figures(counts: Counts | Delivered) -> Iterator[tuple[str, int | None]]:
    for field in fields(counts):
        value = getattr(counts, field.name)
        if isinstance(value, Split):
            yield from ((f"{field.name}.{f.name}", getattr(value, f.name)) for f in fields(value))
        elif value is None or isinstance(value, int):
            yield field.name, value


@cache  # to make one takes longer than to read a hundred rows
def _adapter(name: str) -> TypeAdapter[Any]:
    return TypeAdapter({kind.__name__: kind for kind in (Counts, Delivered)}[name])
