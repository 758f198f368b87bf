"""Opens the ledger, SQLite or PostgreSQL, brought up to date by Alembic."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import quote

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
from sqlalchemy.exc import NoSuchModuleError

from newsletter.errors import ConfigError, LedgerError
from newsletter.files import private_database, private_folder
from newsletter.language import reason_of_disk, say
from newsletter.ledger.folding import teach_case
from newsletter.ledger.refusals import REFUSALS, explanation_of, refusal_of
from newsletter.ledger.roles import RESTORING, VERSIONS, Role, find_version, is_version, verify_role

HEAD = "0015"  # the newest migration
_BUSY_SECONDS = 30
_CONNECTIONS = 30  # of one process, at most: a thread holds one at a time
MIGRATION_LOCK = 0x6E657773  # "news"; held by whoever migrates

# Connection options of libpq unless the URL of the database has its own: a server that silently
# disappears is noticed within a minute.
_PROBES = {
    "connect_timeout": 10,
    "keepalives_idle": 20,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


@dataclass(frozen=True, slots=True)
class Ledger:
    """An open ledger; every query and every change is one transaction."""

    engine: Engine
    place: str  # its file or its server, for people
    # The threads of a process queue up here for SQLite's one lock: waiting inside SQLite they would
    # sleep, longer each time.
    turn: AbstractContextManager[Any]

    @property
    def is_shared(self) -> bool:
        """Return whether other machines may use it too."""
        return self.engine.dialect.name != "sqlite"

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a read-only transaction that sees one consistent snapshot."""
        engine = self.engine
        if self.is_shared:
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        with _translated_errors(self.place), engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that writes; on SQLite it takes the lock at once: no deadlocks."""
        engine = self.engine.execution_options(begin="IMMEDIATE")
        with _translated_errors(self.place), self.turn, engine.begin() as connection:
            yield connection

    @contextmanager
    def changes(self) -> Iterator[Callable[[], bool]]:
        """Yield a function that tells whether anybody changed a file since it was last asked.

        It reads a counter of SQLite's and makes no query (https://sqlite.org/pragma.html).
        """
        with _translated_errors(self.place), self.engine.connect() as connection:
            driver: Any = connection.connection.driver_connection
            before = -1

            def has_changed() -> bool:
                nonlocal before
                with _translated_errors(self.place):  # whoever asks may go on all the same
                    last, [before] = before, driver.execute("PRAGMA data_version").fetchone()
                return bool(last != before)

            yield has_changed

    @property
    def server_options(self) -> Mapping[str, Any]:
        """Return what the driver of PostgreSQL is connected with, the password among it."""
        _, options = self.engine.dialect.create_connect_args(self.engine.url)
        return {**_PROBES, **options}

    @contextmanager
    def session(self) -> Iterator["Session"]:
        """Hold one connection for several transactions, which share their temporary tables."""
        with _translated_errors(self.place), self.engine.connect() as connection:
            try:
                yield Session(self, connection)
            finally:
                connection.invalidate()  # which removes them, whatever happened

    def is_current(self) -> bool:
        """Return whether the ledger answers, and is as this version of the program left it."""
        with self.read() as connection:
            return find_version(connection) == (Role.IN_USE, HEAD)

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


@dataclass(frozen=True, slots=True)
class Session:
    """One connection of a ledger, for consecutive transactions."""

    ledger: Ledger
    connection: Connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that changes nothing but temporary tables."""
        level = "REPEATABLE READ" if self.ledger.is_shared else "SERIALIZABLE"
        with self._begun(begin="DEFERRED", isolation_level=level):
            yield self.connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that writes."""
        level = "READ COMMITTED" if self.ledger.is_shared else "SERIALIZABLE"
        with self.ledger.turn, self._begun(begin="IMMEDIATE", isolation_level=level):
            yield self.connection

    @contextmanager
    def _begun(self, **options: Any) -> Iterator[None]:
        if not self.ledger.is_shared:  # the driver is not involved: see `_prepare`
            del options["isolation_level"]
        self.connection.execution_options(**options)
        with _translated_errors(self.ledger.place), self.connection.begin():
            yield


@contextmanager
def _translated_errors(place: str) -> Iterator[None]:
    """Turn errors of the disk, the network or another process into one with a cure."""
    try:
        yield
    except REFUSALS as err:
        refusal = refusal_of(err, place)
        if refusal is err:
            raise
        raise refusal from err


def open_ledger(place: Path | str, *, password: str = "") -> Ledger:
    """Open the ledger in a file or at a postgresql+psycopg URL, created or migrated if necessary.

    Raise ConfigError if it cannot be used.
    """
    ledger = connect_ledger(place, password=password)
    try:
        _migrate(ledger)
    except ConfigError:
        ledger.close()
        raise
    except (LedgerError, *REFUSALS) as err:
        ledger.close()
        reason = explanation_of(err)
        fault = say("cannot open the ledger {place}: {reason}", place=ledger.place, reason=reason)
        raise ConfigError(fault) from err
    return ledger


def connect_ledger(place: Path | str, *, password: str = "") -> Ledger:
    """Open what is at a place as it is: nothing, a backup, a ledger that moves, or one in use.

    Raise ConfigError if no driver for it is there.
    """
    shown = str(place)
    try:
        engine = _file_engine(place) if isinstance(place, Path) else _server_engine(place, password)
    except (NoSuchModuleError, ImportError) as err:
        raise ConfigError(
            say(
                "{place} needs the driver of PostgreSQL: pip install “./newsletter[postgres]”",
                place=shown,
            )
        ) from err
    return Ledger(engine, shown, Lock() if isinstance(place, Path) else nullcontext())


def _file_engine(path: Path) -> Engine:
    if path.is_file() and not all(os.access(place, os.W_OK) for place in (path, path.parent)):
        return _reading_engine(path)
    try:
        private_folder(path.parent)
    except OSError as err:
        folder, reason = str(path.parent), reason_of_disk(err)
        fault = say("cannot make the folder {folder}: {reason}", folder=folder, reason=reason)
        raise ConfigError(fault) from err
    with suppress(OSError):  # SQLite's own message is better; its other files get the same rights
        private_database(path)
    return _sqlite_engine(URL.create("sqlite", database=str(path)), _prepare)


def _reading_engine(path: Path) -> Engine:
    """Open a file where nothing may be written; whoever tries to is told so.

    Without a log beside it nobody has it open, and SQLite must be told that, as it could not make
    the files by which processes know of each other (https://www.sqlite.org/wal.html#readonly).
    """
    query = {"uri": "true", "mode": "ro"}
    if not path.with_name(f"{path.name}-wal").exists():
        query["immutable"] = "1"
    url = URL.create("sqlite", database=f"file:{quote(str(path))}", query=query)
    return _sqlite_engine(url, _prepare_reading)


def _sqlite_engine(url: URL, prepare: Callable[[sqlite3.Connection, Any], None]) -> Engine:
    # Parameters include addresses: they must not appear in an error or a log.
    engine = create_engine(
        url, hide_parameters=True, json_serializer=_as_json, max_overflow=_CONNECTIONS
    )
    event.listen(engine, "connect", prepare)
    event.listen(engine, "connect", teach_case)
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
    """Write JSON without escaping letters: SQLite does not find a key written with \\u00f6."""
    return json.dumps(value, ensure_ascii=False)


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin below decides, not the driver
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # what is committed survives a power cut
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA secure_delete = ON")  # what is deleted is overwritten


def _prepare_reading(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {_BUSY_SECONDS * 1000}")


def _limit(connection: Any, _record: Any) -> None:
    """Let nobody wait for ever for a machine that died or slept while holding a lock."""
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
        if _verified(connection, ledger.place) == HEAD:
            return
    with ledger.write() as connection:
        lock_migrations(connection)
        version = _verified(connection, ledger.place)  # another process may have been faster
        if version is None:
            _verify_emptiness(connection, ledger.place)
        if version != HEAD:
            migrate(connection)


def migrate(connection: Connection) -> None:
    """Bring the tables up to the newest migration, within the caller's transaction."""
    # Imported only here: Alembic takes a tenth of a second, which only a migration needs.
    from newsletter.ledger.migrations import upgrade  # noqa: PLC0415

    upgrade(connection)


def lock_migrations(connection: Connection) -> None:
    """Let nobody else migrate a ledger until this transaction ends; SQLite lets nobody anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))


def _verified(connection: Connection, place: str) -> str | None:
    """Return the number of a ledger's last migration; raise ConfigError if it is not to be used."""
    found = find_version(connection)
    if found is None:
        return None
    role, number = found
    verify_version(number, place)
    verify_role(connection, role, place)
    return number


def verify_version(version: str, place: str) -> None:
    """Raise ConfigError for a number that no migration of this version has."""
    if not is_version(version):
        raise ConfigError(
            say(
                "the database {place} belongs to another program (its version is “{version}”); "
                "name another in [database] url",
                place=place,
                version=version,
            )
        )
    if version > HEAD:
        raise ConfigError(
            say(
                "the ledger {place} was written by a newer version of newsletter; install that "
                "version here too",
                place=place,
            )
        )


def _verify_emptiness(connection: Connection, place: str) -> None:
    """Raise ConfigError for a database without a version that has tables all the same."""
    found = set(inspect(connection).get_table_names()) - {VERSIONS}
    if not found:
        return
    if RESTORING in found:
        raise ConfigError(
            say(
                "a backup is being restored into {place}, or that was cut off: wait for its end, "
                "or empty the database and run “newsletter restore” again",
                place=place,
            )
        )
    if {"subscribers", "deliveries"} <= found:
        raise ConfigError(
            say(
                "the ledger {place} has lost the number of its version (its table {table} is "
                "empty); restore a backup, or write the number back there that was in it: today’s "
                "is {version}",
                place=place,
                table=VERSIONS,
                version=HEAD,
            )
        )
    shown = ", ".join(sorted(found)[:3]) + (" …" if len(found) > 3 else "")
    raise ConfigError(
        say(
            "the database {place} holds tables of another program ({names}), and no ledger; "
            "name another in [database] url, or a schema of its own",
            place=place,
            names=shown,
        )
    )
