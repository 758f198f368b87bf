"""Explains why a database refused, whether retrying may help, and what else does."""

import sqlite3
from collections.abc import Mapping

from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    NotSupportedError,
    PendingRollbackError,
    ProgrammingError,
)

from newsletter.errors import (
    LedgerBusyError,
    LedgerError,
    LedgerReadOnlyError,
    LedgerRefusedError,
)

# What a server says when the same query may succeed later: it is going down or coming up, somebody
# holds a lock, two transactions conflicted, it has no room for a connection, it was idle for too
# long, or it is a replica that nobody has promoted yet.
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_PASSING = {"57P01", "57P02", "57P03", "55P03", "40001", "40P01", "53300", "25P03", "25006"}
_CONNECTION_LOST = "08"  # the class of such errors
_READ_ONLY = "25006"
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

_GRANT = (
    "its user needs the right to write: as the database's owner, GRANT USAGE, CREATE ON SCHEMA "
    "public TO the user, and ALL ON ALL TABLES and ALL SEQUENCES IN SCHEMA public"
)
_PROMOTE = (
    "it only reads: name the server that takes writes in [database] url, or end "
    "default_transaction_read_only"
)
_LEFT_OTHERWISE = (
    "its tables are not as this version of newsletter left them: restore a backup, or name "
    "another database in [database] url"
)
_HELD = "another program holds it: let that end, then run the same command again"
_WRITABLE = "its folder and file must be writable for you"
_ROOM = "make room on its disk, then run the same command again"

# Unless others changed the database, these mean that the program is at fault.
_PROGRAM_FAULTS = (IntegrityError, DataError, ProgrammingError, NotSupportedError)

# SQLSTATE -> cure
_SERVER_CURES: Mapping[str, str] = {
    "42501": _GRANT,
    _READ_ONLY: _PROMOTE,
    "42P01": _LEFT_OTHERWISE,  # a table is missing
    "42703": _LEFT_OTHERWISE,  # a column is missing
    "42P07": _LEFT_OTHERWISE,  # a table of this name exists already
    "53100": _ROOM,
    "53300": "let other programs leave it, or raise its max_connections",
}
# Before a connection is accepted, libpq gives no code: words of the server -> cure.
_CONNECTION_CURES: Mapping[str, str] = {
    "password": "set NEWSLETTER_DATABASE_PASSWORD, in the environment or in .env, to the password "
    "of its user",
    "pg_hba.conf": "let its user in from this machine, in the server's pg_hba.conf",
    "database": "make the database with createdb, or mend its name in [database] url",
    "role": "make the user with createuser, or mend its name in [database] url",
}
# SQLite's code -> cure
_SQLITE_CURES: Mapping[int, str] = {
    sqlite3.SQLITE_BUSY: _HELD,
    sqlite3.SQLITE_LOCKED: _HELD,
    sqlite3.SQLITE_READONLY: _WRITABLE,
    sqlite3.SQLITE_PERM: _WRITABLE,
    sqlite3.SQLITE_CANTOPEN: f"{_WRITABLE}, and no folder may be in its place",
    sqlite3.SQLITE_NOTADB: (
        "the file is not an SQLite database: name another in [database] url, or move it away and "
        "restore a backup"
    ),
    sqlite3.SQLITE_CORRUPT: "the file is damaged: restore a backup, or save what can be read with "
    "“sqlite3 FILE .recover”",
    sqlite3.SQLITE_FULL: _ROOM,
    sqlite3.SQLITE_IOERR: f"{_ROOM}; no folder may be where it puts its -wal, -shm or -journal",
    sqlite3.SQLITE_ERROR: _LEFT_OTHERWISE,
}
_UNREACHED = "its server must be running, and its database and user exist"
_UNREADABLE = "its folder and file must be writable, and the file a SQLite database"


def refusal_of(err: DBAPIError | PendingRollbackError | sqlite3.Error, place: str) -> Exception:
    """Return our error for a refusal; the same error if only the program is at fault."""
    if isinstance(err, PendingRollbackError):  # the connection was lost earlier in this block
        return LedgerBusyError(f"the ledger {place} does not answer")
    cause = _cause_of(err)
    if isinstance(err, _PROGRAM_FAULTS) and not _is_for_good(cause):
        return err
    told = explanation_of(err)
    if getattr(cause, "sqlstate", None) == _READ_ONLY:
        return LedgerReadOnlyError(f"the ledger {place} takes no changes: {told}")
    if _may_pass(err, cause):
        return LedgerBusyError(f"the ledger {place} does not answer: {told}")
    if _is_for_good(cause):
        return LedgerRefusedError(f"cannot use the ledger {place}: {told}")
    return LedgerError(
        f"cannot use the ledger {place}: {_words_of(cause)}; nothing is lost: make room or wait "
        "for the other process, then run the same command again"
    )


def explanation_of(err: BaseException) -> str:
    """Return what the database said, on one line, and what the editor can do about it."""
    cause = _cause_of(err)
    cure = "restore a backup" if isinstance(cause, LedgerError) else _cure_of(cause)
    return f"{_words_of(cause)}; {cure}"


def _cause_of(err: BaseException) -> BaseException:
    """Return the exception that the driver raised."""
    return getattr(err, "orig", None) or getattr(err.__cause__, "orig", None) or err


def _words_of(cause: BaseException) -> str:
    return " ".join(str(cause).split())


def _cure_of(cause: BaseException) -> str:
    if isinstance(cause, sqlite3.Error):
        return _SQLITE_CURES.get(_code_of(cause), _UNREADABLE)
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return _SERVER_CURES.get(str(state), _UNREACHED)
    said = str(cause)
    if "FATAL" in said or "fe_sendauth" in said:
        return next((cure for word, cure in _CONNECTION_CURES.items() if word in said), _UNREACHED)
    return _UNREACHED


def _may_pass(err: BaseException, cause: BaseException) -> bool:
    """Return whether the same query may succeed later: it was locked, or its server away."""
    if isinstance(cause, sqlite3.Error):
        return _code_of(cause) in _LOCKED
    code = getattr(cause, "sqlstate", None)  # none if the server did not answer at all
    if getattr(err, "connection_invalidated", False) or code is None:
        return True
    return code in _PASSING or str(code).startswith(_CONNECTION_LOST)


def _is_for_good(cause: BaseException) -> bool:
    """Return whether neither another process nor room on the disk can change the answer."""
    if isinstance(cause, sqlite3.Error):
        return _code_of(cause) in set(_SQLITE_CURES) - {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
    return str(getattr(cause, "sqlstate", "")) in set(_SERVER_CURES) - {"53100"}


def _code_of(cause: sqlite3.Error) -> int:
    return int(getattr(cause, "sqlite_errorcode", 0)) & 0xFF
