"""Texts of an issue as templates hold them: they know by nature whether they are HTML.

Whatever a template does with one, it is never taken for markup that it is not, nor shown as markup
that a reader was not meant to see: see `tokens.py` for what becomes of it on the way.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from enum import Enum
from functools import lru_cache
from html import escape
from typing import Any, get_type_hints

from markupsafe import Markup

from newsletter.model.blocks import HTML
from newsletter.render.tokens import PRIVATE, current


class Text(str):
    """Words of the issue, in which no sign is markup."""

    __slots__ = ()

    def __html__(self) -> Markup:
        return Markup(current().worked_text(self))  # noqa: S704 - it holds no sign of markup


class Html(str):
    """HTML of the issue, clean and well-formed."""

    __slots__ = ()

    def __html__(self) -> Markup:
        return Markup(current().worked_html(self))  # noqa: S704 - its tags are tokens


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """A mark of the line on which a block begins; no text, so no filter changes it."""

    line: int
    around: str = "{}"  # what stands around it in MJML

    def __html__(self) -> Markup:
        return Markup(self.around.format(current().place(self.line)))  # noqa: S704 - our own words

    def __str__(self) -> str:
        return ""


def as_texts(value: Any, *, is_html: bool = False) -> Any:
    """Return a value in which each text knows whether it is HTML, as its field is declared."""
    if isinstance(value, Text | Html | Enum):
        return value
    if isinstance(value, str):
        return html_of(value) if is_html else Text(value)
    if isinstance(value, tuple | list):
        return type(value)(as_texts(one, is_html=is_html) for one in value)
    if isinstance(value, Mapping):
        return {key: as_texts(one, is_html=is_html) for key, one in value.items()}
    if kinds := _fields_of(value.__class__):
        return replace(value, **{n: as_texts(getattr(value, n), is_html=h) for n, h in kinds})
    return value


def html_of(value: str) -> Html:
    """Return HTML in which nothing looks like a token."""
    return Html(PRIVATE.sub(lambda sign: f"&#{ord(sign[0])};", value))


def giving_html(function: Callable[..., str], *, of_text: bool = False) -> Callable[..., Html]:
    """Return a function for templates whose result is HTML; it takes HTML as well, or text."""
    change = _as_words if of_text else _as_html

    def run(*given: Any) -> Html:
        return Html(function(*map(change, given)))

    return run


def _as_html(value: Any) -> Any:
    return escape(value) if isinstance(value, Text) else value


def _as_words(value: Any) -> Any:
    return current().plain(current().worked_html(value)) if isinstance(value, Html) else value


@lru_cache(maxsize=64)
def _fields_of(kind: Any) -> tuple[tuple[str, bool], ...]:
    """Return the fields of a dataclass, each with whether the texts in it are HTML."""
    if not is_dataclass(kind):
        return ()
    hints = get_type_hints(kind, include_extras=True)
    return tuple((field.name, HTML in repr(hints[field.name])) for field in fields(kind))
