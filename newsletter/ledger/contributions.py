"""What people sent in: news for an issue, and requests; and how far the editor is with them."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    case,
    delete,
    func,
    select,
    update,
)

from newsletter.ledger.bulk import count, insert_of
from newsletter.ledger.contribution_tables import contributions
from newsletter.model import (
    Contribution,
    ContributionKind,
    ContributionMail,
    ContributionState,
)

_OVER = [state for state in ContributionState if state.is_over]
# All but the picture's bytes, and what is known of the mails to the editor.
_TOLD = [c for c in contributions.c if c.name not in ("picture", "told_in", "told_at")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """What the editor has before them."""

    news: int  # not decided yet
    requests: int  # not dealt with yet
    picture_bytes: int  # of all of them together

    @property
    def count(self) -> int:
        """Return how many there are."""
        return self.news + self.requests


def add_contribution(connection: Connection, new: Contribution, picture: bytes | None) -> bool:
    """Write down what somebody sent in; False if the very same is there already."""
    values = {column.name: getattr(new, column.name) for column in _TOLD if column.name != "id"}
    row = insert_of(connection)(contributions).values(**values, picture=picture, told_in="")
    row = row.on_conflict_do_nothing(index_elements=[contributions.c.digest])
    return connection.execute(row.returning(contributions.c.id)).scalar() is not None


def find_contribution(connection: Connection, id: int) -> Contribution | None:
    """What was sent in under this number?"""
    row = connection.execute(select(*_TOLD).where(contributions.c.id == id)).one_or_none()
    return _from_row(row) if row else None


def list_contributions(
    connection: Connection, states: Collection[ContributionState] | None = None
) -> list[Contribution]:
    """What was sent in, of these states or any, in the order in which it is to be read?

    What came in a flood without a proof stands last, then whatever its network sent most of.
    """
    query = select(*_TOLD)
    if states is not None:
        query = query.where(contributions.c.state.in_(list(states)))
    order = contributions.c.is_slow, contributions.c.turn, contributions.c.id
    return [_from_row(row) for row in connection.execute(query.order_by(*order))]


def load_contributed_picture(connection: Connection, id: int) -> bytes:
    """Return the picture of a contribution; empty where there is none."""
    query = select(contributions.c.picture).where(contributions.c.id == id)
    return bytes(connection.execute(query).scalar() or b"")


def count_waiting(connection: Connection) -> Waiting:
    """How much waits for the editor?"""
    of_news = contributions.c.kind == ContributionKind.NEWS
    query = select(
        func.coalesce(func.sum(case((of_news, 1), else_=0)), 0),
        func.coalesce(func.sum(case((of_news, 0), else_=1)), 0),
        func.coalesce(func.sum(contributions.c.picture_bytes), 0),
    ).where(contributions.c.state.not_in(_OVER))
    news, requests, size = connection.execute(query).one()
    return Waiting(news=int(news), requests=int(requests), picture_bytes=int(size))


def change_contribution(
    connection: Connection, id: int, states: Collection[ContributionState], **values: Any
) -> bool:
    """Set how far a contribution is, if it is in one of these states; was it?"""
    this = contributions.c.id == id, contributions.c.state.in_(list(states))
    return bool(connection.execute(update(contributions).where(*this).values(**values)).rowcount)


def drop_contributed_picture(connection: Connection, id: int) -> None:
    """Delete the picture of a contribution."""
    values = {"picture": None, "picture_bytes": 0, "picture_type": ""}
    connection.execute(update(contributions).where(contributions.c.id == id).values(values))


def list_mails_due(connection: Connection) -> list[Contribution]:
    """Who is to be mailed what became of what they sent in?"""
    is_due = contributions.c.mail != ContributionMail.NONE, contributions.c.mailed_at.is_(None)
    query = select(*_TOLD).where(*is_due).order_by(contributions.c.id)
    return [_from_row(row) for row in connection.execute(query)]


# --- the mail to the editor ----------------------------------------------------------------


def list_untold(connection: Connection) -> tuple[str, list[Contribution]]:
    """Of what was the editor not mailed yet, and under which name was that mail begun, if any?"""
    query = select(contributions.c.told_in, *_TOLD).where(contributions.c.told_at.is_(None))
    order = contributions.c.is_slow, contributions.c.turn, contributions.c.id
    rows = connection.execute(query.order_by(*order)).all()
    begun = min((row.told_in for row in rows if row.told_in), default="")
    return begun, [_from_row(row) for row in rows if row.told_in == begun]


def tell_in(connection: Connection, ids: Sequence[int], name: str) -> None:
    """Write down in which mail the editor is told of these."""
    these = contributions.c.id.in_(ids)
    connection.execute(update(contributions).where(these).values(told_in=name))


def note_told(connection: Connection, name: str, now: dt.datetime) -> None:
    """Record that a mail to the editor went out."""
    these = contributions.c.told_in == name
    connection.execute(update(contributions).where(these).values(told_at=now))


# --- what is old ---------------------------------------------------------------------------


def delete_old(connection: Connection, before: dt.datetime) -> int:
    """Delete what was decided before this moment; how much was it?"""
    return connection.execute(delete(contributions).where(_is_old(before))).rowcount


def count_old(connection: Connection, before: dt.datetime) -> int:
    """How much was decided before this moment?"""
    return count(connection, contributions, _is_old(before))


def _is_old(before: dt.datetime) -> ColumnElement[bool]:
    return contributions.c.state.in_(_OVER) & (contributions.c.decided_at < before)


def _from_row(row: Row[Any]) -> Contribution:
    values = {name: row._mapping[name] for name in (column.name for column in _TOLD)}
    values["kind"] = ContributionKind(row.kind)
    values["state"] = ContributionState(row.state)
    values["mail"] = ContributionMail(row.mail)
    return Contribution(**values)
