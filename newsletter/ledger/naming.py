"""How words name somebody: finds their name in them, blots it out, or leaves out all others."""

import json
import re
from collections.abc import Iterable
from typing import Any

# An address may stand in a URL, in JSON or in a mail: an escape before it is no part of it.
_BEFORE = (
    r"(?:(?<![\w.+-])|(?<=%[0-9a-f]{2})|(?<==[0-9a-f]{2})|(?<=\\u[0-9a-f]{4})|(?<=\\[nrt])"
    r"|(?<=\+)(?=[^@]{1,254}%40))"  # in a form a plus is a space
)
_AFTER = r"(?![\w-]|\.\w)"
_AT = re.compile(r"@|%40|\\u0040")
# Of a domain; letters of international ones may be escaped, which signs between addresses are not.
_LETTER = r"(?:[\w-]|%[89a-f][0-9a-f]|\\u(?!00[0-7])[0-9a-f]{4})"
# A run of signs as an address has them, and the address if it is one. What is none is found, too,
# so that nothing is looked at twice: what others post may be megabytes of one word.
_RUN = re.compile(
    rf"[\w.+-]+(?P<rest>(?:{_AT.pattern}){_LETTER}+(?:\.{_LETTER}+)+)?", re.IGNORECASE
)
_SOMEBODY = "…"  # in place of the addresses of others
_DEEPEST = 20  # levels of JSON; what is deeper is read as any other words

Pattern = re.Pattern[str]


def pattern_of(needles: Iterable[str]) -> Pattern:
    """Return what finds somebody in words: their addresses as they are and in a URL, their key.

    It finds no longer address that theirs is a part of, such as turbo@ for bo@.
    """
    longest_first = sorted(needles, key=len, reverse=True)
    addresses = [re.escape(one) for one in longest_first if _AT.search(one)]
    keys = [re.escape(one) for one in longest_first if not _AT.search(one)]
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

    def blotted(run: re.Match[str]) -> str:
        is_foreign = run["rest"] and not theirs.search(value, *run.span())
        return _SOMEBODY if is_foreign else run[0]

    return _RUN.sub(blotted, value)


def _words_of(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _structure_of(text: str) -> Any:
    """Return what a text is as JSON; None for what is none, or too deep to be looked through."""
    if not text.lstrip().startswith(("{", "[")):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) and not _is_deep(found) else None


def _is_deep(structure: Any) -> bool:
    level = [structure]
    for _ in range(_DEEPEST):
        inner = (one.values() if isinstance(one, dict) else one for one in level)
        level = [each for some in inner for each in some if isinstance(each, dict | list)]
    return bool(level)
