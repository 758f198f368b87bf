"""Opens the ledger: SQLite with a write-ahead log, brought up to date by Alembic."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError

from newsletter.errors import ConfigError, LedgerError

HEAD = "0001"  # the newest migration
_BUSY_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Ledger:
    """An open ledger; every question and every change is one transaction."""

    engine: Engine
    path: Path

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads."""
        with _told(self.path), self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that writes; it takes the lock at once, so none can deadlock."""
        engine = self.engine.execution_options(begin="IMMEDIATE")
        with _told(self.path), engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Turn what the disk or another process does to the database into an error with its cure."""
    try:
        yield
    except OperationalError as err:
        raise LedgerError(
            f"cannot use the ledger {path}: {err.orig}; nothing is lost: make room or wait for "
            "the other process, then run the same command again"
        ) from err


def open_ledger(path: Path) -> Ledger:
    """Open the ledger, made or migrated if need be; raise ConfigError if it cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as err:
        raise ConfigError(f"cannot make the folder {path.parent}: {err.strerror}") from err
    # Parameters are addresses: they must not stand in an error or a log.
    engine = create_engine(
        URL.create("sqlite", database=str(path)), hide_parameters=True, json_serializer=_as_json
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    ledger = Ledger(engine, path)
    try:
        _migrate(ledger)
    except (DBAPIError, LedgerError, sqlite3.Error) as err:
        ledger.close()
        cause = getattr(err, "orig", None) or getattr(err.__cause__, "orig", err)
        raise ConfigError(
            f"cannot open the ledger {path}: {cause}; "
            "its folder and file must be writable, and the file a SQLite database"
        ) from err
    return ledger


def _as_json(value: Any) -> str:
    """Write JSON with its letters as they are: SQLite finds no key that is written as \\u00f6."""
    return json.dumps(value, ensure_ascii=False)


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin below decides, not the driver
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # what is committed survives a power cut
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _migrate(ledger: Ledger) -> None:
    version = _version(ledger)
    if version == HEAD:
        return
    if version is not None and version > HEAD:
        raise ConfigError(
            f"the ledger {ledger.path} was written by a newer version of newsletter; "
            "install that version here too"
        )
    # Imported here alone: Alembic takes a tenth of a second that only a migration is worth.
    from newsletter.ledger.migrations import upgrade  # noqa: PLC0415

    with ledger.write() as connection:
        upgrade(connection)


def _version(ledger: Ledger) -> str | None:
    with ledger.read() as connection:
        known = connection.execute(
            text("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
        ).first()
        return (
            connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            if known
            else None
        )
