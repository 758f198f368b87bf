"""Claims: which worker may call the provider next, with which batch, and how soon."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Text,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
    update,
)

from newsletter.language import Wording, as_stored, say
from newsletter.ledger import events, moves, workers
from newsletter.ledger.batches import Batch, batch_from
from newsletter.ledger.bulk import insert_of, update_rows
from newsletter.ledger.frozen import ANSWERS, INVITATIONS, NOTICE, REHEARSAL, TEST
from newsletter.ledger.instants import EPOCH
from newsletter.ledger.tables import OPEN, batches, deliveries, paces, sends, subscribers
from newsletter.model import (
    BatchState,
    Counting,
    Limits,
    Recipient,
    SendState,
    Standing,
    State,
    Tracking,
)

_FIRST_GAP, _LONGEST_GAP = 0.1, 60.0  # seconds between calls, after a provider slowed us down
_SHORTEST_GAP = 0.01  # below this there is no gap
_MINUTE, _HOUR, _DAY = dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1)
_WORTH_REPORTING = 60.0  # seconds
_LONGEST_WAIT = 3600.0  # seconds for which a provider's answer may make a batch wait

# Statements of every claim: to build one takes longer than to execute it.
_ALLOWED = select(sends.c.id).where(
    sends.c.id == bindparam("send"),
    sends.c.state == SendState.SENDING,
    ~sends.c.is_held | batches.c.is_canary,
)
_CLAIMABLE = (
    (batches.c.send_id == bindparam("send"))
    & (batches.c.state == BatchState.QUEUED)
    & _ALLOWED.correlate(batches).exists()
)
_IS_DUE = (batches.c.not_before <= bindparam("now")) | (batches.c.not_before > bindparam("latest"))
_NEXT = (
    select(batches)
    .where(_CLAIMABLE, _IS_DUE)
    .order_by(batches.c.id)
    .limit(1)
    .with_for_update(skip_locked=True, of=batches)
)
_NEXT_DUE = select(func.min(batches.c.not_before)).where(_CLAIMABLE)
_OF_BATCH = update(batches).where(batches.c.id == bindparam("batch"))
_PACE = select(paces).where(paces.c.provider == bindparam("name")).with_for_update()
_OF_PACE = update(paces).where(paces.c.provider == bindparam("name"))
_FASTER = _OF_PACE.where(paces.c.gap > 0).values(
    gap=case((paces.c.gap > _SHORTEST_GAP, paces.c.gap * 0.9), else_=0.0)
)
_COUNTS = deliveries.c.send_id.in_(select(sends.c.id).where(sends.c.counting == Counting.CONSENTED))
_UNCOUNTED = (
    update(deliveries)
    .where(deliveries.c.batch_id == bindparam("batch"), deliveries.c.is_counted)
    .where(deliveries.c.state == OPEN)  # others of the batch may have been accepted before
    .values(is_counted=False)
)


def _begins_with(scope: str) -> ColumnElement[bool]:
    """Return the SQL for whether a send is of a kind, be it a rehearsal or not."""
    return or_(*(sends.c.scope.startswith(begin) for begin in (scope, REHEARSAL + scope)))


_OF_PERSON = (
    subscribers.c.key,
    subscribers.c.name,
    subscribers.c.language,
    cast(subscribers.c.attributes, Text),
    subscribers.c.standing,
    subscribers.c.address,
)
_RECIPIENTS = (
    select(
        deliveries.c.id,
        deliveries.c.address,
        *(func.coalesce(column, "") for column in _OF_PERSON),
        sends.c.scope.startswith(TEST),
        _begins_with(NOTICE) & ~_begins_with(INVITATIONS),  # which only those on the list get
        _begins_with(ANSWERS),
        func.coalesce(subscribers.c.tracking, ""),
    )
    .join_from(
        deliveries, subscribers, subscribers.c.id == deliveries.c.subscriber_id, isouter=True
    )
    .join(sends, sends.c.id == deliveries.c.send_id)
    .where(deliveries.c.batch_id == bindparam("batch"), deliveries.c.state == OPEN)
    .order_by(deliveries.c.id)
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A batch that only this worker may now call the provider with."""

    batch: Batch
    recipients: Sequence[Recipient]


@dataclass(frozen=True, slots=True)
class Later:
    """Nothing may be claimed for so many seconds."""

    seconds: float
    reason: str = ""


def claim_batch(
    connection: Connection, send_id: int, *, worker: str, now: dt.datetime, limits: Limits
) -> Claim | Later | None:
    """Claim the next batch that is due by `now`, in UTC; None if none is left to wait for.

    In the same transaction deliveries to people who have left in the meantime are skipped, those to
    people with a new address go there, and the worker is recorded as living: a batch is never
    claimed under a lease that is about to end.
    """
    pace = _locked_pace(connection, limits.provider)
    longest = max(_LONGEST_WAIT, math.ceil(limits.rate) / (limits.rate or 1))
    latest = now + dt.timedelta(seconds=longest)
    if now < pace.next_at <= latest:
        is_left = _next_due(connection, send_id) is not None
        wait = (pace.next_at - now).total_seconds()
        return Later(wait, _why(wait, limits, pace)) if is_left else None
    if pace.next_at > latest:  # only a clock that was set back explains it
        _set_pace(connection, limits.provider, next_at=now)
    due_ones = {"send": send_id, "now": now, "latest": latest}
    row = connection.execute(_NEXT, due_ones).one_or_none()
    if row is None:
        due = _next_due(connection, send_id)
        return None if due is None else Later(max(0.0, (due - now).total_seconds()))
    if full := _full(connection, limits, row.size, now):
        return full
    claimed = {
        "state": BatchState.SENDING,
        "worker": worker,
        "attempt": row.attempt + 1,
        "called_at": now,
        "reason": "",
    }
    connection.execute(_OF_BATCH, {"batch": row.id, **claimed})
    workers.note_living(connection, worker.partition("/")[0])
    share = row.size / limits.rate if limits.rate else 0.0
    if share or pace.gap:  # the next call comes after this one's share, or the gap
        next_at = now + dt.timedelta(seconds=max(share, pace.gap))
        _set_pace(connection, limits.provider, next_at=next_at)
    recipients = _mailable(connection, send_id, row.id)
    _note_consent(connection, row.id, recipients)
    return Claim(batch_from(row, **claimed), recipients)


def find_claim(connection: Connection, send_id: int, *, worker: str) -> Claim | None:
    """Which batch does this worker hold already? For a claim whose commit went unanswered."""
    query = select(batches).where(
        batches.c.send_id == send_id,
        batches.c.state == BatchState.SENDING,
        batches.c.worker == worker,
    )
    row = connection.execute(query.limit(1)).one_or_none()
    return Claim(batch_from(row), _mailable(connection, send_id, row.id)) if row else None


def list_recipients(connection: Connection, batch_id: int) -> Sequence[Recipient]:
    """Who are the open recipients of a batch, in the order of every call?"""
    return _recipients(connection, batch_id)


def slow_down(connection: Connection, provider: str, *, now: dt.datetime, wait: float) -> float:
    """Record that a provider is called too often; return the new gap between calls, in seconds.

    No worker calls it before the wait is over, and the gap doubles with each such answer.
    """
    pace, next_at = _locked_pace(connection, provider), now + dt.timedelta(seconds=wait)
    if pace.next_at >= next_at:
        return float(pace.gap)  # recorded already
    gap = min(_LONGEST_GAP, max(_FIRST_GAP, 2.0 * float(pace.gap)))
    _set_pace(connection, provider, next_at=next_at, gap=gap)
    return gap


def speed_up(connection: Connection, provider: str) -> None:
    """Shrink the gap between calls by a tenth after a successful one."""
    connection.execute(_FASTER, {"name": provider})


def _next_due(connection: Connection, send_id: int) -> dt.datetime | None:
    """When is the next queued batch due? None if there is none to wait for."""
    return connection.execute(_NEXT_DUE, {"send": send_id}).scalar()


def _full(connection: Connection, limits: Limits, size: int, now: dt.datetime) -> Later | None:
    """Return when there is room again for so many, if a limit leaves none now."""
    for most, span in ((limits.hourly, _HOUR), (limits.daily, _DAY)):
        if not most:
            continue
        called = (batches.c.called_at > now - span) & (sends.c.provider == limits.provider)
        _bring_back(connection, now)
        used, oldest = connection.execute(
            select(func.coalesce(func.sum(batches.c.size), 0), func.min(batches.c.called_at))
            .join(sends, sends.c.id == batches.c.send_id)
            .where(called, batches.c.size > 0)
        ).one()
        if used and used + size > most:
            return Later((oldest + span - now).total_seconds(), _are_sent(used, span))
    return None


def _are_sent(used: int, span: dt.timedelta) -> Wording:
    if span == _HOUR:
        return say("{used:,} in this hour are sent", used=used)
    return say("{used:,} in this day are sent", used=used)


def _bring_back(connection: Connection, now: dt.datetime) -> None:
    """Let calls that a wrong clock put into the future count from now on.

    A batch in doubt keeps its time: from it, a repeat is known to be too late.
    """
    ahead = (batches.c.called_at > now + _MINUTE) & (batches.c.state == BatchState.SETTLED)
    connection.execute(update(batches).where(ahead).values(called_at=now))


def _why(wait: float, limits: Limits, pace: Row[Any]) -> str:
    if wait < _WORTH_REPORTING:
        return ""
    if limits.rate and limits.rate * pace.gap < 1:
        return say("at most {rate:.3g} people a second", rate=limits.rate)
    return say("calls came too fast for the provider")


def _locked_pace(connection: Connection, provider: str) -> Row[Any]:
    """Return a provider's pace; nobody else claims for it before this transaction ends."""
    named = {"name": provider}
    if row := connection.execute(_PACE, named).one_or_none():
        return row
    first = insert_of(connection)(paces).values(provider=provider, next_at=EPOCH, gap=0.0)
    connection.execute(first.on_conflict_do_nothing())
    return connection.execute(_PACE, named).one()


def _set_pace(connection: Connection, provider: str, **values: dt.datetime | float) -> None:
    connection.execute(_OF_PACE, {"name": provider, **values})


def _recipients(connection: Connection, batch_id: int) -> list[Recipient]:
    rows = connection.execute(_RECIPIENTS, {"batch": batch_id}).all()
    return list(map(Recipient._make, rows))


def _mailable(connection: Connection, send_id: int, batch_id: int) -> list[Recipient]:
    """Return the recipients of a claimed batch, at their addresses of today; others are skipped."""
    people = _recipients(connection, batch_id)
    gone = {r.delivery: r.why_gone for r in people if not r.may_be_mailed}
    strangers = {
        r.address: r.delivery for r in people if r.is_notice and not (r.key or r.is_answer)
    }
    for address in events.find_complained(connection, strangers):  # since the notice was planned
        gone[strangers[address]] = Standing.COMPLAINED.words
    moved = {r.delivery: r.current for r in people if r.has_moved}
    if not (gone or moved):
        return people
    if moved:
        gone = {**moves.follow(connection, send_id, moved), **gone}
    _skip(connection, gone)
    return [
        r._replace(address=moved.get(r.delivery, r.address))
        for r in people
        if r.delivery not in gone
    ]


def _note_consent(connection: Connection, batch: int, people: Sequence[Recipient]) -> None:
    """Record whose copies take part in counting: they are made of what is allowed now."""
    connection.execute(_UNCOUNTED, {"batch": batch})
    granted = [r.delivery for r in people if r.tracking == Tracking.GRANTED]
    update_rows(connection, deliveries, granted, _COUNTS, {}, is_counted=True)


def _skip(connection: Connection, reasons: Mapping[int, str]) -> None:
    own = {"reason": list(map(as_stored, reasons.values()))}
    is_open = deliveries.c.state == OPEN
    update_rows(connection, deliveries, list(reasons), is_open, own, state=State.SKIPPED)
