"""Texts as a database holds them: in English, and with what catalogs need to translate them."""

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any

from newsletter.language.wording import Wording, say, say_list, say_many

_MARK = "\x1f"  # the separator of units in ASCII, which no text of ours holds


def as_stored(words: str) -> str:
    """Return a text in the form in which it is stored; one that is only data as it is."""
    if not isinstance(words, Wording):
        return words
    return f"{words}{_MARK}{json.dumps(_taken_apart(words), ensure_ascii=False)}"


def from_stored(text: str) -> str:
    """Return a text that was stored, with what it was made of if that was stored, too."""
    english, mark, parts = text.rpartition(_MARK)
    if not mark:
        return text
    try:
        found = _put_together(json.loads(parts))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError, MemoryError):
        return text  # of somebody else, who happens to use this sign
    return found if found == english else text


def _taken_apart(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return {"moment": value.isoformat()}
    if not isinstance(value, Wording):
        return str(value) if isinstance(value, str) else value
    if value.parts:
        return {"parts": list(map(_taken_apart, value.parts)), "between": value.between}
    own = {name: _taken_apart(inner) for name, inner in value.values.items()}
    counted = {"many": value.plural, "n": value.number} if value.plural else {}
    return {"text": value.template, "values": own, **counted}


def _put_together(taken: Any) -> Any:
    if not isinstance(taken, Mapping):
        return taken
    if "moment" in taken:
        text = taken["moment"]
        return dt.datetime.fromisoformat(text) if "T" in text else dt.date.fromisoformat(text)
    if "parts" in taken:
        return say_list(map(_put_together, taken["parts"]), taken["between"])
    template, many = taken["text"], taken.get("many")
    values = {name: _put_together(inner) for name, inner in taken["values"].items()}
    if many:
        return say_many(template, many, **{**values, "n": taken["n"]})
    return say(template, **values)
