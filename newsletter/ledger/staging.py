"""Staging of an import: rows in temporary tables, compared with the ledger by the database itself.

Whatever the size of the list, only a chunk of it is in memory. Nothing here changes the ledger;
`ledger.imports` writes what was compared.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    LABEL_STYLE_TABLENAME_PLUS_COL,
    Column,
    ColumnElement,
    Connection,
    Integer,
    MetaData,
    Row,
    String,
    Table,
    Text,
    case,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    type_coerce,
    union_all,
    update,
)

from newsletter.ledger.bulk import patch_changes, streamed, write_rows
from newsletter.ledger.events import list_refusers
from newsletter.ledger.folding import Address, folded
from newsletter.ledger.people import rank_of
from newsletter.ledger.tables import former, subscribers
from newsletter.model import Standing, Subscriber

_ORDER = tuple(Standing)
_RANK = {standing: standing.rank for standing in Standing}
_LEFT = min(standing.rank for standing in Standing if standing.is_left)  # from this rank on
_KNOWN_GONE = "as the provider told before an import was taken back"  # why somebody is not mailed


class RowOutcome(StrEnum):
    """What importing a row would do."""

    JOIN = "join"
    CHANGE = "change"  # name, language, attributes, perhaps the standing too
    LEAVE = "leave"  # the standing alone: the list says that they left
    NOTHING = "nothing"
    REFUSED = "refused"  # they left, or have another address, and the list would bring them back


class Staged(NamedTuple):
    """A person as a list names them; None where the list has no such column."""

    line: int
    address: str
    key: str  # of a new subscriber
    name: str | None
    language: str | None
    attributes: dict[str, str | None]  # None: the list has the column, but no value in it
    standing: Standing | None  # None: no reason not to mail them
    evidence: str  # what the list says about it


class PersonColumns(NamedTuple):
    """People as a list names them, column by column; none of them is erased."""

    lines: Sequence[int]
    addresses: Sequence[str]
    keys: Sequence[str]
    names: Sequence[str] | None
    languages: Sequence[str] | None
    attributes: Mapping[str, Sequence[str]]
    standings: Sequence[Standing | None]
    evidence: Sequence[str]


class Refused(NamedTuple):
    """A row that is refused, and why."""

    line: int
    text: str
    reason: str
    cells: Sequence[str] = ()


class Difference(NamedTuple):
    """What a row would change about somebody."""

    line: int
    before: Subscriber
    after: Subscriber


class Tally(NamedTuple):
    """How many rows of a list share an outcome."""

    fate: RowOutcome
    standing: Standing  # the list's; ACTIVE if nothing speaks against it
    evidence: str
    rows: int


_metadata = MetaData()

staged = Table(
    "staged",
    _metadata,
    Column("line", Integer, primary_key=True),
    Column("address", Address, nullable=False),
    Column("key", String, nullable=False),
    Column("name", String),
    Column("language", String),
    Column("patch", JSON, nullable=False),
    Column("rank", Integer, nullable=False),  # of the standing: its place in the order
    Column("evidence", String, nullable=False),
    Column("subscriber_id", Integer),
    Column("fate", String, nullable=False),
    prefixes=["TEMPORARY"],
)
_refused = Table(
    "refused",
    _metadata,
    Column("line", Integer, primary_key=True),
    Column("text", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("cells", JSON, nullable=False),
    prefixes=["TEMPORARY"],
)
_duplicates = Table(
    "doubles",
    _metadata,
    Column("first", Integer, primary_key=True),
    Column("address", Address, nullable=False),
    Column("rank", Integer, nullable=False),  # the strictest of its rows
    prefixes=["TEMPORARY"],
)


_STAGED = ("line", "address", "key", "name", "language", "patch", "rank", "evidence", "fate")
_REFUSED = ("line", "text", "reason", "cells")
_LIST = json.JSONEncoder(ensure_ascii=False).encode
_text = json.encoder.encode_basestring  # a fifth of the time that a full encoder takes


def open_staging(connection: Connection) -> None:
    """Create the temporary tables of a list; they last as long as the session."""
    if connection.dialect.name == "sqlite":
        # Cache for the indexes, where rows are inserted at random; kilobytes, for this session
        # alone.
        connection.exec_driver_sql("PRAGMA cache_size = -40000")
    for table in (staged, _refused, _duplicates):
        table.create(connection)


def stage(connection: Connection, rows: Iterable[Staged], refusals: Iterable[Refused]) -> None:
    """Store rows of a list, in chunks."""
    write_rows(connection, staged, _STAGED, [_values(row) for row in rows])
    told = [(*row[:3], _LIST(list(row.cells))) for row in refusals]
    write_rows(connection, _refused, _REFUSED, told)


def stage_columns(connection: Connection, crowd: PersonColumns) -> None:
    """Store many rows of a list at once."""
    count = len(crowd.lines)
    ranks = {standing: _rank(standing) for standing in set(crowd.standings)}
    columns = (
        crowd.lines,
        crowd.addresses,
        crowd.keys,
        [None] * count if crowd.names is None else crowd.names,
        [None] * count if crowd.languages is None else crowd.languages,
        _patches(crowd.attributes, count),
        map(ranks.__getitem__, crowd.standings),
        crowd.evidence,
        ["join"] * count,
    )
    write_rows(connection, staged, _STAGED, list(zip(*columns, strict=True)))


def merge_duplicates(connection: Connection) -> None:
    """Keep each address once, in its first row, with the strictest standing of all."""
    address = folded(staged.c.address)
    # Created when all rows are there: in order, which takes a third of the time. With the rank in
    # it, the index alone finds duplicates.
    written = folded(column("address", String)).compile(dialect=connection.dialect)
    connection.execute(text(f"CREATE INDEX ix_staged_address ON staged ({written}, rank)"))
    twice = select(func.min(staged.c.line), func.min(staged.c.address), func.max(staged.c.rank))
    twice = twice.group_by(address).having(func.count() > 1)
    found = connection.execute(
        insert(_duplicates).from_select(["first", "address", "rank"], twice)
    ).rowcount
    if not found:
        return
    alike = staged.alias("alike")
    evidence = (
        select(alike.c.evidence)
        .where(alike.c.address == staged.c.address)
        .order_by(alike.c.rank.desc(), alike.c.line)
        .limit(1)
        .correlate(staged)
        .scalar_subquery()
    )
    milder = (staged.c.line == _duplicates.c.first) & (staged.c.rank < _duplicates.c.rank)
    connection.execute(
        update(staged).where(milder).values(rank=_duplicates.c.rank, evidence=evidence)
    )
    reason = literal("the same address as in line ") + cast(_duplicates.c.first, Text)
    later = select(staged.c.line, staged.c.address, reason, literal([], JSON)).join(
        _duplicates,
        (staged.c.address == _duplicates.c.address) & (staged.c.line != _duplicates.c.first),
    )
    connection.execute(insert(_refused).from_select(["line", "text", "reason", "cells"], later))
    connection.execute(delete(staged).where(staged.c.line.in_(select(_refused.c.line))))


def compare(connection: Connection) -> None:
    """Set what importing each row would do, given what the ledger holds now."""
    known = staged.c.fate != RowOutcome.JOIN  # of an earlier comparison
    connection.execute(update(staged).where(known).values(fate=RowOutcome.JOIN, subscriber_id=None))
    before, rank = rank_of(subscribers.c.standing), staged.c.rank
    fate = case(
        ((rank >= _LEFT) & (rank > before), RowOutcome.LEAVE),
        (rank >= _LEFT, RowOutcome.NOTHING),
        (before >= _LEFT, RowOutcome.REFUSED),
        (rank > before, RowOutcome.CHANGE),
        (_differ(connection), RowOutcome.CHANGE),
        else_=RowOutcome.NOTHING,
    )
    connection.execute(
        update(staged)
        .where(subscribers.c.address == staged.c.address)
        .values(subscriber_id=subscribers.c.id, fate=fate)
    )
    had = (former.c.address == staged.c.address) & (former.c.subscriber_key == subscribers.c.key)
    connection.execute(
        update(staged)
        .where(staged.c.fate == RowOutcome.JOIN, had)
        .values(subscriber_id=subscribers.c.id, fate=RowOutcome.REFUSED)
    )
    for address, standing in list_refusers(connection).items():
        said_no = (staged.c.fate == RowOutcome.JOIN) & (staged.c.address == address)
        said_no &= staged.c.rank < standing.rank
        bare: dict[str, Any] = {"name": None, "language": None, "patch": {}}
        stricter = (
            update(staged).where(said_no).values(rank=standing.rank, evidence=_KNOWN_GONE, **bare)
        )
        connection.execute(stricter)


def count_outcomes(connection: Connection) -> list[Tally]:
    """How many rows have each outcome, and what does the list say about them?"""
    alike = (staged.c.fate, staged.c.rank, staged.c.evidence)
    query = select(*alike, func.count()).group_by(*alike).order_by(*alike)
    tallies = [
        Tally(RowOutcome(fate), _ORDER[rank], evidence, count)
        for fate, rank, evidence, count in connection.execute(query)
    ]
    if refused := connection.execute(select(func.count()).select_from(_refused)).scalar_one():
        tallies.append(Tally(RowOutcome.REFUSED, Standing.ACTIVE, "", refused))
    return tallies


def list_joins(connection: Connection, most: int | None = None) -> Iterator[tuple[int, Subscriber]]:
    """Who would join, and on which line are they?"""
    query = (
        select(staged).where(staged.c.fate == RowOutcome.JOIN).order_by(staged.c.line).limit(most)
    )
    for row in streamed(connection, query):
        yield (
            row.line,
            Subscriber(
                address=row.address,
                key=row.key,
                name=row.name or "",
                language=row.language or "",
                attributes={k: v for k, v in row.patch.items() if v is not None},
                standing=_ORDER[row.rank],
            ),
        )


def list_differences(connection: Connection, most: int | None = None) -> Iterator[Difference]:
    """Whom would the list change, and how?"""
    query = (
        select(staged, subscribers)
        .join(subscribers, subscribers.c.id == staged.c.subscriber_id)
        .where(staged.c.fate.in_([RowOutcome.CHANGE, RowOutcome.LEAVE]))
        .order_by(staged.c.line)
        .limit(most)
        .set_label_style(LABEL_STYLE_TABLENAME_PLUS_COL)
    )
    for row in streamed(connection, query):
        before = Subscriber(
            address=row.subscribers_address,
            key=row.subscribers_key,
            name=row.subscribers_name,
            language=row.subscribers_language,
            attributes=row.subscribers_attributes,
            standing=Standing(row.subscribers_standing),
        )
        yield Difference(row.staged_line, before, _after(before, row))


def list_refusals(connection: Connection, most: int | None = None) -> Iterator[Refused]:
    """Which rows are refused, and why?"""
    is_theirs = staged.c.address == subscribers.c.address
    now = literal("is now ").concat(type_coerce(subscribers.c.address, String))
    reason = case(
        (is_theirs, literal("is ") + subscribers.c.standing + literal(" and stays so")),
        (staged.c.rank >= _LEFT, now.concat("; if they left, remove that address")),
        else_=now,
    )
    left = (
        select(staged.c.line, staged.c.address, reason, literal([], JSON))
        .join(subscribers, subscribers.c.id == staged.c.subscriber_id)
        .where(staged.c.fate == RowOutcome.REFUSED)
    )
    query = union_all(select(_refused), left).order_by("line").limit(most)
    for row in streamed(connection, query):
        yield Refused(row.line, row.text, row.reason, tuple(row.cells))


def _values(row: Staged) -> tuple[Any, ...]:
    rank = _rank(row.standing)
    name, language, patch = row.name, row.language, _patch(row.attributes)
    if row.standing is Standing.ERASED:  # nothing else is kept about them
        name, language, patch = None, None, "{}"
    return (row.line, row.address, row.key, name, language, patch, rank, row.evidence, "join")


def _rank(standing: Standing | None) -> int:
    return _RANK[standing] if standing else 0


def _patch(attributes: Mapping[str, str | None]) -> str:
    """Write attributes as JSON without escaping letters."""
    return "{" + ",".join([_pair(name, value) for name, value in attributes.items()]) + "}"


def _patches(attributes: Mapping[str, Sequence[str]], count: int) -> list[str]:
    """Write the attributes of many; each distinct value only once."""
    if not attributes:
        return ["{}"] * count
    pairs: list[Iterator[str]] = []
    for name, values in attributes.items():
        written = {value: _pair(name, value) for value in set(values)}
        pairs.append(map(written.__getitem__, values))
    return ["{" + ",".join(each) + "}" for each in zip(*pairs, strict=True)]


def _pair(name: str, value: str | None) -> str:
    return f"{_text(name)}:{_text(value) if value else 'null'}"


def _differ(connection: Connection) -> ColumnElement[bool]:
    """Return the SQL for whether a row has other values than the subscriber."""
    return or_(
        func.coalesce(staged.c.name, subscribers.c.name) != subscribers.c.name,
        func.coalesce(staged.c.language, subscribers.c.language) != subscribers.c.language,
        patch_changes(connection, subscribers.c.attributes, staged.c.patch),
    )


def _after(before: Subscriber, row: Row[Any]) -> Subscriber:
    standing = before.standing.or_stricter(_ORDER[row.staged_rank])
    if row.staged_fate == RowOutcome.LEAVE:
        return replace(before, standing=standing)
    attributes = {**before.attributes, **row.staged_patch}
    return replace(
        before,
        name=before.name if row.staged_name is None else row.staged_name,
        language=before.language if row.staged_language is None else row.staged_language,
        attributes={k: v for k, v in attributes.items() if v is not None},
        standing=standing,
    )
