"""What is kept of figures: a row per send, source, span and group, and why a final one changed."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import Connection, Row, delete, insert, select

from newsletter.ledger.bulk import in_chunks, insert_of
from newsletter.ledger.figure_tables import figures, news, revisions
from newsletter.model.figures import Counts, Delivered, MonthOfGrowth, Span

LIST = 0  # in place of a send's id: what concerns all of late, such as that somebody left
MONTH, NAMELESS = "month", "nameless"  # groupings of LIST: all; what was of those who were erased
OWN = ""  # in place of a source: what this ledger itself knows


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a row says."""

    delivered: Delivered | None = None  # None: it says nothing of that
    counts: Counts | None = None
    is_over: bool = False  # every delivery was decided, or it lay still when the window was over
    language: str = ""  # of the first edition
    growth: MonthOfGrowth | None = None  # of the list in a month
    newest: int = 0  # record that was known then
    zone: str = ""  # by whose clock a month is one


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRow:
    """What was counted of a send, or of a group of its readers, as it is kept."""

    send: int
    source: str  # a Source, or OWN
    span: Span
    content: Content
    computed_at: dt.datetime
    is_final: bool
    grouping: str = ""  # "language", an attribute; empty: everybody
    value: str = ""  # of it; empty: everybody, or all the others

    @property
    def as_of(self) -> dt.datetime | None:
        """Return when the source was heard last; None: never."""
        return self.content.counts.as_of if self.content.counts else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """Why final figures changed."""

    send: int
    at: dt.datetime
    source: str
    changes: Mapping[str, Any] = field(default_factory=dict)  # name -> [before, after]


def note_news(connection: Connection, send_ids: Iterable[int]) -> None:
    """Record that something came in about these sends, so that their figures are computed anew.

    A row is locked until the transaction ends: whoever computes sees what it wrote, or finds it
    noted afterwards. They are always noted in one order, LIST last, so that no two transactions
    wait for each other.
    """
    ids = sorted(set(send_ids), key=lambda id: (id == LIST, id))
    rows = [{"send_id": id, "times": 1} for id in ids]
    if rows:
        new = insert_of(connection)(news)
        more = {"times": news.c.times + 1}
        statement = new.on_conflict_do_update(index_elements=[news.c.send_id], set_=more)
        connection.execute(statement, rows)


def note_more(connection: Connection, send_id: int) -> None:
    """Record that more copies of a send go out, if its figures were computed before."""
    query = select(figures.c.send_id).where(figures.c.send_id == send_id).limit(1)
    note_news(connection, connection.execute(query).scalars())


def list_news(connection: Connection) -> set[int]:
    """Of which sends did something come in since their figures were computed?"""
    return set(connection.execute(select(news.c.send_id)).scalars())


def take_news(connection: Connection, send_id: int) -> None:
    """Record that the figures of a send are computed now, in this very transaction."""
    connection.execute(delete(news).where(news.c.send_id == send_id))


def find_rows(connection: Connection, send_ids: Iterable[int]) -> dict[int, list[KeptRow]]:
    """What is kept of these sends?"""
    found: dict[int, list[KeptRow]] = {}
    for some in in_chunks(send_ids):
        query = select(figures).where(figures.c.send_id.in_(some))
        for row in connection.execute(query.order_by(*figures.primary_key)):
            found.setdefault(row.send_id, []).append(_kept(row))
    return found


def find_own(connection: Connection, span: Span) -> dict[int, KeptRow]:
    """What is kept of each send that no source told, but this ledger itself knows?"""
    is_own = (figures.c.source == "") & (figures.c.grouping == "") & (figures.c.span == span)
    return {row.send_id: _kept(row) for row in connection.execute(select(figures).where(is_own))}


def keep_rows(connection: Connection, rows: Iterable[KeptRow]) -> None:
    """Keep these in place of those of the same send, source, span and group."""
    values = [
        {
            "send_id": row.send,
            **{name: getattr(row, name) for name in _COLUMNS},
            "counts": _content().dump_python(row.content, mode="json"),
        }
        for row in rows
    ]
    if values:
        new = insert_of(connection)(figures)
        changed = {name: new.excluded[name] for name in ("counts", *_CHANGING)}
        keys = list(figures.primary_key)
        statement = new.on_conflict_do_update(index_elements=keys, set_=changed)
        connection.execute(statement, values)


def forget_nameless(connection: Connection, last: str) -> None:
    """Forget what those did who were erased, until a month that is told for good."""
    is_old = (figures.c.grouping == NAMELESS) & (figures.c.value <= last)
    connection.execute(delete(figures).where(figures.c.send_id == LIST, is_old))


def note_revisions(connection: Connection, revised: Iterable[Revised]) -> None:
    """Record why final figures changed."""
    rows = [
        {"send_id": r.send, "at": r.at, "source": r.source, "changes": dict(r.changes)}
        for r in revised
    ]
    if rows:
        connection.execute(insert(revisions), rows)


def find_revisions(
    connection: Connection, send_ids: Iterable[int]
) -> Mapping[int, Sequence[Revised]]:
    """How did final figures of these sends change, the oldest change first?"""
    found: dict[int, list[Revised]] = {}
    for some in in_chunks(send_ids):
        query = select(revisions).where(revisions.c.send_id.in_(some)).order_by(revisions.c.id)
        for row in connection.execute(query):
            one = Revised(send=row.send_id, at=row.at, source=row.source, changes=row.changes)
            found.setdefault(one.send, []).append(one)
    return found


def growth_row(
    growth: MonthOfGrowth,
    at: dt.datetime,
    *,
    grouping: str = MONTH,
    is_final: bool = False,
    **content: Any,
) -> KeptRow:
    """Return the row of how the list grew in a month, as it is kept."""
    return KeptRow(
        send=LIST,
        source=OWN,
        span=Span.WHOLE,
        grouping=grouping,
        value=growth.month,
        content=Content(growth=growth, **content),
        computed_at=at,
        is_final=is_final,
    )


def row_of(kept: Iterable[KeptRow], source: str, span: Span) -> KeptRow | None:
    """Return the row of everybody from a source, for a span."""
    wanted = (source, span, "")
    return next((row for row in kept if (row.source, row.span, row.grouping) == wanted), None)


def _kept(row: Row[Any]) -> KeptRow:
    return KeptRow(
        send=row.send_id,
        span=Span(row.span),
        content=_content().validate_python(row.counts),
        **{name: getattr(row, name) for name in (*_KEYS, "computed_at", "is_final")},
    )


@cache  # to make it takes longer than to read a hundred rows
def _content() -> TypeAdapter[Content]:
    return TypeAdapter(Content)


_KEYS = ("source", "grouping", "value")
_CHANGING = ("computed_at", "is_final")
_COLUMNS = ("span", *_KEYS, *_CHANGING)
