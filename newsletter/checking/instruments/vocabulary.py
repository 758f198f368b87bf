"""The words that checks look for in Finnish, Swedish and English: the file vocabulary.toml.

A text of words is split at spaces, one of phrases at commas; the lines of a pattern are joined.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path


def _phrases(text: str) -> frozenset[str]:
    return frozenset(" ".join(part.split()) for part in text.split(","))


def _patterns(texts: Mapping[str, str]) -> Mapping[str, str]:
    return {name: text.replace("\n", "") for name, text in texts.items()}


_READ = tomllib.loads(Path(__file__).with_name("vocabulary.toml").read_text(encoding="utf-8"))

COMMON = {language: frozenset(words.split()) for language, words in _READ["common"].items()}
GENERIC_LINKS = {language: _phrases(texts) for language, texts in _READ["generic_links"].items()}
PLACEHOLDERS = _phrases(_READ["inbox"]["placeholders"])
SHORTENERS = frozenset(_READ["hosts"]["shorteners"].split())
CLICK_IDS = frozenset(_READ["hosts"]["click_ids"].split())
PATTERNS = _patterns(_READ["patterns"])
SPAM = {severity: _patterns(texts) for severity, texts in _READ["spam"].items()}
