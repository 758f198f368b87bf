"""Who is in a segment: its rules as SQL, with all values bound; they hold exactly as in Python."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, String, and_, false, func, or_, type_coerce

from newsletter.language import language_of, spellings_of, tag_of
from newsletter.ledger.folding import casefolded
from newsletter.ledger.tables import subscribers
from newsletter.segments import Dated, Either, Equal, Every, Not, Segment, Tree

_SHAPE_OF_DAY = "0000-00-00"


def meets(segment: Segment, zone: ZoneInfo) -> ColumnElement[bool]:
    """Return the SQL for whether a subscriber is in a segment; never NULL.

    Its days begin and end at midnight in this time zone.
    """
    return _sql(segment.tree, zone)


def language_is(code: str) -> ColumnElement[bool]:
    """Return the SQL for whether a subscriber's language is this one, in any spelling."""
    written = _written_language()
    return written.in_(spellings_of(code)) | or_(
        *(written.like(f"{word}-%") for word in spellings_of(code) if len(word) <= 3)
    )


def language_tag_is(tag: str) -> ColumnElement[bool]:
    """Return the SQL for whether a subscriber's language is this one with a country."""
    return _written_language() == tag.replace("_", "-").lower()


def _written_language() -> ColumnElement[str]:
    return func.lower(func.replace(subscribers.c.language, "_", "-"))


def _sql(tree: Tree, zone: ZoneInfo) -> ColumnElement[bool]:
    if isinstance(tree, Not):
        return ~_sql(tree.denied, zone)
    if isinstance(tree, Every):
        return and_(*(_sql(part, zone) for part in _deepest_first(tree.parts)))
    if isinstance(tree, Either):
        return or_(*(_sql(part, zone) for part in _deepest_first(tree.parts)))
    if isinstance(tree, Dated):
        return _joined(tree, zone) if tree.name == "joined" else _is_day(tree)
    return _equals(tree)


def _deepest_first(parts: Iterable[Tree]) -> list[Tree]:
    """Put brackets before what needs none: SQLite's parser has room for a hundred open things.

    (https://www.sqlite.org/limits.html, “parser stack overflow”)
    """
    return sorted(parts, key=_depth, reverse=True)


def _depth(tree: Tree) -> int:
    if isinstance(tree, Not):
        return 1 + _depth(tree.denied)
    return 1 + max(map(_depth, tree.parts)) if isinstance(tree, Every | Either) else 0


def _equals(test: Equal) -> ColumnElement[bool]:
    if test.name == "joined":  # a moment, which is known or not
        return subscribers.c.joined_at.is_(None) if "" in test.values else false()
    if test.name != "language":
        wanted = test.wanted()
        return casefolded(_value(test.name), wanted).in_(sorted(wanted))
    spoken = [_speaks(value) for value in test.values]
    return or_(*spoken)


def _speaks(language: str) -> ColumnElement[bool]:
    code = language_of(language)
    if code and tag_of(language) == code:
        return language_is(code)
    return language_tag_is(language)


def _value(name: str) -> ColumnElement[str]:
    """Return the SQL of a text that is known of somebody; the empty one if it is not."""
    column = {
        "name": subscribers.c.name,
        "email": subscribers.c.address,
        "language": subscribers.c.language,
        "standing": subscribers.c.standing,
    }.get(name)
    if column is None:
        column = subscribers.c.attributes[name].as_string()
    return func.coalesce(type_coerce(column, String()), "")


def _joined(test: Dated, zone: ZoneInfo) -> ColumnElement[bool]:
    joined = subscribers.c.joined_at
    sides: list[ColumnElement[bool]] = [joined.is_not(None)]
    if test.begin is not None:
        sides.append(joined >= _midnight(test.begin, zone))
    if test.end is not None:
        sides.append(joined < _midnight(test.end, zone))
    return and_(*sides)


def _midnight(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    try:
        return dt.datetime.combine(day, dt.time(), zone).astimezone(dt.UTC)
    except OverflowError:  # in UTC it is before the first year
        return dt.datetime.min.replace(tzinfo=dt.UTC)


def _is_day(test: Dated) -> ColumnElement[bool]:
    """Return the SQL for whether an attribute is a day as in 2026-03-01 that lies in a span."""
    day = func.substr(_value(test.name), 1, len(_SHAPE_OF_DAY), type_=String())
    shape: ColumnElement[Any] = day
    for digit in "123456789":
        shape = func.replace(shape, digit, "0")
    sides: list[ColumnElement[bool]] = [shape == _SHAPE_OF_DAY]
    # All of one shape are in the order of their digits, by whatever rules a database sorts.
    if test.begin is not None:
        sides.append(day >= test.begin.isoformat())
    if test.end is not None:
        sides.append(day < test.end.isoformat())
    return and_(*sides)
