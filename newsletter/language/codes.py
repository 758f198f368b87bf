"""Turns a language as people and programs write it into its one code."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

# Spellings of each code besides itself.
_WORDS: Mapping[str, tuple[str, ...]] = {
    code: tuple(words.split(", "))
    for code, words in tomllib.loads(
        Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    ).items()
}
_CODES = {word: code for code, words in _WORDS.items() for word in words}
_TAIL = re.compile(r"\s*\([^()]*\)$")  # “Finnish (Finland)”


@lru_cache(maxsize=1024)
def language_of(text: str) -> str | None:
    """Return the code of a language, "" for an empty text, and None for anything unknown."""
    word = _TAIL.sub("", text.strip().lower())
    if word in _CODES or not word:
        return _CODES.get(word, "")
    code = re.split(r"[-_.]", word)[0]  # “sv-FI”, “fi_FI.UTF-8”
    if not re.fullmatch(r"[a-z]{2,3}", code):
        return None
    return _CODES.get(code, code)


def tag_of(text: str) -> str | None:
    """Return the code of a language with its country if there is one, such as "sv-FI"."""
    code = language_of(text)
    _, _, country = text.strip().replace("_", "-").partition("-")
    if not code or not re.fullmatch(r"[A-Za-z0-9]{2,8}(-[A-Za-z0-9]{1,8})*", country):
        return code
    return f"{code}-{country.upper() if len(country) == 2 else country}"


def spellings_of(code: str) -> tuple[str, ...]:
    """Return the spellings of a language, all in lower case; the code comes first."""
    return (code, *_WORDS.get(code, ()))


def by_code(tags: Iterable[str]) -> Mapping[str, str]:
    """Return the language for each code without a country, out of those available."""
    chosen: dict[str, str] = {}
    for tag in sorted(tags, key=len):  # a plain one before those with countries
        chosen.setdefault(language_of(tag) or tag, tag)
    return chosen


def choose_language(wanted: str, tags: Iterable[str], *, otherwise: str) -> str:
    """Return which of the available languages somebody gets who wants a given one."""
    tags = list(tags)
    exact = next((t for t in tags if t.lower() == wanted.replace("_", "-").lower()), None)
    return exact or by_code(tags).get(language_of(wanted) or "", otherwise)
