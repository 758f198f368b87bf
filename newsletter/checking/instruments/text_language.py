"""Detects which of the newsletter's languages a text is written in, by its function words."""

import re
from collections.abc import Iterable

from newsletter.checking.instruments.vocabulary import COMMON
from newsletter.language import say

RUNS_LEFT = ("ar", "fa", "he", "ur", "yi")  # languages written from right to left
LANGUAGE_NAMES = {"fi": say("Finnish"), "sv": say("Swedish"), "en": say("English")}
_WORD = re.compile(r"[^\W\d_]+")


def primary(tag: str) -> str:
    """Return the language of a tag such as "sv-FI", without its country."""
    return tag.strip().lower().partition("-")[0]


def words_in(text: str) -> list[str]:
    """Return the words of a text in lower case, without digits."""
    return _WORD.findall(text.lower())


def counts_of(words: Iterable[str]) -> dict[str, int]:
    """Return how many of the words are common ones, by language."""
    counts = dict.fromkeys(COMMON, 0)
    for word in words:
        for language, common in COMMON.items():
            counts[language] += word in common
    return counts


def language_of(words: list[str]) -> str | None:
    """Return the language of some words; None unless one is far ahead of the others.

    Finnish has few function words, so one word in twenty is enough; but there must be at least
    four, and three times as many as of any other language.
    """
    ranked = sorted(counts_of(words).items(), key=lambda item: item[1], reverse=True)
    (best, most), (_, next_most) = ranked[:2]
    stands_out = most >= 4 and most >= 3 * next_most and most * 20 >= len(words)
    return best if stands_out else None
