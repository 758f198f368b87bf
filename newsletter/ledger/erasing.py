"""Erases a person from every table that holds something of them, and says what was held."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Table,
    Text,
    cast,
    delete,
    func,
    literal,
    not_,
    or_,
    select,
    table,
    update,
)
from sqlalchemy import column as plain_column

from newsletter.ledger import growth, registrations, unnamed
from newsletter.ledger.anonymous import make_anonymous
from newsletter.ledger.naming import is_named, pattern_of, without_others
from newsletter.ledger.personal import (
    REGISTRY,
    Holder,
    Holds,
    columns_of,
    find_holder,
    is_about,
    mentions,
    needles_of,
)
from newsletter.ledger.tables import (
    OPEN,
    batches,
    deliveries,
    editions,
    metadata,
    sends,
)
from newsletter.model import BatchState, State

webhooks = metadata.tables["webhooks"]
_ROWS_GO = (
    "records",
    "changes",
    "former",
    "sign_ups",
    "returns",
    "passed_on",
    "contributions",
    "answered",
    "replies",
    "subscribers",
)
_GONE = "erased@erased.invalid"  # no mail goes there (RFC 6761)
_NOTICE = "notice:"


def list_held(connection: Connection, holder: Holder) -> Mapping[str, list[dict[str, Any]]]:
    """What is held of somebody, by table, row by row?"""
    found: dict[str, list[dict[str, Any]]] = {}
    for name in REGISTRY:
        if rows := _list_rows(connection, metadata.tables[name], holder):
            found[name] = rows
    return found


def list_known(connection: Connection, address: str) -> Mapping[str, list[dict[str, Any]]]:
    """What is held of whoever has an address, or had it, and what did they agree to?"""
    held = list_held(connection, find_holder(connection, address))
    wordings = metadata.tables["wordings"]
    named = {str(row["detail"].get("wording", "")) for row in held.get("records", ())}
    for agreed in ("sign_ups", "contributions"):
        named |= {row["wording"] for row in held.get(agreed, ())}
    query = select(wordings).where(wordings.c.digest.in_(named))
    rows = [dict(row._mapping) for row in connection.execute(query)]
    return {**held, wordings.name: rows} if rows else held


def count_under_way(connection: Connection, holder: Holder) -> int:
    """How many mails to somebody are in a call that is under way, or in doubt?

    A repeat of that call must be exactly the same, so nothing of it is erased before the answer.
    """
    query = select(func.count()).join_from(
        deliveries, batches, batches.c.id == deliveries.c.batch_id
    )
    called = batches.c.state.in_([BatchState.SENDING, BatchState.UNKNOWN])
    theirs = is_about(deliveries, holder), deliveries.c.state == OPEN
    return connection.execute(query.where(*theirs, called)).scalar_one()


def erase(connection: Connection, holder: Holder, now: dt.datetime) -> None:
    """Erase somebody; counts stay true, as deliveries and what came back stay without a name."""
    _blank_answers(connection, holder)
    unnamed.keep_nameless(connection, holder, now)
    growth.keep_nameless(connection, holder.key, now)
    registrations.keep_nameless(connection, holder, now)
    _anonymise(connection, holder, now)
    for name in _ROWS_GO:
        this = metadata.tables[name]
        theirs = is_about(this, replace(holder, deliveries=()))
        connection.execute(delete(this).where(theirs))
    for where, column, _ in columns_of(Holds.ANYTHING):
        _sweep(connection, where, column, holder)


def _list_rows(connection: Connection, this: Table, holder: Holder) -> list[dict[str, Any]]:
    """What does a table hold of somebody, without what its words say of others?"""
    needles = needles_of(holder)
    pattern = pattern_of(needles)
    words = [name for name, holds in REGISTRY[this.name].items() if holds is Holds.ANYTHING]
    named = [mentions(connection, this.c[name], needle) for name in words for needle in needles]
    is_theirs = is_about(this, holder)
    if this is editions:  # whose words are the newsletter's own
        is_theirs = is_theirs | editions.c.send_id.in_(_answers_to(holder))
    query = select(this, is_theirs.label("is_theirs")).where(or_(is_theirs, *named))
    found = []
    for row in connection.execute(query.order_by(*this.primary_key.columns)):
        values = dict(row._mapping)
        if values.pop("is_theirs") or any(is_named(values[name], pattern) for name in words):
            foreign = () if this is editions else words
            found.append(values | {n: without_others(values[n], pattern) for n in foreign})
    return found


def _answers_to(holder: Holder) -> ColumnElement[Any]:
    """Return the SQL of the notices that went to nobody else: they hold links of their own."""
    theirs = is_about(deliveries, holder)
    mine = select(deliveries.c.send_id).where(theirs)
    others = select(deliveries.c.send_id).where(not_(theirs))
    notice = sends.c.scope.contains(_NOTICE, autoescape=True)
    query = select(sends.c.id).where(notice, sends.c.id.in_(mine), sends.c.id.not_in(others))
    return query.scalar_subquery()


def _blank_answers(connection: Connection, holder: Holder) -> None:
    these = editions.c.send_id.in_(_answers_to(holder))
    blank = {"subject": "", "html": "", "text": "", "enclosures": []}
    connection.execute(update(editions).where(these).values(blank))


def _anonymise(connection: Connection, holder: Holder, now: dt.datetime) -> None:
    """Let deliveries stay, of nobody; what is open is skipped: a notice would go to a stranger."""
    theirs = is_about(deliveries, holder)
    is_open = deliveries.c.state == OPEN
    skipped = {"state": State.SKIPPED, "changed_at": now}
    connection.execute(update(deliveries).where(theirs, is_open).values(skipped))
    mine = deliveries.c.id.in_(holder.deliveries)
    make_anonymous(connection, theirs)
    connection.execute(update(deliveries).where(mine).values(subscriber_id=None))


def _sweep(connection: Connection, where: Table, column: Column[Any], holder: Holder) -> None:
    """Replace whatever names somebody in words that may be about many."""
    keys = list(where.primary_key.columns)
    is_json, is_binary = isinstance(column.type, JSON), isinstance(column.type, LargeBinary)
    # As it is stored, whatever the program makes of it.
    kind = LargeBinary() if is_binary else Text()
    names = [key.name for key in keys if key is not column]
    raw = table(where.name, *map(plain_column, names), plain_column(column.name, kind))
    words = raw.c[column.name]
    needles = needles_of(holder)
    found = or_(*(mentions(connection, words, needle) for needle in needles))
    as_text = words if is_binary else cast(words, Text)
    query = select(*(raw.c[key.name] for key in keys), as_text)
    theirs = pattern_of(needles)
    for *ids, said in connection.execute(query.where(found)).all():
        text = bytes(said).decode("utf-8", "surrogateescape") if is_binary else said
        if not theirs.search(text):  # it names somebody with a longer address
            continue
        is_waiting = column is not webhooks.c.body or _is_waiting(connection, ids[0])
        mended = theirs.sub(_GONE, text) if is_waiting else ""
        value: Any = mended.encode("utf-8", "surrogateescape") if is_binary else mended
        new = cast(literal(value, Text), JSON) if is_json and _is_server(connection) else value
        this = [raw.c[key.name] == id for key, id in zip(keys, ids, strict=True)]
        connection.execute(update(raw).where(*this).values({column.name: new}))


def _is_server(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _is_waiting(connection: Connection, id: int) -> bool:
    """Return whether what a provider posted is still to be read: others may be in it, too."""
    query = select(webhooks.c.state).where(webhooks.c.id == id)
    return bool(connection.execute(query).scalar_one() == "waiting")
