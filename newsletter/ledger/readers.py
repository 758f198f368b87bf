"""Who gets each edition of an issue, and whether they are those an editor agreed to."""

from array import array
from collections.abc import Mapping
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Connection, case, func, select

from newsletter.ledger.bulk import streamed
from newsletter.ledger.choosing import Choice
from newsletter.ledger.tables import subscribers
from newsletter.model import Variant

# For each person a number made of their key, which is never reused, in the order of the list. Eight
# bytes each; the numbers of one process mean nothing to another.
Keys: TypeAlias = "array[int]"  # the array of Python 3.11 cannot be subscripted at run time
Readers = Mapping[Variant, Keys]


def count_variants(connection: Connection, choice: Choice) -> dict[Variant, int]:
    """Which variants of an issue have readers, and how many, by language?"""
    columns = _columns(choice)
    query = select(*columns, func.count()).where(choice.eligible()).group_by(*columns)
    query = query.order_by(*columns)  # a server groups in any order
    return {_variant(choice, *which): count for *which, count in connection.execute(query)}


def list_readers(connection: Connection, choice: Choice) -> dict[Variant, Keys]:
    """Who gets which variant of an issue?"""
    query = select(subscribers.c.key, *_columns(choice)).where(choice.eligible())
    found: dict[tuple[Any, ...], Keys] = {}
    for key, *which in streamed(connection, query.order_by(subscribers.c.id)):
        found.setdefault(tuple(which), array("q")).append(hash(key))
    return {_variant(choice, *which): theirs for which, theirs in found.items()}


def count_readers(readers: Readers) -> dict[Variant, int]:
    """Return how many get each variant."""
    return {variant: len(theirs) for variant, theirs in readers.items()}


def are_among(readers: Readers, known: Readers) -> bool:
    """Return whether all are known as readers of their variant; some of those may be missing."""
    nobody: Keys = array("q")
    return all(_is_part(theirs, known.get(variant, nobody)) for variant, theirs in readers.items())


def _is_part(some: Keys, of: Keys) -> bool:
    """Return whether all of some numbers are among others in the same order."""
    rest = iter(of)
    return some == of or all(number in rest for number in some)


def _columns(choice: Choice) -> list[ColumnElement[Any]]:
    """Return the SQL of what makes a variant: its language, and a flag for each condition."""
    met = (
        case((choice.meets(c), 1), else_=0).label(f"c{n}") for n, c in enumerate(choice.conditions)
    )
    return [choice.language().label("language"), *met]


def _variant(choice: Choice, language: str, *flags: int) -> Variant:
    met = frozenset(c for c, flag in zip(choice.conditions, flags, strict=True) if flag)
    return Variant(language=language, met=met)
