"""Copies of a ledger in a file: made while others write, examined, and made a ledger again."""

import datetime as dt
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote

from newsletter.errors import ConfigError, LedgerRefusedError
from newsletter.language import say
from newsletter.ledger import carrying_over, handing, instants
from newsletter.ledger.open import Ledger, connect_ledger, verify_version
from newsletter.ledger.refusals import REFUSALS, refusal_of
from newsletter.ledger.roles import VERSIONS, Role, damaged_backup, is_version, no_backup

BESIDE = ("-wal", "-shm", "-journal")
_SIGN = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """What a backup says of itself."""

    made_at: dt.datetime | None  # none: it was copied by other means
    number: str  # of its last migration
    people: int
    sends: int


def is_copy(file: Path) -> bool:
    """Return whether a file begins as an SQLite database does."""
    with file.open("rb") as stream:
        return stream.read(len(_SIGN)) == _SIGN


def save_copy(ledger: Ledger, part: Path, key: str, now: dt.datetime, *, named: Path) -> None:
    """Write a ledger as it is at one moment, whoever writes meanwhile, as a backup that is whole.

    Raise LedgerError, which names the file that the part is to become, where there is no room for
    it.
    """
    with _told(named), closing(sqlite3.connect(part, isolation_level=None)) as copy:
        with ledger.engine.connect() as connection:
            source = connection.connection.driver_connection
            assert isinstance(source, sqlite3.Connection)  # noqa: S101 - the driver's own
            source.backup(copy)  # at once: in steps it begins anew whenever others write
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, without others beside it
        copy.execute("BEGIN")
        copy.execute(f"UPDATE {VERSIONS} SET version_num = ? || version_num", [f"{Role.BACKUP}:"])  # noqa: S608 - ours
        copy.execute(
            "INSERT INTO handovers VALUES (?, ?, ?)", [key, ledger.place, instants.as_text(now)]
        )
        copy.execute("COMMIT")
        _verify_whole(copy, named)
    _sync(part)


def unpack(file: Path, part: Path) -> Backup:
    """Copy a backup to where it is made a ledger again; raise ConfigError if it is not whole."""
    with (
        _examined(file),
        closing(_opened(file)) as source,
        closing(sqlite3.connect(part, isolation_level=None)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        _verify_whole(copy, file)
        _disarm(copy)
        return _described(copy, file)


def revive(part: Path, backup: Backup, now: dt.datetime, *, in_doubt: bool, named: Path) -> int:
    """Make a ledger of an unpacked backup; return how many deliveries are in doubt in it.

    It is not `in_doubt` if nothing was sent after the backup. Errors name the backup itself.
    """
    ledger = replace(connect_ledger(part), place=str(named))
    try:
        with ledger.write() as connection:
            doubted = handing.come_back(
                connection, backup.number, backup.made_at, now, in_doubt=in_doubt
            )
    finally:
        ledger.close()
    _settle(part, named)
    return doubted


def catch_up(
    part: Path, sources: carrying_over.Sources, now: dt.datetime, *, named: Path
) -> carrying_over.CarriedOver | None:
    """Take over into what was revived what another ledger knows; None if none can be read."""
    ledger = replace(connect_ledger(part), place=str(named))
    try:
        with ledger.write() as connection:
            carried = carrying_over.catch_up(connection, sources, now)
    finally:
        ledger.close()
    _settle(part, named)
    return carried


def put_in_place(part: Path, file: Path, aside: Path) -> None:
    """Put a file in the place of another, which is kept beside it; at each instant one is there."""
    if file.exists():
        aside.unlink(missing_ok=True)
        try:
            os.link(file, aside)
        except OSError:  # a disk that has no links
            aside.write_bytes(b"")
            aside.chmod(0o600)
            aside.write_bytes(file.read_bytes())
    for end in BESIDE:  # of a damaged one: whatever lies there is no part of the new file
        with suppress(FileNotFoundError):
            Path(f"{file}{end}").replace(f"{aside}{end}")
    part.replace(file)
    _sync(file.parent)


def settle_file(ledger: Ledger) -> None:
    """Write what is in the log beside a ledger into its file, and end the log.

    Raise LedgerError while another process has the ledger open.
    """
    ledger.close()
    with _told(Path(ledger.place)), closing(sqlite3.connect(ledger.place)) as connection:
        connection.isolation_level = None
        connection.execute("PRAGMA busy_timeout = 2000")
        connection.execute("PRAGMA journal_mode = DELETE")


def discard(part: Path) -> None:
    """Delete what a run leaves on its way."""
    for end in ("", *BESIDE):
        Path(f"{part}{end}").unlink(missing_ok=True)


def _settle(part: Path, named: Path) -> None:
    with _told(named), closing(sqlite3.connect(part, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")
    _sync(part)


def _opened(file: Path) -> sqlite3.Connection:
    query = "mode=ro" if Path(f"{file}-wal").exists() else "mode=ro&immutable=1"
    return sqlite3.connect(f"file:{quote(str(file))}?{query}", uri=True, isolation_level=None)


def _verify_whole(copy: sqlite3.Connection, file: Path) -> None:
    """Raise ConfigError for a copy whose pages do not fit together."""
    [found] = copy.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise damaged_backup(file, " ".join(str(found).split()))


def _disarm(copy: sqlite3.Connection) -> None:
    """Take out what would act by itself: a ledger in use has no triggers, and never views."""
    acting = "SELECT type, name FROM sqlite_master WHERE type IN ('trigger', 'view')"
    for kind, name in copy.execute(acting).fetchall():
        quoted = str(name).replace('"', '""')
        copy.execute(f'DROP {kind} IF EXISTS "{quoted}"')


def _described(copy: sqlite3.Connection, file: Path) -> Backup:
    """Return what a backup says of itself; raise ConfigError if it is none of ours."""
    names = {name for (name,) in copy.execute("SELECT name FROM sqlite_master").fetchall()}
    if not {VERSIONS, "subscribers", "deliveries", "sends"} <= names:
        raise no_backup(file)
    row = copy.execute(f"SELECT version_num FROM {VERSIONS}").fetchone()  # noqa: S608 - ours
    role, _, number = str(row[0] if row else "").rpartition(":")
    if not is_version(number):
        raise no_backup(file)
    verify_version(number, str(file))
    if role in (Role.ARRIVING, Role.GIVEN_UP):
        raise ConfigError(
            say(
                "{file} holds a part of a ledger, as a move into it was cut off; nothing was "
                "changed: take a backup",
                file=str(file),
            )
        )
    made_at = None
    if role == Role.BACKUP:
        [at] = copy.execute("SELECT max(at) FROM handovers").fetchone()
        try:
            made_at = instants.from_text(at) if at else None
        except ValueError as err:
            raise no_backup(file) from err
    counts = [
        copy.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - ours
        for table in ("subscribers", "sends")
    ]
    return Backup(made_at=made_at, number=number, people=counts[0], sends=counts[1])


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except REFUSALS as err:
        raise refusal_of(err, str(file)) from err


@contextmanager
def _examined(file: Path) -> Iterator[None]:
    """Tell of what cannot be read that it is the backup which is at fault."""
    try:
        with _told(file):
            yield
    except LedgerRefusedError as err:
        raise damaged_backup(file, err.words) from err


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
