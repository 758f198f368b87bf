"""What the forms of a word share, by the rules of its language."""

import re
from functools import lru_cache
from typing import Any
from unicodedata import normalize

import snowballstemmer

_ALGORITHMS = {"fi": "finnish", "sv": "swedish", "en": "english", "nb": "norwegian"}
_ALGORITHMS |= {"da": "danish", "de": "german", "et": "estonian", "fr": "french", "ru": "russian"}
_GRADES = {"ng": "nk", "nn": "nt", "mm": "mp", "ll": "lt", "rr": "rt"}
_GRADES |= {"kk": "k", "pp": "p", "tt": "t", "uks": "us", "yks": "ys"}
WORD = re.compile(r"\w+")


def words_of(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    return WORD.findall(normalize("NFC", text).casefold())


@lru_cache(maxsize=200_000)
def stem_of(word: str, language: str) -> str:
    """Return what all forms of a word share, as far as a rule of its language tells."""
    code = language.partition("-")[0]
    algorithm = _ALGORITHMS.get(code)
    stem = str(_stemmer(algorithm).stemWord(word)) if algorithm else word
    return _in_strong_grade(stem) if code == "fi" else stem


def _in_strong_grade(stem: str) -> str:
    """Return a Finnish stem as its basic form has it: Snowball leaves kaupunk- and kaupung- apart.

    What becomes the same that is not is ranked below what was typed.
    """
    found = next((end for end in _GRADES if stem.endswith(end)), None)
    return stem.removesuffix(found) + _GRADES[found] if found else stem


@lru_cache
def _stemmer(algorithm: str) -> Any:
    return snowballstemmer.stemmer(algorithm)
