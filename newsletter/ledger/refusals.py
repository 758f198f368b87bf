"""Tells why a database refused, whether asking again may help, and what else does."""

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

# What a server says when the same question may be answered later: it is going down or coming up,
# somebody holds a lock, two transactions got in each other's way, it has no room for a connection,
# it was idle for too long, or it is a replica that nobody has promoted yet.
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

# Unless the database was changed by others, these mean that the program asked for nonsense.
_FAULTS_OF_OURS = (IntegrityError, DataError, ProgrammingError, NotSupportedError)

# SQLSTATE -> cure
_OF_SERVERS: Mapping[str, str] = {
    "42501": _GRANT,
    _READ_ONLY: _PROMOTE,
    "42P01": _LEFT_OTHERWISE,  # a table is missing
    "42703": _LEFT_OTHERWISE,  # a column is missing
    "42P07": _LEFT_OTHERWISE,  # a table of this name is there already
    "53100": _ROOM,
    "53300": "let other programs leave it, or raise its max_connections",
}
# Before it has let somebody in, libpq gives no code: words of the server -> cure.
_OF_DOORS: Mapping[str, str] = {
    "password": "set NEWSLETTER_DATABASE_PASSWORD, in the environment or in .env, to the password "
    "of its user",
    "pg_hba.conf": "let its user in from this machine, in the server's pg_hba.conf",
    "database": "make the database with createdb, or mend its name in [database] url",
    "role": "make the user with createuser, or mend its name in [database] url",
}
# SQLite's code -> cure
_OF_FILES: Mapping[int, str] = {
    sqlite3.SQLITE_BUSY: _HELD,
    sqlite3.SQLITE_LOCKED: _HELD,
    sqlite3.SQLITE_READONLY: _WRITABLE,
    sqlite3.SQLITE_PERM: _WRITABLE,
    sqlite3.SQLITE_CANTOPEN: f"{_WRITABLE}, and no folder may stand in its place",
    sqlite3.SQLITE_NOTADB: "the file is no SQLite database: name another in [database] url, or "
    "move it away and restore a backup",
    sqlite3.SQLITE_CORRUPT: "the file is damaged: restore a backup, or save what can be read with "
    "“sqlite3 FILE .recover”",
    sqlite3.SQLITE_FULL: _ROOM,
    sqlite3.SQLITE_IOERR: f"{_ROOM}; no folder may stand where it lays its -wal, -shm or -journal",
    sqlite3.SQLITE_ERROR: _LEFT_OTHERWISE,
}
_UNREACHED = "its server must be running, and its database and user exist"
_UNREADABLE = "its folder and file must be writable, and the file a SQLite database"


def refusal_of(err: DBAPIError | PendingRollbackError | sqlite3.Error, place: str) -> Exception:
    """Return the error that tells of a refusal; the same one where only the program is at fault."""
    if isinstance(err, PendingRollbackError):  # the connection was lost earlier in this block
        return LedgerBusyError(f"the ledger {place} does not answer")
    cause = _cause_of(err)
    if isinstance(err, _FAULTS_OF_OURS) and not _is_for_good(cause):
        return err
    told = told_of(err)
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


def told_of(err: BaseException) -> str:
    """Return what the database said, on one line, and what the editor can do about it."""
    cause = _cause_of(err)
    cure = "restore a backup" if isinstance(cause, LedgerError) else _cure_of(cause)
    return f"{_words_of(cause)}; {cure}"


def _cause_of(err: BaseException) -> BaseException:
    """Return what the driver raised."""
    return getattr(err, "orig", None) or getattr(err.__cause__, "orig", None) or err


def _words_of(cause: BaseException) -> str:
    return " ".join(str(cause).split())


def _cure_of(cause: BaseException) -> str:
    if isinstance(cause, sqlite3.Error):
        return _OF_FILES.get(_code_of(cause), _UNREADABLE)
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return _OF_SERVERS.get(str(state), _UNREACHED)
    said = str(cause)
    if "FATAL" in said or "fe_sendauth" in said:
        return next((cure for word, cure in _OF_DOORS.items() if word in said), _UNREACHED)
    return _UNREACHED


def _may_pass(err: BaseException, cause: BaseException) -> bool:
    """Tell whether the same question may be answered later: it was locked, or its server away."""
    if isinstance(cause, sqlite3.Error):
        return _code_of(cause) in _LOCKED
    code = getattr(cause, "sqlstate", None)  # none where the server did not answer at all
    if getattr(err, "connection_invalidated", False) or code is None:
        return True
    return code in _PASSING or str(code).startswith(_CONNECTION_LOST)


def _is_for_good(cause: BaseException) -> bool:
    """Tell whether no other process and no room on the disk can change the answer."""
    if isinstance(cause, sqlite3.Error):
        return _code_of(cause) in set(_OF_FILES) - {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR}
    return str(getattr(cause, "sqlstate", "")) in set(_OF_SERVERS) - {"53100"}


def _code_of(cause: sqlite3.Error) -> int:
    return int(getattr(cause, "sqlite_errorcode", 0)) & 0xFF
