"""A ledger's rows on their way into another database: copied in order, counted and hashed.

Each table is read in the order of its primary key, and written by some thousand rows at once. So
what is there already tells where to go on, however the last run ended.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Integer,
    String,
    Table,
    false,
    func,
    inspect,
    select,
    text,
)

from newsletter.errors import LedgerRefusedError
from newsletter.language import say
from newsletter.ledger.bulk import is_storable, write_rows
from newsletter.ledger.open import Ledger
from newsletter.ledger.tables import metadata

# Processes stay behind; jobs follow from what the ledger says; each ledger has its own handovers.
_LEFT_BEHIND = {"workers", "jobs", "handovers"}
_AT_ONCE = 20_000  # rows of a transaction
_READ_AT_ONCE = 2_000  # rows in memory while a table is read
_HEAVY = {"editions": 20, "pictures": 5}  # tables with rows of up to megabytes -> rows at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a table holds: the same in two databases only if all its rows are the same."""

    table: str
    rows: int
    digest: str  # SHA-256 of all rows, in the order of their primary key


def moved_tables() -> list[str]:
    """Return the tables that go along, those before others that refer to them."""
    return [table.name for table in metadata.sorted_tables if table.name not in _LEFT_BEHIND]


def copy_table(
    origin: Ledger, goal: Ledger, name: str, *, progress: Callable[[int], object]
) -> None:
    """Copy the rows of a table that the goal does not have yet; tell how many, now and then.

    Raise LedgerRefusedError for a row that the goal cannot hold.
    """
    table = metadata.tables[name]
    with goal.read() as connection:
        last = _last_key(connection, table)
    names = [column.name for column in table.c]
    with origin.read() as reading:
        for rows in _chunks(_rows(reading, table, beyond=last), _size(table, _AT_ONCE)):
            if goal.is_shared:
                _verify_storable(table, rows)
            with goal.write() as connection:
                write_rows(connection, table, names, rows)
            progress(len(rows))


def tally_table(ledger: Ledger, name: str) -> Tally:
    """How many rows does a table have, and what is their hash?"""
    table = metadata.tables[name]
    digest, count = hashlib.sha256(), 0
    with ledger.read() as connection:
        for row in _rows(connection, table):
            digest.update(repr(row).encode())
            count += 1
    return Tally(table=table.name, rows=count, digest=digest.hexdigest())


def is_blank(connection: Connection) -> bool:
    """Is there no table at all?"""
    return not inspect(connection).get_table_names()


def count_on(connection: Connection) -> None:
    """Let a server number new rows after those that were copied."""
    if connection.dialect.name != "postgresql":
        return  # SQLite counts on from the last one by itself
    for table in map(metadata.tables.__getitem__, moved_tables()):
        if "id" in table.c and isinstance(table.c.id.type, Integer):
            newest = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
            serial = func.pg_get_serial_sequence(table.name, "id")
            connection.execute(select(func.setval(serial, newest, false())))


# --- reading ------------------------------------------------------------------------------


def _rows(
    connection: Connection, table: Table, beyond: tuple[Any, ...] | None = None
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows behind a key as both databases tell them: text, numbers, bytes."""
    order = ", ".join(_in_order(connection, column) for column in table.primary_key)
    places = ", ".join(f":k{n}" for n in range(len(table.primary_key)))
    where = f" WHERE ({order}) > ({places})" if beyond else ""
    told = ", ".join(_told(connection, column) for column in table.c)
    assert order  # noqa: S101 - each table has a key
    query = text(f"SELECT {told} FROM {table.name}{where} ORDER BY {order}")  # noqa: S608 - ours
    given = {f"k{n}": value for n, value in enumerate(beyond or ())}
    few = {"yield_per": _size(table, _READ_AT_ONCE)}
    for row in connection.execute(query, given, execution_options=few):
        yield tuple(row)


def _told(connection: Connection, column: Column[Any]) -> str:
    """Return the SQL of a column in the form that is the same on both."""
    name = connection.dialect.identifier_preparer.quote(column.name)
    if connection.dialect.name == "postgresql":
        if isinstance(column.type, JSON):
            return f"CAST({name} AS TEXT)"
        if isinstance(column.type, Boolean):
            return f"CAST({name} AS INTEGER)"
    return name


def _in_order(connection: Connection, column: Column[Any]) -> str:
    """Return the SQL of a column of a key, which every server shall order as SQLite does."""
    name = _told(connection, column)
    is_text = isinstance(column.type, String)
    return f'{name} COLLATE "C"' if is_text and connection.dialect.name == "postgresql" else name


def _last_key(connection: Connection, table: Table) -> tuple[Any, ...] | None:
    """Which key is the last, so that all rows up to it are there?"""
    order = [_in_order(connection, column) for column in table.primary_key]
    keys = ", ".join(_told(connection, column) for column in table.primary_key)
    downwards = ", ".join(f"{each} DESC" for each in order)
    query = f"SELECT {keys} FROM {table.name} ORDER BY {downwards} LIMIT 1"  # noqa: S608 - ours
    row = connection.execute(text(query)).one_or_none()
    return tuple(row) if row else None


def _chunks(rows: Iterator[tuple[Any, ...]], size: int) -> Iterator[list[tuple[Any, ...]]]:
    some: list[tuple[Any, ...]] = []
    for row in rows:
        some.append(row)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some


def _size(table: Table, usual: int) -> int:
    return _HEAVY.get(table.name, usual)


def _verify_storable(table: Table, rows: Sequence[tuple[Any, ...]]) -> None:
    """Raise LedgerRefusedError for a text that no server stores, naming its row."""
    for row in rows:
        for column, value in zip(table.c, row, strict=True):
            if isinstance(value, str) and not is_storable(value):
                raise LedgerRefusedError(
                    say(
                        "{table}, {key}: its {column} holds a sign that PostgreSQL cannot store; "
                        "take it out in the old ledger first",
                        table=table.name,
                        key=str(row[0]),
                        column=column.name,
                    )
                )
