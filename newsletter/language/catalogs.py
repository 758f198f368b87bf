"""The texts of the preview in the newsletter's language, from Babel's catalogs."""

import datetime as dt
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from newsletter.language.locales import write_moment
from newsletter.language.wording import Wording

LOCALE = Path(__file__).parent / "locale"

# How Finnish and Swedish write 12,345.6.
_SEPARATORS = str.maketrans({",": "\N{NO-BREAK SPACE}", ".": ","})


@lru_cache
def words_in(language: str) -> Mapping[str, str]:
    """Return English texts -> their translations; empty for a language without a catalog."""
    catalog = _catalog(language, "preview")
    return {str(m.id): str(m.string) for m in catalog if m.id and m.string and not m.fuzzy}


def spoken_language(language: str) -> str:
    """Return the language in which the preview speaks to the editor of such a newsletter."""
    return language.split("-", maxsplit=1)[0] if words_in(language) else "en"


def say_in(language: str, words: str) -> str:
    """Return a text made by `say` in a language; in English if its catalog has no translation."""
    if not isinstance(words, Wording):
        return words
    if words.parts:
        return words.between.join(say_in(language, part) for part in words.parts)
    template = _template(language, words)
    if not template:
        return str(words)
    return _Speaker(language).vformat(template, (), words.values) if words.values else template


def is_said_in(language: str, words: str) -> bool:
    """Return whether a text, and all it is made of, has translations in a language."""
    if not isinstance(words, Wording):
        return not words
    parts = [p for p in (*words.parts, *words.values.values()) if isinstance(p, Wording)]
    is_known = bool(words.parts or _template(language, words))
    return is_known and all(is_said_in(language, part) for part in parts)


def _template(language: str, words: Wording) -> str:
    """Return the translation of a text's template; "" if there is none."""
    message = _catalog(language, "texts").get(words.template)
    if message is None or message.fuzzy or not message.string:
        return ""
    if isinstance(message.string, str):
        return message.string
    one, *_, other = message.string
    form = Locale.parse(language, sep="-").plural_form(words.number)
    return one if form == "one" else other


class _Speaker(Formatter):
    """Fills a template with values as they are written in a language."""

    def __init__(self, language: str) -> None:
        self._language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, str):
            return say_in(self._language, value)
        if isinstance(value, dt.date):
            return write_moment(value, format_spec, self._language)
        written = format(value, format_spec)
        return written.translate(_SEPARATORS) if format_spec else written


@lru_cache
def _catalog(language: str, domain: str) -> Catalog:
    spoken = language.split("-", maxsplit=1)[0]
    path = LOCALE / spoken / "LC_MESSAGES" / f"{domain}.po"
    if not path.is_file():
        return Catalog()
    with path.open("rb") as file:
        return read_po(file, locale=spoken, domain=domain)
