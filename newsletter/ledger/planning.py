"""Freezes a send: its editions and one delivery per eligible person, in one transaction."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    func,
    insert,
    literal,
    literal_column,
    select,
    update,
)

from newsletter.errors import StalePlanError
from newsletter.language import as_stored, language_of
from newsletter.ledger import people, pictures
from newsletter.ledger.batches import insert_batches
from newsletter.ledger.bulk import count, tally
from newsletter.ledger.choosing import NO_TEXT, Choice
from newsletter.ledger.frozen import Late, NewSend, Send
from newsletter.ledger.instants import as_text
from newsletter.ledger.issue_links import keep_links
from newsletter.ledger.readers import (
    Readers,
    are_among,
    count_readers,
    list_readers,
)
from newsletter.ledger.tables import (
    OPEN,
    deliveries,
    editions,
    sends,
    subscribers,
)
from newsletter.model import Edition, SendState, Variant

_EVER = dt.datetime.min.replace(tzinfo=dt.UTC)  # before anybody joined


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """The share of a send that one edition has."""

    now: dt.datetime
    send_id: int
    edition_id: int
    batch_size: int


def count_strangers(connection: Connection, choice: Choice) -> dict[str, int]:
    """How many get an issue that does not exist in their language, by what they have for one?"""
    strange = choice.eligible() & ~choice.has_language()
    found: Counter[str] = Counter()
    for written, number in tally(connection, subscribers.c.language, strange).items():
        found[language_of(written) or written] += number
    return dict(found)


def count_left_out(
    connection: Connection, choice: Choice, *, joined_after: dt.datetime = _EVER
) -> dict[str, int]:
    """Who joined after a moment, has no delivery yet, and does not get the issue, by reason?"""
    joined = (subscribers.c.joined_at > joined_after) & choice.is_new()
    left_out = tally(connection, subscribers.c.standing, ~people.may_be_mailed(), joined)
    others = {}
    if choice.segment:
        others[f"not {choice.segment}"] = people.may_be_mailed() & ~choice.meets(choice.segment)
    if choice.needs:
        others[NO_TEXT] = choice.asked() & ~choice.has_text()
    for reason, who in others.items():
        if number := count(connection, subscribers, who, joined):
            left_out[reason] = number
    return left_out


def count_left_out_since(connection: Connection, send: Send) -> dict[str, int]:
    """Who joined after a send was planned and does not get the issue, by reason?"""
    if not send.choice:  # a test, or from a version that did not record whom it was for
        return {}
    choice = late_choice(connection, send)
    return count_left_out(connection, choice, joined_after=send.planned_at)


def plan_send(
    connection: Connection,
    new: NewSend,
    choice: Choice,
    rendered: Mapping[Variant, Edition],
    *,
    batch_sizes: Mapping[Variant, int],
    known: Readers | None = None,
) -> int:
    """Freeze the editions and insert a delivery per eligible person; return the send's id.

    Raise StalePlanError, before anything is written, if anybody on the list by now would get an
    edition that was not rendered, or was not counted as a reader of theirs, or if another process
    has just planned the same.
    """
    people.lock_people(connection)  # so all queries see the same people
    if connection.execute(select(sends.c.id).where(sends.c.scope == new.scope)).scalar():
        raise StalePlanError
    found = list_readers(connection, choice)
    if not found.keys() <= rendered.keys() or (known is not None and not are_among(found, known)):
        raise StalePlanError
    left_out = count_left_out(connection, choice)
    send_id = insert_send(connection, new, left_out, choice)
    canary = subscribers.c.id.in_(_draw(connection, choice, new.canary))
    for variant, edition in rendered.items():
        edition_id = _insert_edition(connection, send_id, edition)
        readers = _readers(choice, variant)
        share = Share(
            now=new.now, send_id=send_id, edition_id=edition_id, batch_size=batch_sizes[variant]
        )
        if new.canary:
            _insert_deliveries(connection, share, readers & canary, canary=True)
            readers = readers & ~canary
        _insert_deliveries(connection, share, readers, canary=False)
    return send_id


def late_choice(connection: Connection, send: Send) -> Choice:
    """Who was chosen for a send and has no delivery of it, either by person or by address?"""
    last = select(func.max(deliveries.c.id)).where(deliveries.c.send_id == send.id)
    beyond = (send.id, connection.execute(last).scalar() or 0)
    return replace(Choice.from_json(send.choice), beyond=beyond)


def plan_late(
    connection: Connection,
    send: Send,
    rendered: Mapping[Variant, Edition],
    *,
    batch_sizes: Mapping[Variant, int],
    now: dt.datetime,
    known: Readers | None = None,
) -> int:
    """Insert a delivery for each later joiner who gets one of these editions; return how many.

    Editions frozen earlier stay as they were; anybody who would get another one is left out. Raise
    StalePlanError, before anything is written, for somebody who was not counted.
    """
    people.lock_people(connection)
    choice = late_choice(connection, send)
    readers = {v: them for v, them in list_readers(connection, choice).items() if v in rendered}
    if known is not None and not are_among(readers, known):
        raise StalePlanError
    counts = count_readers(readers)
    for variant in counts:
        edition_id = find_edition(connection, send.id, rendered[variant])
        share = Share(
            now=now, send_id=send.id, edition_id=edition_id, batch_size=batch_sizes[variant]
        )
        _insert_deliveries(connection, share, _readers(choice, variant), canary=False)
    joined = sum(counts.values())
    if joined:
        widened = [*send.late, Late(at=now, count=joined)]
        late = [{"at": as_text(more.at), "count": more.count} for more in widened]
        values = {"late": late, "state": SendState.PLANNED, "is_held": False, "done_at": None}
        connection.execute(update(sends).where(sends.c.id == send.id).values(values))
    return joined


def plan_test(
    connection: Connection,
    new: NewSend,
    copies: Sequence[tuple[str, int | None, Edition]],
) -> int:
    """Freeze a test: one delivery per (address, subscriber's id, edition)."""
    send_id = insert_send(connection, new, {})
    for address, subscriber_id, edition in copies:
        edition_id = find_edition(connection, send_id, edition)
        share = Share(now=new.now, send_id=send_id, edition_id=edition_id, batch_size=1)
        insert_named(connection, share, [(address, subscriber_id)])
    return send_id


def _draw(connection: Connection, choice: Choice, count: int) -> list[int]:
    """Draw so many readers at random."""
    query = select(subscribers.c.id).where(choice.eligible()).order_by(func.random()).limit(count)
    return list(connection.execute(query).scalars()) if count else []


def _readers(choice: Choice, variant: Variant) -> ColumnElement[bool]:
    readers = choice.eligible() & (choice.language() == variant.language)
    for condition in choice.conditions:
        met = choice.meets(condition)
        readers = readers & (met if condition in variant.met else ~met)
    return readers


def insert_send(
    connection: Connection,
    new: NewSend,
    left_out: Mapping[str, int],
    choice: Choice | None = None,
) -> int:
    """Insert a send as it is planned; return its id."""
    values = asdict(new)
    planned_at = values.pop("now")
    canary = values.pop("canary")
    values |= {
        "is_held": bool(canary),
        "issue_date": new.issue_date.isoformat(),
        "sender": list(new.sender),
        "state": SendState.PLANNED,
        "reason": "",
        "left_out": dict(left_out),
        "choice": choice.as_json() if choice else {},
        "late": [],
        "overrides": [{k: as_stored(v) for k, v in told.items()} for told in new.overrides],
        "planned_at": planned_at,
    }
    return _inserted_id(connection, insert(sends).values(**values))


def find_edition(connection: Connection, send_id: int, edition: Edition) -> int:
    """Return the id of an edition of a send, which is frozen with it if it is not yet."""
    query = select(editions.c.id).where(
        editions.c.send_id == send_id, editions.c.variant == edition.variant
    )
    known = connection.execute(query).scalar()
    return known if known is not None else _insert_edition(connection, send_id, edition)


def _insert_edition(connection: Connection, send_id: int, edition: Edition) -> int:
    pictures.keep_pictures(connection, edition.shown)
    keep_links(connection, send_id, edition.links, edition.language)
    statement = insert(editions).values(
        send_id=send_id,
        variant=edition.variant,
        language=edition.language,
        subject=edition.subject,
        html=edition.html,
        text=edition.text,
        slots=[asdict(slot) for slot in edition.slots],
        pictures=[{"source": p.source, "digest": p.digest} for p in edition.pictures],
        enclosures=[each.as_json() for each in edition.enclosures],
        digest=edition.digest,
    )
    return _inserted_id(connection, statement)


def _insert_deliveries(
    connection: Connection, share: Share, readers: ColumnElement[bool], *, canary: bool
) -> None:
    total, size = count(connection, subscribers, readers), share.batch_size
    sizes = [min(size, total - start) for start in range(0, total, size)]
    ids = insert_batches(connection, share.send_id, share.edition_id, sizes, canary=canary)
    place = func.row_number(type_=Integer).over(order_by=subscribers.c.id) - 1
    people = (
        select(subscribers.c.id, subscribers.c.address, (place // size).label("number"))
        .where(readers)
        .subquery()
    )
    fixed = _new_delivery(share)
    names = [*fixed, "batch_id", "subscriber_id", "address"]
    for first, start, end in _runs(ids):
        query = select(
            *(literal(value, deliveries.c[name].type).label(name) for name, value in fixed.items()),
            (people.c.number + (first - start)).label("batch_id"),
            people.c.id.label("subscriber_id"),
            people.c.address,
        ).where(people.c.number >= start, people.c.number < end)
        connection.execute(insert(deliveries).from_select(names, query.order_by(people.c.id)))


def _runs(ids: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Yield runs of consecutive ids: the first id, its index, and the index after the last.

    There is one run, unless another process inserted batches at the same moment.
    """
    start = 0
    for place in range(1, len(ids) + 1):
        if place == len(ids) or ids[place] != ids[place - 1] + 1:
            yield ids[start], start, place
            start = place


def insert_named(
    connection: Connection, share: Share, people: Sequence[tuple[str, int | None]]
) -> list[int]:
    """Insert a delivery for each address and its subscriber, if any; return ids of batches."""
    size = share.batch_size
    chunks = [people[start : start + size] for start in range(0, len(people), size)]
    sizes = list(map(len, chunks))
    ids = insert_batches(connection, share.send_id, share.edition_id, sizes, canary=False)
    fixed = _new_delivery(share)
    rows = [
        {**fixed, "batch_id": id, "subscriber_id": subscriber_id, "address": address}
        for id, chunk in zip(ids, chunks, strict=True)
        for address, subscriber_id in chunk
    ]
    if rows:
        connection.execute(insert(deliveries), rows)
    return ids


def _new_delivery(share: Share) -> dict[str, Any]:
    """Return the values of an open delivery, except for its recipient."""
    return {
        "send_id": share.send_id,
        "state": OPEN,
        "message_id": "",
        "reason": "",
        "transient": False,
        "changed_at": share.now,
    }


def _inserted_id(connection: Connection, statement: Any) -> int:
    return int(connection.execute(statement.returning(literal_column("id"))).scalar_one())
