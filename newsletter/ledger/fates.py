"""What became of the mail of a send: accepted, reached, bounced, complained about, left over."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    bindparam,
    case,
    func,
    select,
    type_coerce,
    union_all,
)

from newsletter.ledger.bulk import in_chunks
from newsletter.ledger.instants import as_text, from_text
from newsletter.ledger.reached import SEEN
from newsletter.ledger.tables import (
    batches,
    deliveries,
    editions,
    events,
    metadata,
    sends,
    subscribers,
)
from newsletter.model import By, Happened, ReturnKind, Standing, State

mailboxes, records, returns = (
    metadata.tables[name] for name in ("mailboxes", "records", "returns")
)
_HARD = (ReturnKind.HARD, ReturnKind.SUPPRESSED, Standing.BOUNCED)
_SOFT = (ReturnKind.SOFT, ReturnKind.ABOUT_US)
# Whoever complained of a mail, or left by it, has got it.
_REACHED = (ReturnKind.DELIVERED, ReturnKind.COMPLAINED, ReturnKind.UNSUBSCRIBED)


class Fates(NamedTuple):
    """What is known of the deliveries of a send, in numbers."""

    accepted: int  # by the provider
    refused_hard: int  # by it, for good
    refused_soft: int
    hard: int = 0  # of the accepted ones, told to have bounced for good
    soft: int = 0  # or not to have arrived, and nothing else
    reached: int = 0  # or to have arrived
    complained: int = 0
    told: int = 0  # of how many anything was told


class Leaving(NamedTuple):
    """Somebody who left, and by which mail, as far as that was told."""

    key: str
    at: dt.datetime
    send: int | None


def count_fates(
    connection: Connection,
    send_id: int,
    until: dt.datetime | None,
    *,
    is_counted: bool = False,
    without: Collection[int] = (),
) -> Fates:
    """How did the mail of a send fare, or of those who allowed counting, as told until a moment?

    The readers of some editions can be left out.

    Each delivery counts once, in whatever order things were told: who bounced for good is not
    reached, who was reached has not bounced for now.
    """
    last = _last_planned(connection, send_id, until) if until else 0
    by_state, told_of = _counting(
        is_early=bool(until), is_late=bool(last), is_counted=is_counted, is_part=bool(without)
    )
    said = {"until": until, "noted": as_text(until)} if until else {}
    values = {"send": send_id, "last": last, "without": list(without), **said}
    rows = connection.execute(by_state, values).all()
    states: dict[tuple[str, bool], int] = {(state, bool(soft)): n for state, soft, n in rows}
    told = connection.execute(told_of, values).one()
    return Fates(
        sum(n for (state, _), n in states.items() if state == State.ACCEPTED),
        states.get((State.REJECTED, False), 0),
        states.get((State.REJECTED, True), 0),
        *(int(number or 0) for number in told),
    )


@cache  # to make them takes longer than to ask them
def _counting(
    *, is_early: bool, is_late: bool, is_counted: bool, is_part: bool
) -> tuple[Select[Any], Select[Any]]:
    """Return the SQL of how many deliveries are how far, and of what was told of the accepted."""
    which = [deliveries.c.send_id == bindparam("send")]
    if is_late:
        which.append(deliveries.c.id <= bindparam("last"))
    if is_counted:
        which.append(deliveries.c.is_counted)
    if is_part:
        others = batches.c.edition_id.in_(bindparam("without", expanding=True))
        which.append(deliveries.c.batch_id.not_in(select(batches.c.id).where(others)))
    by_state = select(deliveries.c.state, deliveries.c.transient, func.count()).where(*which)
    before: tuple[Any, Any] | None = (
        (bindparam("until"), bindparam("noted", type_=String)) if is_early else None
    )
    each = _told_of_each([*which, _IS_ACCEPTED], before).subquery()
    hard, reached, soft = each.c.hard == 1, each.c.reached == 1, each.c.soft == 1
    sums = [
        func.sum(case((met, 1), else_=0))
        for met in (hard, soft & ~hard & ~reached, reached & ~hard, each.c.complained == 1)
    ]
    told = select(*sums, func.count()).select_from(each)
    return by_state.group_by(deliveries.c.state, deliveries.c.transient), told


def find_language(connection: Connection, send_id: int) -> str:
    """In which language is the first edition of a send? "" if it has none."""
    query = select(editions.c.language).where(editions.c.send_id == send_id)
    return connection.execute(query.order_by(editions.c.id).limit(1)).scalar() or ""


def was_read_since(connection: Connection, moment: dt.datetime) -> bool:
    """Was the mailbox read after a moment, so that what came back by mail is known?"""
    query = select(mailboxes.c.name).where(mailboxes.c.read_at > moment).limit(1)
    return connection.execute(query).first() is not None


def list_leaving(
    connection: Connection, since: dt.datetime, *, who: tuple[str, Collection[int]] | None = None
) -> list[Leaving]:
    """Who left after a moment, as is known of people who are on the list or were; the same twice?

    Or how did one of them leave, by their key and their deliveries? A list that says so is left
    out: it does not know when.
    """
    these = [records.c.noted_at >= since, *([records.c.subscriber_key == who[0]] if who else [])]
    query = select(records.c.subscriber_key, records.c.at, records.c.noted_at, records.c.act)
    rows = connection.execute(query.where(_HAS_LEFT, *these)).all()
    undone = select(records.c.act).where(records.c.what == Happened.UNDONE)
    acts = set(connection.execute(undone.where(*these)).scalars())
    told = _told_leaving(connection, since, who)
    found = []
    for key, at, noted_at, act in rows:
        if not act or act not in acts:
            moment = min(at, noted_at) if at else noted_at
            found.append(Leaving(key, moment, told.get((key, at or noted_at))))
    return sorted(found, key=lambda one: (one.key, one.at))


def has_anybody_left(connection: Connection, until: dt.datetime | None) -> bool:
    """Did anybody leave until a moment, as they said themselves or somebody noted for them?"""
    query = select(records.c.id).where(_HAS_LEFT).limit(1)
    if until:
        query = query.where(func.coalesce(records.c.at, records.c.noted_at) < until)
    return connection.execute(query).first() is not None


def count_nameless(connection: Connection, send_id: int, until: dt.datetime | None) -> int:
    """How many left by a send of whom nobody knows any more who they were?"""
    query = select(func.count(returns.c.delivery_id.distinct())).join_from(
        returns, deliveries, deliveries.c.id == returns.c.delivery_id
    )
    query = query.where(deliveries.c.send_id == send_id, deliveries.c.subscriber_id.is_(None))
    query = query.where(returns.c.kind == ReturnKind.UNSUBSCRIBED)
    if until:
        query = query.where(returns.c.at < until)
    return connection.execute(query).scalar_one()


def list_had(
    connection: Connection, keys: Collection[str], send_ids: Iterable[int]
) -> Mapping[str, set[int]]:
    """Which of these sends had each of these people?"""
    found: dict[str, set[int]] = {}
    wanted = list(send_ids)
    for some in in_chunks(keys):
        query = select(subscribers.c.key, deliveries.c.send_id).join(
            deliveries, deliveries.c.subscriber_id == subscribers.c.id
        )
        theirs = subscribers.c.key.in_(some), deliveries.c.send_id.in_(wanted)
        for key, send in connection.execute(query.where(*theirs, _IS_ACCEPTED)):
            found.setdefault(key, set()).add(send)
    return found


def are_accepted(
    connection: Connection, send_id: int, until: dt.datetime | None
) -> list[ColumnElement[bool]]:
    """Return the SQL for which deliveries were accepted, of those planned until a moment."""
    return [*_planned(connection, send_id, until), _IS_ACCEPTED]


def told_of_each(which: Sequence[ColumnElement[bool]], until: dt.datetime | None) -> Select[Any]:
    """Return the SQL of what was told of each of some deliveries, until a moment."""
    return _told_of_each(which, (until, as_text(until)) if until else None)


def _told_of_each(
    which: Sequence[ColumnElement[bool]], before: tuple[Any, Any] | None
) -> Select[Any]:
    """Return that SQL for a moment that is given twice, as an instant and as text."""
    here = deliveries.c.id == returns.c.delivery_id
    came = select(returns.c.delivery_id, returns.c.kind).join_from(deliveries, returns, here)
    event = deliveries.c.id == events.c.delivery_id
    told = select(events.c.delivery_id, events.c.kind).join_from(deliveries, events, event)
    # That a mail arrived, as it was opened, is no server's word: a figure would tell who opened it.
    came = came.where(*which, returns.c.digest.not_like(f"{SEEN}%"))
    told = told.where(*which)
    if before:
        until, as_written = before
        came = came.where(returns.c.at < until)
        # Both are written alike, so that they compare as text; what has no time came by now.
        noted = func.coalesce(type_coerce(events.c.noted_at, String), "")
        told = told.where(func.coalesce(func.nullif(events.c.at, ""), noted) < as_written)
    both = union_all(came, told).subquery()

    def any_of(name: str, *kinds: str) -> ColumnElement[int]:
        return func.max(case((both.c.kind.in_(kinds), 1), else_=0)).label(name)

    query = select(
        both.c.delivery_id,
        any_of("hard", *_HARD),
        any_of("soft", *_SOFT),
        any_of("reached", *_REACHED),
        any_of("complained", ReturnKind.COMPLAINED),
    )
    return query.group_by(both.c.delivery_id)


_HAS_LEFT = (records.c.what == Happened.UNSUBSCRIBED) & (records.c.by != By.LIST)
_IS_ACCEPTED = deliveries.c.state == State.ACCEPTED


def _planned(
    connection: Connection, send_id: int, until: dt.datetime | None
) -> list[ColumnElement[bool]]:
    last = _last_planned(connection, send_id, until) if until else 0
    return [deliveries.c.send_id == send_id, *([deliveries.c.id <= last] if last else [])]


def _last_planned(connection: Connection, send_id: int, until: dt.datetime) -> int:
    """Return the last delivery of a send that was planned before a moment; 0: all were.

    Later joiners come after all others.
    """
    late = connection.execute(select(sends.c.late).where(sends.c.id == send_id)).scalar_one()
    beyond = sum(more["count"] for more in late if from_text(more["at"]) >= until)
    if not beyond:
        return 0
    query = select(deliveries.c.id).where(deliveries.c.send_id == send_id)
    query = query.order_by(deliveries.c.id.desc()).offset(beyond).limit(1)
    return connection.execute(query).scalar() or 0


def _told_leaving(
    connection: Connection, since: dt.datetime, who: tuple[str, Collection[int]] | None
) -> Mapping[tuple[str, dt.datetime], int]:
    """Return by which sends people left of whom a provider or a mail told that."""
    of_mail = select(returns.c.subscriber_key, returns.c.at, deliveries.c.send_id)
    of_mail = of_mail.join(deliveries, deliveries.c.id == returns.c.delivery_id)
    left = (returns.c.kind == ReturnKind.UNSUBSCRIBED) & (returns.c.noted_at >= since)
    is_left = (events.c.kind == Standing.UNSUBSCRIBED) & (events.c.noted_at >= since)
    if who:
        left &= returns.c.subscriber_key == who[0]
        is_left &= events.c.delivery_id.in_(who[1])
    found = {(key, at): send for key, at, send in connection.execute(of_mail.where(left)) if key}
    told = select(subscribers.c.key, events.c.at, events.c.noted_at, deliveries.c.send_id)
    told = told.join_from(events, deliveries, deliveries.c.id == events.c.delivery_id)
    told = told.join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
    for key, at, noted_at, send in connection.execute(told.where(is_left)):
        found.setdefault((key, from_text(at) if at else noted_at), send)
    return found
