"""Closes a ledger by triggers, which everybody meets who has it open, in whatever version."""

from collections.abc import Iterator

from sqlalchemy import Connection, inspect

from newsletter.ledger.refusals import CLOSED
from newsletter.ledger.tables import handovers, metadata

_CALLS = "closed_calls"  # the trigger that lets no call begin
_OPEN_STILL = ("workers",)  # who ends may sign off
# A call begins with a claim, or with somebody who asks about one in doubt, and may repeat it. What
# becomes of one under way changes its batch, too: it is in doubt, or a part of it is set apart.
_BEGINS = (
    "(NEW.state = 'sending' AND OLD.state <> 'sending') OR "
    "(NEW.state = 'unknown' AND NEW.worker <> '' AND NEW.worker <> OLD.worker)"
)
_CHANGES = ("INSERT", "UPDATE", "DELETE")


def close_calls(connection: Connection) -> None:
    """Let nobody begin another call, whoever has the ledger open; those under way are recorded."""
    if connection.dialect.name == "postgresql":
        _make_function(connection)
        _make(
            connection, "batches", _CALLS, f"BEFORE UPDATE ON batches FOR EACH ROW WHEN ({_BEGINS})"
        )
    else:
        _make(connection, "batches", _CALLS, f"BEFORE UPDATE ON batches WHEN {_BEGINS}")


def close(connection: Connection) -> None:
    """Let nobody change anything any more; on a server this waits for changes under way."""
    for name, table, change in _triggers(connection):
        each = " FOR EACH STATEMENT" if connection.dialect.name == "postgresql" else ""
        _make(connection, table, name, f"BEFORE {change} ON {table}{each}")


def reopen(connection: Connection) -> None:
    """Let a closed ledger be changed again."""
    for name, table, _ in (*_triggers(connection), (_CALLS, "batches", "")):
        _drop(connection, table, name)
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS newsletter_closed()")


def _triggers(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """Yield name, table and change of each trigger of a closed ledger."""
    there = inspect(connection).get_table_names()
    names = [t.name for t in metadata.sorted_tables if t.name in there and t is not handovers]
    for table in names:
        if table in _OPEN_STILL:
            continue
        if connection.dialect.name == "postgresql":
            yield "closed", table, " OR ".join(_CHANGES)
        else:
            yield from ((f"closed_{table}_{change.lower()}", table, change) for change in _CHANGES)


def _make(connection: Connection, table: str, name: str, when: str) -> None:
    _drop(connection, table, name)
    if connection.dialect.name == "postgresql":
        act = "EXECUTE FUNCTION newsletter_closed()"
    else:
        act = f"BEGIN SELECT RAISE(ABORT, '{CLOSED}'); END"
    connection.exec_driver_sql(f"CREATE TRIGGER {name} {when} {act}")


def _drop(connection: Connection, table: str, name: str) -> None:
    of = f" ON {table}" if connection.dialect.name == "postgresql" else ""
    connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}{of}")


def _make_function(connection: Connection) -> None:
    connection.exec_driver_sql(
        "CREATE OR REPLACE FUNCTION newsletter_closed() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{CLOSED}'; END $$"
    )
