"""Opens the ledger, SQLite or PostgreSQL, brought up to date by Alembic."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    ExceptionContext,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import (
    DBAPIError,
    InterfaceError,
    InternalError,
    NoSuchModuleError,
    OperationalError,
    PendingRollbackError,
)

from newsletter.errors import ConfigError, LedgerBusyError, LedgerError
from newsletter.files import private_file, private_folder

HEAD = "0003"  # the newest migration
_BUSY_SECONDS = 30
_CONNECTIONS = 30  # at most, of one process: a thread holds one at a time
_MIGRATION_LOCK = 0x6E657773  # "news"; whoever migrates holds it

# What a server says when the same question may be answered later: it is going down or coming up,
# somebody holds a lock, two transactions got in each other's way, it has no room for a connection,
# it was idle for too long, or it is a replica that nobody has promoted yet.
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_PASSING = {"57P01", "57P02", "57P03", "55P03", "40001", "40P01", "53300", "25P03", "25006"}
_CONNECTION_LOST = "08"  # the class of such errors
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

# What libpq is told unless the address of the database says otherwise: a server that is gone
# without a word is noticed within a minute.
_PROBES = {
    "connect_timeout": 10,
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


@dataclass(frozen=True, slots=True)
class Ledger:
    """An open ledger; every question and every change is one transaction."""

    engine: Engine
    place: str  # its file or its server, for people
    # The threads of a process queue up here for SQLite's one lock: waiting for it they would
    # sleep, and longer each time.
    turn: AbstractContextManager[Any]

    @property
    def is_shared(self) -> bool:
        """Tell whether other machines may use it too."""
        return self.engine.dialect.name != "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads, all of it as it was at one moment."""
        engine = self.engine
        if self.is_shared:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with _told(self.place), engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that writes; on SQLite it takes the lock at once: no deadlocks."""
        engine = self.engine.execution_options(begin="IMMEDIATE")
        with _told(self.place), self.turn, engine.begin() as connection:
            yield connection

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()


@contextmanager
def _told(place: str) -> Iterator[None]:
    """Turn what the disk, the network or another process does into an error with its cure."""
    try:
        yield
    except PendingRollbackError as err:  # the connection was lost earlier in this block
        raise LedgerBusyError(f"the ledger {place} does not answer") from err
    except (OperationalError, InterfaceError, InternalError) as err:
        if _may_pass(err):
            raise LedgerBusyError(f"the ledger {place} does not answer: {_cause(err)}") from err
        raise LedgerError(
            f"cannot use the ledger {place}: {_cause(err)}; nothing is lost: make room or wait "
            "for the other process, then run the same command again"
        ) from err


def _may_pass(err: DBAPIError) -> bool:
    """Tell whether the same question may be answered later: it was locked, or its server away."""
    if isinstance(err.orig, sqlite3.Error):
        return getattr(err.orig, "sqlite_errorcode", 0) & 0xFF in _LOCKED
    code = getattr(err.orig, "sqlstate", None)  # none where the server did not answer at all
    if err.connection_invalidated or code is None:
        return True
    return code in _PASSING or str(code).startswith(_CONNECTION_LOST)


def open_ledger(place: Path | str, *, password: str = "") -> Ledger:
    """Open the ledger in a file or at a postgresql+psycopg URL, made or migrated if need be.

    Raise ConfigError if it cannot be used.
    """
    shown = str(place)
    try:
        engine = _file_engine(place) if isinstance(place, Path) else _server_engine(place, password)
    except (NoSuchModuleError, ImportError) as err:
        raise ConfigError(
            f"{shown} needs the driver of PostgreSQL: pip install “newsletter[postgres]”"
        ) from err
    turn = Lock() if isinstance(place, Path) else nullcontext()
    ledger = Ledger(engine, shown, turn)
    try:
        _migrate(ledger)
    except (DBAPIError, LedgerError, sqlite3.Error) as err:
        ledger.close()
        cause = getattr(err, "orig", None) or getattr(err.__cause__, "orig", err)
        cure = (
            "its server must be running, and its database and user exist"
            if ledger.is_shared
            else "its folder and file must be writable, and the file a SQLite database"
        )
        told = " ".join(str(cause).split())
        raise ConfigError(f"cannot open the ledger {shown}: {told}; {cure}") from err
    return ledger


def _file_engine(path: Path) -> Engine:
    try:
        private_folder(path.parent)
    except OSError as err:
        raise ConfigError(f"cannot make the folder {path.parent}: {err.strerror}") from err
    with suppress(OSError):  # SQLite says it better; what it lays beside gets the same rights
        private_file(path)
    # Parameters are addresses: they must not stand in an error or a log.
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        hide_parameters=True,
        json_serializer=_as_json,
        max_overflow=_CONNECTIONS,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _server_engine(url: str, password: str) -> Engine:
    address = make_url(url)
    if password:
        address = address.set(password=password)
    engine = create_engine(
        address,
        connect_args={name: value for name, value in _PROBES.items() if name not in address.query},
        hide_parameters=True,
        isolation_level="READ COMMITTED",  # a claim must see what was claimed a moment ago
        json_serializer=_as_json,
        max_overflow=_CONNECTIONS,
        pool_pre_ping=True,  # a server that was restarted has cut the connections in the pool
    )
    event.listen(engine, "connect", _limit)
    event.listen(engine, "handle_error", _hide)
    return engine


def _as_json(value: Any) -> str:
    """Write JSON with its letters as they are: SQLite finds no key that is written as \\u00f6."""
    return json.dumps(value, ensure_ascii=False)


def _cause(err: DBAPIError) -> str:
    return " ".join(str(err.orig).split())


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin below decides, not the driver
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # what is committed survives a power cut
    connection.execute("PRAGMA foreign_keys = ON")


def _limit(connection: Any, _record: Any) -> None:
    """Let nobody wait for ever for a machine that died or slept with a lock in its hand."""
    connection.autocommit = True
    connection.execute(
        f"SET lock_timeout = '{_BUSY_SECONDS}s'; SET idle_in_transaction_session_timeout = '5min'"
    )
    connection.autocommit = False


def _hide(context: ExceptionContext) -> None:
    """Leave out what a server adds to its errors: the values, which are addresses."""
    said = getattr(getattr(context.original_exception, "diag", None), "message_primary", None)
    if said:
        context.original_exception.args = (said,)
        if context.sqlalchemy_exception:
            context.sqlalchemy_exception.args = (said,)


def _begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def _migrate(ledger: Ledger) -> None:
    with ledger.read() as connection:
        version = _version(connection)
    if version == HEAD:
        return
    # Imported here alone: Alembic takes a tenth of a second that only a migration is worth.
    from newsletter.ledger.migrations import upgrade  # noqa: PLC0415

    with ledger.write() as connection:
        if ledger.is_shared:
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
        version = _version(connection)  # another process may have been faster
        if version is not None and version > HEAD:
            raise ConfigError(
                f"the ledger {ledger.place} was written by a newer version of newsletter; "
                "install that version here too"
            )
        if version != HEAD:
            upgrade(connection)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
