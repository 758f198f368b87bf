"""Texts side by side in several languages: which of them somebody reads."""

from collections.abc import Mapping
from typing import TypeVar

T = TypeVar("T")


def in_language(texts: Mapping[str, T], language: str) -> T:
    """Return what is said in a language (BCP 47), or else in the first one: the newsletter's."""
    for tongue in (language, language.partition("-")[0]):
        if tongue in texts:
            return texts[tongue]
    return next(iter(texts.values()))


def has_language(texts: Mapping[str, object], language: str) -> bool:
    """Return whether something is said in a language (BCP 47), with or without its region."""
    return language in texts or language.partition("-")[0] in texts


def words_in(words: Mapping[str, str], language: str) -> str:
    """Return the same of words, of which some languages may have none; "" where all have none."""
    written = {tongue: text for tongue, text in words.items() if text}
    return in_language(written, language) if written else ""
