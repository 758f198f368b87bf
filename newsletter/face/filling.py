"""Fills the templates of pages on the web, in the language of their reader.

Words stand in the templates as `say` and `say_many` word them; each page is filled in one
language, in which all of them are said. What is handed in is escaped.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from newsletter.face.faces import Face
from newsletter.face.long_words import TEXT, breakable
from newsletter.language import SPOKEN, say, say_in, say_many, spoken_language
from newsletter.language.phrases import format_day

# The languages that pages can be read in, by their own names.
LANGUAGES = {code: {"fi": "Suomi", "sv": "Svenska", "en": "English"}[code] for code in SPOKEN}
_OWN = Path(__file__).parent / "pages"


def fill_page(
    face: Face, name: str, language: str, *, folder: Path | None = None, **values: Any
) -> str:
    """Return a page in one of the languages of pages.

    `folder` has the template, if it is none of the face's own. Each page needs `to`, which turns a
    place of the site into its address, `switches`, its address by language, and `ways`, the
    places that are named on every page.
    """
    code = spoken_language(language)
    return _environment(code, folder).get_template(name).render(
        language=code,
        languages=LANGUAGES,
        face=face,
        own=face.imprint_in(code),
        **values,
    )  # fmt: skip


@lru_cache(maxsize=32)
def _environment(language: str, folder: Path | None) -> Environment:
    def in_language(value: Any) -> Any:
        return say_in(language, value) if isinstance(value, str) else value

    def in_lines(words: str | Markup, tongue: str = language) -> Markup:
        return breakable(in_language(words), tongue)

    def in_lines_of_text(words: str | Markup) -> Markup:
        return breakable(in_language(words), language, room=TEXT)

    environment = Environment(
        loader=FileSystemLoader([*([folder] if folder else []), _OWN]),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=in_language,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"say": say, "say_many": say_many, "named": _named}
    filters: dict[str, Any] = {
        "day": lambda day: format_day(day, "long", language),
        "breakable": in_lines,
        "breakable_text": in_lines_of_text,
        "said": in_language,  # of words that go into an attribute or a filter of their own
    }
    environment.filters |= filters
    return environment


def _named(codes: Sequence[str]) -> list[tuple[str, str]]:
    """Return languages to choose from, each by its own name."""
    return [(code, LANGUAGES.get(code, code)) for code in codes]
