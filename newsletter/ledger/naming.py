"""How words name somebody: finds their name in them, blots it out, or leaves out all others."""

import json
import re
from collections.abc import Iterable
from typing import Any

# An address may stand in a URL, in JSON or in a mail: an escape before it is no part of it.
_BEFORE = (
    r"(?:(?<![\w.+-])|(?<=%[0-9a-f]{2})|(?<==[0-9a-f]{2})|(?<=\\u[0-9a-f]{4})|(?<=\\[nrt])"
    r"|(?<=\+)(?=[^@]*%40))"  # in a form a plus is a space
)
_AFTER = r"(?![\w-]|\.\w)"
_ADDRESS = re.compile(r"[\w.+-]+(?:@|%40|\\u0040)[\w-]+(?:\.[\w-]+)+", re.ASCII | re.IGNORECASE)
_SOMEBODY = "…"  # in place of the addresses of others

Pattern = re.Pattern[str]


def pattern_of(needles: Iterable[str]) -> Pattern:
    """Return what finds somebody in words: their addresses as they are and in a URL, their key.

    It finds no longer address that theirs is a part of, such as turbo@ for bo@.
    """
    longest_first = sorted(needles, key=len, reverse=True)
    addresses = [re.escape(one) for one in longest_first if _ADDRESS.search(one)]
    keys = [re.escape(one) for one in longest_first if not _ADDRESS.search(one)]
    found = [f"{_BEFORE}(?:{'|'.join(addresses)}){_AFTER}"] if addresses else []
    return re.compile("|".join([*found, *keys]), re.ASCII | re.IGNORECASE)


def is_named(value: Any, theirs: Pattern) -> bool:
    """Return whether what a column holds names somebody."""
    return theirs.search(_words_of(value)) is not None


def without_others(value: Any, theirs: Pattern) -> Any:
    """Return what a column holds without what it says of others.

    What a provider posts may be about a thousand people: of a list that names somebody only those
    parts are left that do.
    """
    if isinstance(value, bytes):
        return without_others(value.decode("utf-8", "replace"), theirs).encode()
    if isinstance(value, dict):
        return {key: without_others(each, theirs) for key, each in value.items()}
    if isinstance(value, list):
        about = [each for each in value if is_named(each, theirs)]
        return [without_others(each, theirs) for each in about or value]
    if not isinstance(value, str):
        return value
    inner = _structure_of(value)
    if inner is not None:
        return json.dumps(without_others(inner, theirs), ensure_ascii=False)
    return _ADDRESS.sub(lambda one: one[0] if theirs.search(one[0]) else _SOMEBODY, value)


def _words_of(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _structure_of(text: str) -> Any:
    """Return what a text is as JSON; None for what is none."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None
