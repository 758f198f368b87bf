"""Reads the styles of templates, and inlines them; nothing is fetched for them."""

import logging
import re
import threading
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cssutils
import tinycss2
from cssselect import SelectorError
from lxml.cssselect import CSSSelector
from premailer import Premailer
from tinycss2.ast import AtRule, QualifiedRule

from newsletter.language import Wording, say
from newsletter.markup.fetched import addresses_in
from newsletter.model import Finding, rules

_MOST = 200_000  # characters; the package has six thousand
_MOST_RULES = 2_000  # each is searched for in the whole page
_MOST_PARTS = 10_000  # declarations and selectors
_DEEPEST = 30  # brackets within brackets
_SHOWN = 60  # characters
_BRACKETS = re.compile(r"/\*.*?(?:\*/|\Z)|\"(?:[^\"\\\n]|\\.)*|'(?:[^'\\\n]|\\.)*|[][(){},;]", re.S)
_PLACE = re.compile(r"\[(\d+):\d+: |', (\d+), \d+\)")  # as cssutils names a line
_MAY_FETCH = re.compile(r"@(?:import\b|font-face\b|[\w-]*\\)", re.I)  # or an escape of one
_ELSEWHERE = re.compile(r"\s*(?:https?:)?//", re.I)


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """Something in styles that is not taken over."""

    offset: int  # in the styles, in characters
    finding: Finding


class StylesError(Exception):
    """Styles ask for more than can be read."""

    def __init__(self, message: Wording, offset: int) -> None:
        super().__init__(message)
        self.message = message
        self.offset = offset


@dataclass(frozen=True, slots=True, eq=False)
class Styles:
    """Styles that are ready to be inlined."""

    css: str
    complaints: tuple[Complaint, ...]


@lru_cache(maxsize=16)
def read_styles(css: str) -> Styles:
    """Read styles; imports and what cannot be read are reported and left out.

    Raise StylesError if they are larger than styles of a mail may be.
    """
    css = css.replace("\f", "\n")  # a line feed by CSS Syntax 3, section 3.3
    check_style_limits(css)
    own, imports = _without_imports(css)
    said = _parsed(own)[1]
    return Styles(own, tuple(sorted((*imports, *said), key=lambda c: c.offset)))


def check_style_limits(css: str) -> None:
    """Raise StylesError for styles that are larger than those of a mail may be."""
    if len(css) > _MOST:
        message = say(
            "styles have {count:,} characters; {most:,} can be read", count=len(css), most=_MOST
        )
        raise StylesError(message, _MOST)
    depth = count = parts = 0
    for found in _BRACKETS.finditer(css):
        sign = found[0]
        depth += (sign in "[({") - (sign in "])}") if len(sign) == 1 else 0
        count += sign == "{"
        parts += sign in ",;"
        if depth > _DEEPEST:
            raise StylesError(say("more than {most} nested brackets", most=_DEEPEST), found.start())
        depth = max(0, depth)
        if count > _MOST_RULES:
            raise StylesError(
                say("more than {most:,} rules of styles", most=_MOST_RULES), found.start()
            )
        if parts > _MOST_PARTS:
            message = say("more than {most:,} declarations or selectors", most=_MOST_PARTS)
            raise StylesError(message, found.start())


def fetches_in(css: str, named: Collection[str] = ()) -> Iterator[Complaint]:
    """Yield what readers would fetch for a style sheet of the page: other sheets, and typefaces.

    `named` are the addresses that the settings name. Pictures are judged on the finished page.
    """
    if _MAY_FETCH.search(css):
        yield from _fetches(css, _line_starts(css), named)


def inline_styles(page: Any, styles: Styles) -> None:
    """Inline styles into a page; raise StylesError for an unknown selector."""
    inliner = _Inliner(page, css_text=styles.css, **_OPTIONS)
    try:
        inliner.transform()
    except (SelectorError, ValueError, AssertionError) as err:
        raise _unknown_selector(styles.css, err) from err
    for sheet in page.iter("style"):
        sheet.attrib.pop("type", None)  # premailer says it of what stays; there is no other type


class _Inliner(Premailer):  # type: ignore[misc]
    """Premailer that fetches nothing, is silent, and reads and writes the same styles once."""

    def _parse_css_string(self, css_body: str, validate: bool = True) -> Any:  # noqa: ARG002, FBT001, FBT002
        return _parsed(css_body)[0]

    def _parse_style_rules(self, css_body: str, ruleset_index: int) -> Any:
        return _rules_in(css_body, ruleset_index)

    def _css_rules_to_string(self, rules: str) -> str:
        return rules


_OPTIONS = {
    "allow_network": False,
    "strip_important": False,
    "disable_validation": True,
    "align_floating_images": False,
    "disable_basic_attributes": ["align", "valign", "bgcolor", "width", "height"],
}
_reader = _Inliner(**_OPTIONS)


@lru_cache(maxsize=16)
def _rules_in(css: str, number: int) -> tuple[Any, str]:
    """Return the rules of a page's style sheet of this number, and the text of those that stay.

    Both take long to write out, and writing changes the sheet, which several threads may use.
    """
    with _lock:
        inlined, staying = Premailer._parse_style_rules(_reader, css, number)
        return inlined, Premailer._css_rules_to_string(_reader, staying)


class _Listener(logging.Handler):
    """Collects what cssutils reports about styles."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


_listener = _Listener()
_log = logging.Logger("newsletter.styles", logging.WARNING)  # used by nobody else
_log.addHandler(_listener)
cssutils.log.setLog(_log)
_lock = threading.RLock()  # cssutils has one log for all threads


@lru_cache(maxsize=16)
def _parsed(css: str) -> tuple[Any, tuple[Complaint, ...]]:
    """Return styles as parsed by cssutils, and its complaints, once for each line."""
    with _lock:
        _listener.said.clear()
        sheet = cssutils.CSSParser(fetcher=_fetch_nothing, validate=False).parseString(css)
        said = [*_listener.said]
    lines, starts = css.split("\n"), _line_starts(css)
    numbers = {int(m[1] or m[2]) for text in said if (m := _PLACE.search(text))}
    numbers = numbers or {_line_repeated(text, css) for text in said}
    return sheet, tuple(
        _unreadable(lines[number - 1], starts[number - 1])
        for number in sorted(numbers)
        if 0 < number <= len(lines)
    )


def _line_repeated(text: str, css: str) -> int:
    """Return the line of the text that cssutils quotes if it gives none; 0 if it is not found."""
    repeated = text.partition(": ")[2].partition(": ")[2].strip()
    found = re.search(rf"{re.escape(repeated)}\s*(?:[;}}]|\Z)", css) if repeated else None
    return css.count("\n", 0, found.start()) + 1 if found else 0


def _fetch_nothing(_: str) -> tuple[None, bytes]:
    return None, b""


def _unreadable(line: str, offset: int) -> Complaint:
    text = line.strip()[:_SHOWN]
    finding = rules.STYLE_SYNTAX.warning(
        "“{text}” cannot be read as CSS, and is left out", "mend it, or take it out", text=text
    )
    return Complaint(offset=offset, finding=finding)


def _without_imports(css: str) -> tuple[str, list[Complaint]]:
    """Return styles in which each import is blank, so that all else stays on its line."""
    if "@" not in css:
        return css, []
    parsed = tinycss2.parse_stylesheet(css)
    starts = _line_starts(css)
    places = [starts[r.source_line - 1] + r.source_column - 1 for r in parsed] + [len(css)]
    found, parts = [], [css[: places[0]]]
    for rule, start, end in zip(parsed, places, places[1:], strict=False):
        is_import = isinstance(rule, AtRule) and rule.lower_at_keyword == "import"
        parts.append(re.sub(r"[^\n]", " ", css[start:end]) if is_import else css[start:end])
        if is_import:
            found.append(_import(css, start))
    return "".join(parts), found


def _fetches(css: str, starts: list[int], named: Collection[str]) -> Iterator[Complaint]:
    waiting: list[list[Any]] = [tinycss2.parse_component_value_list(css, skip_comments=True)]
    while waiting:
        keyword = ""
        for token in waiting.pop():
            offset = starts[token.source_line - 1] + token.source_column - 1
            if token.type == "at-keyword":
                keyword = token.lower_value
                if keyword == "import":
                    yield _import(css, offset)
            elif token.type == "{} block":
                waiting.append(token.content)
                if keyword == "font-face":
                    yield from _typefaces(token.content, starts, named)
                keyword = ""


def _typefaces(
    tokens: Iterable[Any], starts: list[int], named: Collection[str]
) -> Iterator[Complaint]:
    for token in tokens:
        for address in addresses_in((token,)):
            if _ELSEWHERE.match(address) and address not in named:
                finding = rules.STYLE_IMPORT.warning(
                    "readers fetch the typeface “{address}” from elsewhere, which shows who reads",
                    "name it under [[brand.web_fonts]] in newsletter.toml, or take it out",
                    address=address,
                )
                offset = starts[token.source_line - 1] + token.source_column - 1
                yield Complaint(offset=offset, finding=finding)


def _import(css: str, offset: int) -> Complaint:
    text = re.split(r"[\n;]", css[offset : offset + 2 * _SHOWN], maxsplit=1)[0].strip()
    finding = rules.STYLE_IMPORT.error(
        "“{text}” would fetch styles from elsewhere",
        "copy the styles themselves into this file",
        text=text,
    )
    return Complaint(offset=offset, finding=finding)


def _unknown_selector(css: str, err: Exception) -> StylesError:
    for rule in tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True):
        if isinstance(rule, QualifiedRule):
            written = tinycss2.serialize(rule.prelude).strip()
            for selector in written.split(","):
                try:
                    CSSSelector(selector.strip())
                except (SelectorError, ValueError, AssertionError):
                    offset = _line_starts(css)[rule.source_line - 1]
                    message = say(
                        "“{selector}” is not a selector that can be applied", selector=written
                    )
                    return StylesError(message, offset)
    return StylesError(say("{english}", english=str(err)), 0)


def _line_starts(text: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer("\n", text))]
