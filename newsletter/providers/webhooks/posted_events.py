"""Reads the parts of a webhook's body into the words of the ledger, whatever shape they have."""

import datetime as dt
import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from newsletter.bounces import BounceClass, class_of, enhanced_code
from newsletter.model import Return, ReturnKind
from newsletter.moments import latest

_LONGEST_TEXT, _LONGEST_WORD = 2000, 500  # characters
_MOST_EVENTS = 5000  # in one body; the largest batch of any provider has 1,000

# Fields of opens and clicks that tell of a reader's program and network; nothing keeps them.
_TRACES = {"ip", "ipaddress", "useragent", "agent", "clientinfo", "client", "os", "geo"} | {
    "geolocation", "deviceused", "platform",
}  # fmt: skip

Event = Mapping[str, Any]


def events_of(body: bytes, *, inside: str = "") -> list[Any]:
    """Return the events of a body: a list, one object, or the list in a field of it.

    Raise ValueError for anything else.
    """
    said = json.loads(body)
    if isinstance(said, dict) and inside and isinstance(said.get(inside), list):
        said = said[inside]
    events = said if isinstance(said, list) else [said]
    if not all(isinstance(event, dict) for event in events) or len(events) > _MOST_EVENTS:
        raise ValueError("no list of events")
    return events


def each(
    source: str, events: Iterable[Event], read: Callable[[Event], Iterable[Return]]
) -> list[Return]:
    """Return what events tell; one that cannot be read keeps no other from being heard."""
    found: list[Return] = []
    for event in events:
        try:
            found += read(event)
        except (LookupError, TypeError, ValueError, AttributeError, ArithmeticError):
            text = reply(json.dumps(_without_traces(event)))
            found.append(Return(kind=ReturnKind.UNKNOWN, source=source, text=text))
    return found


def _without_traces(value: Any) -> Any:
    """Return a part of an event without what tells of a reader's program and network."""
    if isinstance(value, dict):
        return {k: _without_traces(v) for k, v in value.items() if _bare(k) not in _TRACES}
    return [_without_traces(part) for part in value] if isinstance(value, list) else value


def _bare(key: str) -> str:
    return "".join(filter(str.isalpha, key.lower()))


def words(value: Any, longest: int = _LONGEST_WORD) -> str:
    """Return a value as a text that every database can hold; empty for none and for objects."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = str(value).encode("utf-8", "replace").decode().replace("\0", "\ufffd")
    return text.strip()[:longest]


def reply(*values: Any) -> str:
    """Return what a server said, on one line, of the fields in which a provider gives it."""
    told = (" ".join(words(value, _LONGEST_TEXT).split()) for value in values)
    return " ".join(dict.fromkeys(filter(None, told)))[:_LONGEST_TEXT]


def message_id(value: Any) -> str:
    """Return a message id without its angle brackets."""
    return words(value).removeprefix("<").removesuffix(">")


def moment(*values: Any) -> dt.datetime | None:
    """Return the first of these that is a time, in UTC; a number is Unix time."""
    for value in values:
        if found := latest(words(value)):
            return dt.datetime.fromisoformat(found)
    return None


def child(event: Event, *names: str) -> Event:
    """Return an object inside an event; an empty one where there is none."""
    inner: Any = event
    for name in names:
        inner = inner.get(name) if isinstance(inner, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def first(value: Any) -> Any:
    """Return the first of a list, or the value itself."""
    return (value[0] if value else None) if isinstance(value, list) else value


def code_in(status: Any, text: str) -> str:
    """Return the enhanced status code: of its own field, else of what the server said.

    A field that says x.0.0 knows no more than the class, so the reply may know better.
    """
    own = enhanced_code(words(status))
    if own and not own.endswith(".0.0"):
        return own
    return enhanced_code(text) or own


def bounced(status: Any, text: str, *, is_permanent: bool) -> tuple[ReturnKind, str]:
    """Return what a bounce means, and its code; `text` is what the reader's server said.

    The provider calls it permanent or not, which code and words correct. But words alone make
    nothing permanent.
    """
    code = code_in(status, text)
    called = BounceClass.HARD if is_permanent else BounceClass.SOFT
    found = class_of(code, text, otherwise=called)
    if found is BounceClass.HARD and not is_permanent:
        found = class_of(code)
    return ReturnKind[found.name], code


def batch_tag(tags: Any) -> str:
    """Return the tag of the batch among all tags of a message, as `composing` writes it."""
    if isinstance(tags, str):
        tags = json.loads(tags) if tags.startswith("[") else [tags]
    known = tags if isinstance(tags, list) else []
    return next((tag for tag in map(words, known) if _BATCH.fullmatch(tag)), "")


_BATCH = re.compile(r"[0-9a-f]{8}-b[0-9]{1,12}")
