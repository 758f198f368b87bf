"""Queries and changes of what providers said about a send."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import ColumnElement, Connection, Select, func, insert, null, select, update

from newsletter.ledger.figures import note_news
from newsletter.ledger.tables import reports
from newsletter.model import Counts, Figures, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """What a provider said about a send when it was asked."""

    provider: str
    as_of: dt.datetime  # UTC; when it said so last
    figures: Figures  # its sums, until then
    # Its opens and clicks, of each span that it can tell of; empty: it told of none.
    counts: Mapping[Span, Counts] = field(default_factory=dict)


def add_report(connection: Connection, send_id: int, said: Reported) -> None:
    """Store what a provider said about a send.

    What it says again moves only the time, and of a day the last word stays: who asks every hour
    makes no row every hour. Of what was said before the sums stay, not the links.
    """
    told = {
        "figures": asdict(said.figures),
        "counts": _counts().dump_python(dict(said.counts), mode="json"),
    }
    note_news(connection, [send_id])
    columns = (reports.c.id, reports.c.provider, reports.c.as_of, *_TOLD)
    newest = connection.execute(_newest(send_id, *columns)).one_or_none()
    values = {"provider": said.provider, "as_of": said.as_of, **told}
    if newest and newest.provider == said.provider:
        before = {"figures": newest.figures, "counts": newest.counts or {}}
        is_same = _timeless(before) == _timeless(told)
        if is_same or newest.as_of.date() == said.as_of.date():
            connection.execute(update(reports).where(reports.c.id == newest.id).values(values))
            return
    older = update(reports).where(reports.c.send_id == send_id, reports.c.counts.is_not(None))
    connection.execute(older.values(counts=null()))
    connection.execute(insert(reports).values(send_id=send_id, **values))


def newest_report(connection: Connection, send_id: int) -> Reported | None:
    """What did the provider say last about a send, and when?"""
    row = connection.execute(
        _newest(send_id, reports.c.provider, reports.c.as_of, *_TOLD)
    ).one_or_none()
    if row is None:
        return None
    return Reported(
        provider=row.provider,
        as_of=row.as_of,
        figures=Figures(**row.figures),
        counts=_counts().validate_python(row.counts or {}),
    )


def newest_times(connection: Connection) -> Mapping[int, dt.datetime]:
    """When did a provider last say anything about each send?"""
    query = select(reports.c.send_id, func.max(reports.c.as_of)).group_by(reports.c.send_id)
    return {send_id: as_of for send_id, as_of in connection.execute(query)}


_TOLD = (reports.c.figures, reports.c.counts)


def _newest(send_id: int, *columns: ColumnElement[Any]) -> Select[Any]:
    query = select(*columns).where(reports.c.send_id == send_id)
    return query.order_by(reports.c.id.desc()).limit(1)


def _timeless(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what was told without when."""
    counts = {span: {**one, "as_of": None} for span, one in told["counts"].items()}
    return {**told, "counts": counts}


@cache
def _counts() -> TypeAdapter[dict[Span, Counts]]:
    return TypeAdapter(dict[Span, Counts])
