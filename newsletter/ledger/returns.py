"""What came back about mails: whose it is, kept once each, and what of it waits for the editor."""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    func,
    literal,
    select,
    tuple_,
    update,
)

from newsletter.ledger.addressees import NOBODY, Addressee
from newsletter.ledger.bulk import count, delete_some, in_chunks, insert_of
from newsletter.ledger.figures import note_news
from newsletter.ledger.folding import fold
from newsletter.ledger.people_tables import returns, tallies
from newsletter.ledger.reached import find_seen
from newsletter.ledger.tables import deliveries, sends, subscribers
from newsletter.model import Return, ReturnKind, State

IDLE = "idle"  # without effect, or with one that needs no second look
UNASSIGNED = "unassigned"  # not known whose it is
DUE, TAKEN = "due", "taken"  # to be judged, as bounces are; keeps somebody off
HELD = "held"  # too many came at once: the editor is asked
AGREED, SPARED = "agreed", "spared"  # what the editor decided: they are gone, they stay
_ISSUES = 24  # the newest ones, which are looked at
_MANY = 500  # bounces of a domain: of more only those are read that are near
_STALE = dt.timedelta(minutes=10)  # how old the number of people may be that a send goes to
# A provider that hears of a bounce no longer sends there: both tell of the same.
_JUDGED = (ReturnKind.HARD, ReturnKind.SUPPRESSED)


class Kept(NamedTuple):
    """Something that came back, as it is kept."""

    id: int
    source: str
    kind: ReturnKind
    at: dt.datetime  # when it happened; when it was noted if that is not told, or later
    address: str  # that it was sent to
    delivery: int | None
    key: str  # the subscriber's; empty if it is not known whose it is
    status: str
    text: str
    state: str
    send: int | None = None  # of the delivery; only a bounce for good has it

    @property
    def domain(self) -> str:
        """Return the domain of the address."""
        return fold(self.address).rpartition("@")[2]


class Tally(NamedTuple):
    """How many of a send's addresses bounced for good, of how many that it goes to."""

    gone: int
    mailed: int


class Attempt(NamedTuple):
    """How one issue fared on its way to one person."""

    delivery: int
    planned_at: dt.datetime
    is_soft: bool  # told not to have been delivered this time, and nothing else
    is_reached: bool  # told to have been delivered, or opened


def add(
    connection: Connection, told: Sequence[Return], whose: Sequence[Addressee], now: dt.datetime
) -> list[Kept]:
    """Keep what was told, each thing once; return what was not known before."""
    rows: dict[str, dict[str, Any]] = {}
    for one, addressee in zip(told, whose, strict=True):
        digest = _digest(one)
        rows.setdefault(digest, _row(one, addressee, digest, now))
    if not rows:
        return []
    last = connection.execute(select(func.max(returns.c.id))).scalar() or 0
    # Row by row: to build one statement of many takes five times as long as all the rest.
    connection.execute(insert_of(connection)(returns).on_conflict_do_nothing(), [*rows.values()])
    found: list[Kept] = []
    for some in in_chunks(rows):
        query = select(returns).where(returns.c.digest.in_(some), returns.c.id > last)
        found += [_kept(row) for row in connection.execute(query.order_by(returns.c.id))]
    note_news(connection, {one.send for one in whose if one.send} if found else ())
    return found


def find(connection: Connection, ids: Iterable[int]) -> list[Kept]:
    """What are these?"""
    return _find(connection, list(ids))


def list_near(
    connection: Connection, bounced: Iterable[Kept], around: dt.timedelta, most: int
) -> list[Kept]:
    """Which bounces for good tell whether these are in a span with more addresses of a domain?

    All of the domain about as late; where those are many, of either side the nearest that tell it.
    """
    by_domain: dict[str, list[Kept]] = {}
    for one in bounced:
        by_domain.setdefault(one.domain, []).append(one)
    found: dict[int, Kept] = {}
    for domain, theirs in by_domain.items():
        for since, until in _spans([one.at for one in theirs], around):
            query = _of_domain(domain, since, until).limit(_MANY)
            rows = [_kept(row) for row in connection.execute(query)]
            if len(rows) == _MANY:
                within = [one for one in theirs if since <= one.at <= until]
                rows = [row for one in within for row in _beside(connection, one, around, most)]
            found |= {row.id: row for row in rows}
    return list(found.values())


def list_believed(connection: Connection, send_ids: Collection[int]) -> list[Kept]:
    """Which bounces for good of these sends keep somebody off, or are to be judged?"""
    found: list[Kept] = []
    for some in in_chunks(send_ids):
        theirs = returns.c.send_id.in_(some), returns.c.state.in_([DUE, TAKEN])
        found += [_kept(row) for row in connection.execute(select(returns).where(*theirs))]
    return found


def tally(
    connection: Connection, bounced: Collection[Kept], now: dt.datetime
) -> Mapping[int, Tally]:
    """Count new bounces for good to those of their sends; how many are there of each by now?

    No round counts those of earlier ones anew, and how many people a send goes to but rarely.
    """
    gone: Counter[int] = Counter()
    deliveries_of = {one.delivery: one.send for one in bounced if one.send is not None}
    first = min((one.id for one in bounced), default=0)
    for some in in_chunks(deliveries_of):
        of_these = returns.c.delivery_id.in_(some), returns.c.send_id.is_not(None)
        query = select(returns.c.delivery_id).where(*of_these, returns.c.id < first).distinct()
        for known in connection.execute(query).scalars():
            del deliveries_of[known]
    sends_of = {one.send for one in bounced if one.send is not None}
    gone.update(send for send in deliveries_of.values() if send is not None)
    return {send: _tally(connection, send, gone[send], now) for send in sorted(sends_of)}


def _tally(connection: Connection, send: int, more: int, now: dt.datetime) -> Tally:
    is_this = tallies.c.send_id == send
    known = connection.execute(select(tallies).where(is_this)).one_or_none()
    if known is None or known.counted_at < now - _STALE:
        is_mailed = deliveries.c.state.not_in([State.SKIPPED, State.REJECTED, State.ABANDONED])
        mailed = count(connection, deliveries, deliveries.c.send_id == send, is_mailed)
        found = Tally(more + (known.gone if known else 0), mailed)
        values = {"gone": found.gone, "mailed": mailed, "counted_at": now}
    else:
        found = Tally(known.gone + more, known.mailed)
        values = {"gone": found.gone}
    if known is None:
        connection.execute(insert_of(connection)(tallies).values(send_id=send, **values))
    else:
        connection.execute(update(tallies).where(is_this).values(**values))
    return found


def set_state(connection: Connection, ids: Iterable[int], state: str) -> None:
    """Record what became of these."""
    for some in in_chunks(ids):
        connection.execute(update(returns).where(returns.c.id.in_(some)).values(state=state))


def count_old(connection: Connection, *, before: dt.datetime) -> int:
    """How much came back before this moment, and waits for nobody?"""
    return count(connection, returns, _is_over(before))


def delete_old(connection: Connection, *, before: dt.datetime) -> int:
    """Delete what came back before this moment and waits for nobody; return how much.

    So much that nobody waits long for the ledger: again until there is none.
    """
    return delete_some(connection, returns, _is_over(before))


def _is_over(before: dt.datetime) -> ColumnElement[bool]:
    return returns.c.state.not_in([DUE, HELD]) & (returns.c.noted_at < before)


def list_attempts(connection: Connection, keys: Iterable[str]) -> Mapping[str, list[Attempt]]:
    """How did the issues fare on their way to these people's present addresses, oldest first?"""
    sent = select(sends.c.id, sends.c.planned_at).where(sends.c.scope == sends.c.issue_id)
    recent = sent.order_by(sends.c.planned_at.desc()).limit(_ISSUES)
    planned_at = {id: at for id, at in connection.execute(recent)}
    found: dict[str, list[Attempt]] = {}
    for some in in_chunks(keys):
        query = select(deliveries.c.id, deliveries.c.send_id, subscribers.c.key)
        query = query.join(subscribers, subscribers.c.address == deliveries.c.address)
        theirs = subscribers.c.key.in_(some), deliveries.c.send_id.in_(planned_at)
        rows = connection.execute(query.where(*theirs, deliveries.c.state == State.ACCEPTED)).all()
        ids = [row.id for row in rows]
        told, seen = _told_of(connection, ids), find_seen(connection, ids, planned_at)
        for id, send, key in sorted(rows, key=lambda row: (planned_at[row.send_id], row.id)):
            kinds = told.get(id, set())
            reached = ReturnKind.DELIVERED in kinds or id in seen
            is_soft = ReturnKind.SOFT in kinds and not reached
            found.setdefault(key, []).append(Attempt(id, planned_at[send], is_soft, reached))
    return found


def find_softened(connection: Connection, keys: Iterable[str]) -> set[str]:
    """Of which of these people was a mail ever told not to have been delivered this time?"""
    found: set[str] = set()
    for some in in_chunks(keys):
        query = select(returns.c.subscriber_key).where(returns.c.kind == ReturnKind.SOFT)
        found |= set(connection.execute(query.where(returns.c.subscriber_key.in_(some))).scalars())
    return found


def leave_out_known(connection: Connection, told: Iterable[Return]) -> list[Return]:
    """What of this is not kept yet?"""
    by_digest = {_digest(one): one for one in told}
    known: set[str] = set()
    for some in in_chunks(by_digest):
        query = select(returns.c.digest).where(returns.c.digest.in_(some))
        known |= set(connection.execute(query).scalars())
    return [one for digest, one in by_digest.items() if digest not in known]


def list_in(connection: Connection, state: str, *, most: int = 1000) -> list[Kept]:
    """What is in this state, newest first?"""
    query = select(returns).where(returns.c.state == state).order_by(returns.c.id.desc())
    return [_kept(row) for row in connection.execute(query.limit(most))]


def list_odd(connection: Connection, *, most: int) -> dict[str, list[Kept]]:
    """What was refused because of us lately, and what was of a kind that nobody here knows?"""
    found = {}
    for kind in (ReturnKind.ABOUT_US, ReturnKind.UNKNOWN):
        query = select(returns).where(returns.c.kind == kind).order_by(returns.c.id.desc())
        found[kind.value] = [_kept(row) for row in connection.execute(query.limit(most))]
    return found


def _of_domain(domain: str, since: dt.datetime, until: dt.datetime) -> Select[Any]:
    return select(returns).where(
        returns.c.domain == domain, returns.c.at >= since, returns.c.at <= until
    )


def _beside(connection: Connection, one: Kept, around: dt.timedelta, most: int) -> list[Kept]:
    """Return the bounces before and after one: of each side until there are too many addresses."""
    before = _side(connection, one, one.at - around, most)
    return [one, *before, *_side(connection, one, one.at + around, most)]


def _side(connection: Connection, one: Kept, until: dt.datetime, most: int) -> list[Kept]:
    place, is_later = tuple_(returns.c.at, returns.c.id), until > one.at
    found: list[Kept] = []
    last = one
    while len({each.address.lower() for each in found}) <= most:
        here = tuple_(literal(last.at, returns.c.at.type), literal(last.id))
        query = _of_domain(one.domain, min(last.at, until), max(last.at, until))
        query = query.where(place > here if is_later else place < here)
        order = (column if is_later else column.desc() for column in (returns.c.at, returns.c.id))
        rows = connection.execute(query.order_by(*order).limit(most + 1)).all()
        found += [_kept(row) for row in rows]
        if len(rows) <= most:
            break
        last = found[-1]
    return found


def _spans(
    moments: Iterable[dt.datetime], around: dt.timedelta
) -> list[tuple[dt.datetime, dt.datetime]]:
    """Return the spans around some moments; those that touch are one."""
    found: list[tuple[dt.datetime, dt.datetime]] = []
    for at in sorted(moments):
        if found and at - around <= found[-1][1]:
            found[-1] = found[-1][0], at + around
        else:
            found.append((at - around, at + around))
    return found


def _told_of(connection: Connection, ids: Iterable[int]) -> Mapping[int, set[str]]:
    """What was told of these deliveries?"""
    found: dict[int, set[str]] = {}
    for some in in_chunks(ids):
        query = select(returns.c.delivery_id, returns.c.kind).distinct()
        for id, kind in connection.execute(query.where(returns.c.delivery_id.in_(some))):
            found.setdefault(id, set()).add(kind)
    return found


def _find(connection: Connection, ids: Sequence[int]) -> list[Kept]:
    found: list[Kept] = []
    for some in in_chunks(ids):
        query = select(returns).where(returns.c.id.in_(some)).order_by(returns.c.id)
        found += [_kept(row) for row in connection.execute(query)]
    return found


def _digest(one: Return) -> str:
    """Return what tells two things apart: whose, of which mail, what, and in which second.

    No id of theirs: SendGrid gives each repeat another one.
    """
    mail = one.reference or one.message_id or one.tag or one.token
    second = one.at.replace(microsecond=0).isoformat() if one.at else ""
    parts = (one.source, mail, fold(one.address), one.kind, second)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _row(one: Return, whose: Addressee, digest: str, now: dt.datetime) -> dict[str, Any]:
    detail = {"word": one.word, "by": whose.by, **one.detail}
    if one.is_machine is not None:
        detail["machine"] = str(one.is_machine).lower()
    if whose.address and one.address and fold(whose.address) != fold(one.address):
        detail["named"] = one.address  # such as where a reader has it forwarded to
    address = whose.address or one.address
    return {
        "digest": digest,
        "source": one.source,
        "kind": one.kind,
        "at": min(one.at or now, now),  # whatever the clock of whoever tells it
        "noted_at": now,
        "address": address,
        "delivery_id": whose.delivery,
        "send_id": whose.send if one.kind in _JUDGED else None,
        "domain": fold(address).rpartition("@")[2] if one.kind in _JUDGED else None,
        "subscriber_key": whose.key or None,
        "status": one.status,
        "text": one.text,
        "state": _first_state(one, whose),
        "detail": {name: value for name, value in detail.items() if value},
    }


def _first_state(one: Return, whose: Addressee) -> str:
    """Return where a thing begins; a bounce is about an address, which may be given up by now."""
    if whose == NOBODY:
        return UNASSIGNED
    if one.kind in (ReturnKind.COMPLAINED, ReturnKind.UNSUBSCRIBED) and whose.key:
        return TAKEN
    is_known = whose.delivery is not None or one.kind is ReturnKind.SUPPRESSED
    is_due = one.kind in _JUDGED and is_known and whose.is_current
    return DUE if is_due else IDLE


def _kept(row: Row[Any]) -> Kept:
    return Kept(
        id=row.id,
        source=row.source,
        kind=ReturnKind(row.kind),
        at=row.at,
        address=row.address,
        delivery=row.delivery_id,
        key=row.subscriber_key or "",
        status=row.status,
        text=row.text or (row.detail.get("word", "") if row.kind == ReturnKind.UNKNOWN else ""),
        state=row.state,
        send=row.send_id,
    )
