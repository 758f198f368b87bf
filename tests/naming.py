"""Names of cases: what they are made of, where pytest would only count them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum

_LENGTH = 50  # letters
_PLAIN = (str, bytes, int, float, dt.date, dt.time, dt.timedelta, type(None))


def name_of(value: object) -> str | None:
    """Return a name for a value of a case; None where pytest has a good one, or nothing is known.

    It is the same in every process: the elements of a set are put in order.
    """
    if isinstance(value, str) and len(value) <= _LENGTH:
        return None
    if value is None or isinstance(value, bool | int | float | type):
        return None
    text = " ".join(" ".join(_words(value)).split())
    has_parts = isinstance(value, Mapping | list | tuple | set | frozenset | str | bytes)
    return text[:_LENGTH] or ("nothing" if has_parts else None)


def _words(value: object) -> Iterable[str]:
    """Yield what a value consists of, as far as it has names."""
    own = getattr(value, "name", None) or getattr(value, "id", None)
    if isinstance(value, Enum):
        yield value.name.lower()
    elif isinstance(value, bytes):
        yield repr(value)[2:-1]
    elif isinstance(value, _PLAIN):
        yield str(value)
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            yield f"{key}={' '.join(_words(inner))}"
    elif isinstance(value, set | frozenset):
        yield from sorted(word for inner in value for word in _words(inner))
    elif isinstance(value, list | tuple):
        yield from (word for inner in value for word in _words(inner))
    elif isinstance(own, str) and not isinstance(value, type):
        yield own
    elif is_dataclass(value) and not isinstance(value, type):
        parts = (getattr(value, field.name) for field in fields(value))
        yield from (word for part in parts if part for word in _words(part))
