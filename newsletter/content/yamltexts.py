"""Compares values of YAML with their source, to find what a person would read differently."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from newsletter.language import Wording, say

_TAG = "tag:yaml.org,2002:"
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_TIME = re.compile(r"[Tt \t]+(\d\d?):(\d\d):(\d\d)")  # after a day
_WHOLE = re.compile(r"[-+]?(?:0|[1-9]\d*)")
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
_TRUE = ("yes", "true", "on")
_COMMENT = re.compile(r"#[^\n]*")  # where there is neither key nor value
# An escape that the author cannot have meant as two letters is left to YAML.
_ESCAPE = re.compile(r"\\(?!\n)(.)")
_HARMLESS_ESCAPES = '"\\/uU'


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where YAML reads something other than a person would."""

    line: int  # of the file
    message: Wording
    hint: Wording


@dataclass(slots=True)
class Span:
    """A key or a value in the source."""

    start: int  # offsets in the text
    end: int
    column: int  # of its key
    style: str  # the quotation mark, “|” or “>”; empty for plain ones
    has_words: bool  # whether the text could have continued after it


def value_of(text: str, tag: str) -> Any:
    """Return a value without quotes; raise ValueError for a day that does not exist.

    Whatever is not a plain day, number, yes or no is a text.
    """
    match tag.removeprefix(_TAG):
        case "null":
            return None
        case "bool":
            return text.lower() in _TRUE
        case "int" if _WHOLE.fullmatch(text):
            return int(text) if len(text) < 20 else float(text)
        case "float" if ":" not in text:
            return float(text) if _NUMBER.fullmatch(text) else float("nan")
        case "timestamp":
            return _moment(text)
    return text


def find_misread_number(text: str, tag: str) -> tuple[Wording, Wording] | None:
    """Return what YAML makes of a number that it reads differently, and the cure."""
    if tag != f"{_TAG}int" or ":" in text or _WHOLE.fullmatch(text):
        return None
    digits = text.replace("_", "").lstrip("+-0") or "0"
    message = say("YAML reads “{text}” as another number", text=text)
    if digits.isdecimal():
        return message, say("write {digits}, or “{text}” between quotes", digits=digits, text=text)
    return message, say("put the value between quotes")


def find_misread(source: str, span: Span, key: str) -> Iterator[tuple[int, Wording, Wording]]:
    """Yield what is read differently in a quoted or folded text: its line, fault and cure."""
    written = source[span.start : span.end]
    rows = written.split("\n")
    if span.style == '"':
        for match in _ESCAPE.finditer(written):
            if match[1] not in _HARMLESS_ESCAPES:
                message = say(
                    "“{key}”: YAML reads “{escape}” as another sign", key=key, escape=match[0]
                )
                hint = say("write two backslashes for one")
                yield written.count("\n", 0, match.start()), message, hint
                return
    if span.style in ('"', "'"):
        for n, row in enumerate(rows[1:], 1):
            if row.strip() and len(row) - len(row.lstrip()) <= span.column:
                message = say("a quotation mark that opens above goes on to this line")
                yield n, message, say("close it, or begin the line with more spaces")
                return
    if span.style in ("|", ">"):
        for n, row in enumerate(rows):
            if re.match(r"\s*#(?!\S)", row) or (n == 0 and _COMMENT.search(row)):
                message = say(
                    "what begins with “#” is not a comment within a text of several lines"
                )
                yield n, message, say("put the comment above the key")


def find_comments(source: str, spans: Sequence[Span]) -> Iterator[tuple[int, Wording, Wording]]:
    """Yield the comments that may be words of a value: line, fault and cure.

    `spans` are the keys and values in order.
    """
    ends = [Span(0, 0, 0, "", has_words=False), *spans]
    starts = [*(span.start for span in spans), len(source)]
    line, counted = 0, 0
    for before, start in zip(ends, starts, strict=True):
        for match in _COMMENT.finditer(source, before.end, start):
            if not before.has_words or _stands_alone(source, match.start(), before):
                continue
            line += source.count("\n", counted, match.start())
            counted = match.start()
            shown = match[0] if len(match[0]) <= 40 else f"{match[0][:39]}…"
            message = say("“{comment}” is left out: YAML takes it for a comment", comment=shown)
            cure = say("put the whole value between quotes, or the comment on a line of its own")
            yield line, message, cure


def _stands_alone(source: str, place: int, before: Span) -> bool:
    """Return whether a comment has a line of its own and does not look like continued text."""
    begin = source.rfind("\n", 0, place) + 1
    if source[begin:place].strip():
        return False
    return bool(before.style) or place - begin <= before.column


def _moment(text: str) -> dt.date | str:
    """Return a day, or a day and a time; any other form stays a text."""
    day = _DAY.match(text)
    if day is None:
        return text
    if day.end() == len(text):
        return dt.date(*map(int, day.groups()))
    if time := _TIME.fullmatch(text, day.end()):
        numbers = [int(part) for part in (*day.groups(), *time.groups())]
        return dt.datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001 - six numbers
    return text
