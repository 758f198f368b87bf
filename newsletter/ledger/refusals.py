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
    LedgerMovedError,
    LedgerReadOnlyError,
    LedgerRefusedError,
)
from newsletter.language import Wording, say, say_list

# What a server says when the same query may succeed later: it is going down or coming up, somebody
# holds a lock, two transactions conflicted, it has no room for a connection, it was idle for too
# long, or it is a replica that nobody has promoted yet.
# https://www.postgresql.org/docs/current/errcodes-appendix.html
_PASSING = {"57P01", "57P02", "57P03", "55P03", "40001", "40P01", "53300", "25P03", "25006"}
_CONNECTION_LOST = "08"  # the class of such errors
_READ_ONLY = "25006"
CLOSED = "this ledger was moved"  # what the triggers of a closed ledger say
_LOCKED = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)

_GRANT = say(
    "its user needs the right to write: as the database's owner, GRANT USAGE, CREATE ON SCHEMA "
    "public TO the user, and ALL ON ALL TABLES and ALL SEQUENCES IN SCHEMA public"
)
_PROMOTE = say(
    "it only reads: name the server that takes writes in [database] url, or end "
    "default_transaction_read_only"
)
_LEFT_OTHERWISE = say(
    "its tables are not as this version of newsletter left them: restore a backup, or name "
    "another database in [database] url"
)
_HELD = say("another program holds it: let that end, then run the same command again")
_WRITABLE = say("its folder and file must be writable for you")
_ROOM = say("make room on its disk, then run the same command again")

# Unless others changed the database, these mean that the program is at fault.
_PROGRAM_FAULTS = (IntegrityError, DataError, ProgrammingError, NotSupportedError)

# SQLSTATE -> cure
_SERVER_CURES: Mapping[str, Wording] = {
    "42501": _GRANT,
    _READ_ONLY: _PROMOTE,
    "42P01": _LEFT_OTHERWISE,  # a table is missing
    "42703": _LEFT_OTHERWISE,  # a column is missing
    "42P07": _LEFT_OTHERWISE,  # a table of this name exists already
    "53100": _ROOM,
    "53300": say("let other programs leave it, or raise its max_connections"),
}
# Before a connection is accepted, libpq gives no code: words of the server -> cure.
_CONNECTION_CURES: Mapping[str, Wording] = {
    "password": say(
        "set NEWSLETTER_DATABASE_PASSWORD, in the environment or in .env, to the password of its "
        "user"
    ),
    "pg_hba.conf": say("let its user in from this machine, in the server's pg_hba.conf"),
    "database": say("make the database with createdb, or mend its name in [database] url"),
    "role": say("make the user with createuser, or mend its name in [database] url"),
}
# SQLite's code -> cure
_SQLITE_CURES: Mapping[int, Wording] = {
    sqlite3.SQLITE_BUSY: _HELD,
    sqlite3.SQLITE_LOCKED: _HELD,
    sqlite3.SQLITE_READONLY: _WRITABLE,
    sqlite3.SQLITE_PERM: _WRITABLE,
    sqlite3.SQLITE_CANTOPEN: say(
        "its folder and file must be writable for you, and no folder may be in its place"
    ),
    sqlite3.SQLITE_NOTADB: say(
        "the file is not an SQLite database: name another in [database] url, or move it away and "
        "restore a backup"
    ),
    sqlite3.SQLITE_CORRUPT: say(
        "the file is damaged: restore a backup, or save what can be read with "
        "“sqlite3 FILE .recover”"
    ),
    sqlite3.SQLITE_FULL: _ROOM,
    sqlite3.SQLITE_IOERR: say(
        "make room on its disk, then run the same command again; no folder may be where it puts "
        "its -wal, -shm or -journal"
    ),
    sqlite3.SQLITE_ERROR: _LEFT_OTHERWISE,
}
_UNREACHED = say("its server must be running, and its database and user exist")
_UNREADABLE = say("its folder and file must be writable, and the file a SQLite database")

# What SQLite says in such a case.
_SQLITE_WORDS = {
    str(words): words
    for words in (
        say("database is locked"),
        say("attempt to write a readonly database"),
        say("unable to open database file"),
        say("file is not a database"),
        say("database disk image is malformed"),
        say("database or disk is full"),
        say("disk I/O error"),
    )
}


# What a database that refuses raises. Of a damaged file SQLite quotes bytes that are no text, and
# then the driver cannot even say why it refuses.
REFUSALS = (DBAPIError, PendingRollbackError, sqlite3.Error, UnicodeDecodeError)


def refusal_of(
    err: DBAPIError | PendingRollbackError | sqlite3.Error | UnicodeDecodeError, place: str
) -> Exception:
    """Return our error for a refusal; the same error if only the program is at fault."""
    if isinstance(err, UnicodeDecodeError):
        return _explained(_damage(), _damage(), place)
    if isinstance(err, PendingRollbackError):  # the connection was lost earlier in this block
        return LedgerBusyError(say("the ledger {place} does not answer", place=place))
    cause = _cause_of(err)
    if CLOSED in str(cause):
        return LedgerMovedError(
            say(
                "the ledger {place} was closed, as it moves to another place or is replaced; "
                "“newsletter status” tells where it is",
                place=place,
            )
        )
    return _explained(err, cause, place)


def _damage() -> sqlite3.Error:
    """Return what SQLite says of a file that is damaged."""
    damage = sqlite3.DatabaseError("database disk image is malformed")
    damage.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return damage


def _explained(err: DBAPIError | sqlite3.Error, cause: BaseException, place: str) -> Exception:
    if isinstance(err, _PROGRAM_FAULTS) and not _is_for_good(cause):
        return err
    told = explanation_of(err)
    if getattr(cause, "sqlstate", None) == _READ_ONLY:
        return LedgerReadOnlyError(
            say("the ledger {place} takes no changes: {reason}", place=place, reason=told)
        )
    if _may_pass(err, cause):
        return LedgerBusyError(
            say("the ledger {place} does not answer: {reason}", place=place, reason=told)
        )
    if _is_for_good(cause):
        return LedgerRefusedError(
            say("cannot use the ledger {place}: {reason}", place=place, reason=told)
        )
    return LedgerError(
        say(
            "cannot use the ledger {place}: {reason}; nothing is lost: make room or wait for the "
            "other process, then run the same command again",
            place=place,
            reason=_words_of(cause),
        )
    )


def explanation_of(err: BaseException) -> Wording:
    """Return what the database said, on one line, and what the editor can do about it."""
    cause = _cause_of(err)
    if isinstance(cause, LedgerError):
        return say_list((cause.words, say("restore a backup")), "; ")
    return say_list((_words_of(cause), _cure_of(cause)), "; ")


def _cause_of(err: BaseException) -> BaseException:
    """Return the exception that the driver raised."""
    return getattr(err, "orig", None) or getattr(err.__cause__, "orig", None) or err


def _words_of(cause: BaseException) -> Wording:
    said = " ".join(str(cause).split())
    return _SQLITE_WORDS.get(said) or say("{english}", english=said)


def _cure_of(cause: BaseException) -> Wording:
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
