"""Queries and changes of what providers said about a send."""

import datetime as dt
from dataclasses import asdict

from sqlalchemy import Connection, insert, select

from newsletter.ledger.tables import reports
from newsletter.model import Figures


def add_report(
    connection: Connection, send_id: int, *, provider: str, as_of: dt.datetime, figures: Figures
) -> None:
    """Store what a provider said about a send, with the time."""
    connection.execute(
        insert(reports).values(
            send_id=send_id, provider=provider, as_of=as_of, figures=asdict(figures)
        )
    )


def newest_report(connection: Connection, send_id: int) -> tuple[dt.datetime, Figures] | None:
    """What did the provider say last about a send, and when?"""
    query = (
        select(reports.c.as_of, reports.c.figures)
        .where(reports.c.send_id == send_id)
        .order_by(reports.c.id.desc())
        .limit(1)
    )
    row = connection.execute(query).one_or_none()
    return (row.as_of, Figures(**row.figures)) if row else None
