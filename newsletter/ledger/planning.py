"""Freezes a send: its editions and one delivery per eligible person, in one transaction."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    case,
    cast,
    func,
    insert,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from newsletter.errors import LedgerError
from newsletter.ledger.people import may_be_mailed, meets
from newsletter.ledger.tables import batches, deliveries, editions, pictures, sends, subscribers
from newsletter.model import Condition, Edition, State, Variant


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Who gets an issue: the languages it exists in and the segment it is for."""

    languages: tuple[str, ...]
    default_language: str
    segment: Condition | None = None
    conditions: tuple[Condition, ...] = ()  # of its `only` blocks

    def eligible(self) -> ColumnElement[bool]:
        """Return the SQL that chooses those who get the issue."""
        return may_be_mailed() & meets(self.segment) if self.segment else may_be_mailed()

    def language(self) -> ColumnElement[str]:
        """Return the SQL of the language a person gets the issue in."""
        known = subscribers.c.language.in_(self.languages)
        return case((known, subscribers.c.language), else_=self.default_language)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSend:
    """A send about to be planned."""

    key: str  # random
    scope: str
    issue_id: str
    issue_date: dt.date
    subject: str
    provider: str
    tag: str
    sender: tuple[str, str]
    reply_to: str
    public_url: str
    digest: str
    now: str


class StalePlanError(LedgerError):
    """The list changed since the editions were rendered."""

    def __init__(self, unrendered: tuple[Variant, ...]) -> None:
        super().__init__("the list changed while the plan was made; run the command again")
        self.unrendered = unrendered  # variants that now have readers


def count_variants(connection: Connection, choice: Choice) -> dict[Variant, int]:
    """Which variants of an issue have readers, and how many?"""
    columns = [choice.language().label("language")]
    columns += [
        case((meets(c), 1), else_=0).label(f"c{n}") for n, c in enumerate(choice.conditions)
    ]
    query = select(*columns, func.count()).where(choice.eligible()).group_by(*columns)
    found: dict[Variant, int] = {}
    for language, *flags, count in connection.execute(query):
        met = frozenset(c for c, flag in zip(choice.conditions, flags, strict=True) if flag)
        found[Variant(language=language, met=met)] = count
    return found


def count_left_out(connection: Connection, choice: Choice) -> dict[str, int]:
    """Who does not get an issue, by reason?"""
    by_standing = (
        select(subscribers.c.standing, func.count())
        .where(~may_be_mailed())
        .group_by(subscribers.c.standing)
    )
    left_out = {standing: count for standing, count in connection.execute(by_standing)}
    if choice.segment:
        outside = select(func.count()).where(may_be_mailed() & ~meets(choice.segment))
        if count := connection.execute(outside.select_from(subscribers)).scalar_one():
            left_out[f"not {choice.segment}"] = count
    return left_out


def plan_send(
    connection: Connection,
    new: NewSend,
    choice: Choice,
    rendered: Mapping[Variant, Edition],
    *,
    batch_size: int,
) -> int:
    """Freeze the editions and insert a delivery per eligible person; return the send's id.

    Raise StalePlanError, before anything is written, when somebody on the list by now would get
    an edition that was not rendered.
    """
    unrendered = [v for v in count_variants(connection, choice) if v not in rendered]
    if unrendered:
        raise StalePlanError(tuple(unrendered))
    left_out = count_left_out(connection, choice)
    send_id = _insert_send(connection, new, left_out)
    for variant, edition in rendered.items():
        edition_id = _insert_edition(connection, send_id, edition)
        _insert_deliveries(
            connection, new, send_id, edition_id, _readers(choice, variant), batch_size
        )
    return send_id


def plan_test(
    connection: Connection,
    new: NewSend,
    copies: Sequence[tuple[str, int | None, Edition]],
) -> int:
    """Freeze a test: one delivery per (address, subscriber's id, edition)."""
    send_id = _insert_send(connection, new, {})
    for address, subscriber_id, edition in copies:
        edition_id = _find_edition(connection, send_id, edition)
        batch_id = _insert_batches(connection, send_id, edition_id, 1)
        row = {**_delivery(new, send_id), "batch_id": batch_id}
        row |= {"subscriber_id": subscriber_id, "address": address}
        connection.execute(insert(deliveries), row)
    return send_id


def _readers(choice: Choice, variant: Variant) -> ColumnElement[bool]:
    readers = choice.eligible() & (choice.language() == variant.language)
    for condition in choice.conditions:
        met = meets(condition)
        readers = readers & (met if condition in variant.met else ~met)
    return readers


def _insert_send(connection: Connection, new: NewSend, left_out: Mapping[str, int]) -> int:
    values = asdict(new)
    planned_at = values.pop("now")
    values |= {
        "issue_date": new.issue_date.isoformat(),
        "sender": list(new.sender),
        "state": "planned",
        "reason": "",
        "left_out": dict(left_out),
        "planned_at": planned_at,
    }
    return _inserted_id(connection, insert(sends).values(**values))


def _find_edition(connection: Connection, send_id: int, edition: Edition) -> int:
    query = select(editions.c.id).where(
        editions.c.send_id == send_id, editions.c.variant == edition.variant
    )
    known = connection.execute(query).scalar()
    return known if known is not None else _insert_edition(connection, send_id, edition)


def _insert_edition(connection: Connection, send_id: int, edition: Edition) -> int:
    for picture in edition.pictures:
        values = {k: v for k, v in asdict(picture).items() if k != "source"}
        connection.execute(upsert(pictures).values(**values).on_conflict_do_nothing())
    statement = insert(editions).values(
        send_id=send_id,
        variant=edition.variant,
        language=edition.language,
        subject=edition.subject,
        html=edition.html,
        text=edition.text,
        slots=[asdict(slot) for slot in edition.slots],
        pictures=[{"source": p.source, "digest": p.digest} for p in edition.pictures],
        digest=edition.digest,
    )
    return _inserted_id(connection, statement)


def _insert_deliveries(
    connection: Connection,
    new: NewSend,
    send_id: int,
    edition_id: int,
    readers: ColumnElement[bool],
    batch_size: int,
) -> None:
    count = connection.execute(
        select(func.count()).select_from(subscribers).where(readers)
    ).scalar_one()
    first = _insert_batches(connection, send_id, edition_id, math.ceil(count / batch_size))
    position = func.row_number().over(order_by=subscribers.c.id) - 1
    fixed = _delivery(new, send_id)
    query = select(
        *(literal(value).label(name) for name, value in fixed.items()),
        (literal(first) + cast(position / batch_size, Integer)).label("batch_id"),
        subscribers.c.id.label("subscriber_id"),
        subscribers.c.address,
    ).where(readers)
    names = [*fixed, "batch_id", "subscriber_id", "address"]
    connection.execute(insert(deliveries).from_select(names, query))


def _delivery(new: NewSend, send_id: int) -> dict[str, Any]:
    return {
        "send_id": send_id,
        "scope": new.scope,
        "state": State.QUEUED.value,
        "message_id": "",
        "reason": "",
        "changed_at": new.now,
    }


def _insert_batches(connection: Connection, send_id: int, edition_id: int, count: int) -> int:
    """Insert batches with consecutive ids; return the first."""
    first: int = connection.execute(
        select(func.coalesce(func.max(batches.c.id), 0) + 1)
    ).scalar_one()
    rows = [
        {
            "id": first + n,
            "send_id": send_id,
            "edition_id": edition_id,
            "key": str(uuid4()),
            "worker": "",
            "attempt": 0,
            "not_before": 0.0,
        }
        for n in range(count)
    ]
    if rows:
        connection.execute(insert(batches), rows)
    return first


def _inserted_id(connection: Connection, statement: Any) -> int:
    return int(connection.execute(statement.returning(literal_column("id"))).scalar_one())
