"""Backs a ledger up into one file, and makes a ledger of it again.

What may have been sent after a backup is in doubt in the ledger that comes back.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import uuid4

from newsletter.delivery import Worker
from newsletter.errors import ConfigError, LedgerError, LedgerRefusedError, UsageError
from newsletter.files import private_database, private_folder, refuse_database
from newsletter.language import Wording, say
from newsletter.ledger import (
    CarriedOver,
    Handover,
    Ledger,
    Programs,
    Role,
    backups,
    carrying_over,
    dumps,
    handing,
    queue,
)
from newsletter.ledgers import connected_at, file_at, ledger_of, password_of
from newsletter.links import SuppressionMarks
from newsletter.safekeeping.turns import alone_at
from newsletter.settings import Settings, environment_with, find_secret

BACKED_UP = "backup"  # the name of the round that tells when the last backup was made
_FOLDER = Path("subscribers") / "backups"


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A backup that was made."""

    file: Path
    ledger: str  # its place
    made_at: dt.datetime
    size: int  # bytes


def usual_file(settings: Settings, now: dt.datetime) -> Path:
    """Return where a backup goes that nobody named a file for."""
    ending = "dump" if settings.database_file is None else "db"
    return settings.root / _FOLDER / f"newsletter-{now:%Y%m%d-%H%M%S}.{ending}"


def back_up(settings: Settings, file: Path, *, now: dt.datetime) -> Saved:
    """Write a backup of the ledger to a file, in whose place another may be.

    Raise ConfigError or LedgerError where that cannot be; an older file is there still then.
    """
    if not settings.has_database:
        raise ConfigError(say("there is no ledger yet: nothing to back up"))
    if settings.database_file is not None:
        _refuse_ledger(settings.database_file, file)
    if file.exists() and not _is_backup(file):
        raise UsageError(
            say("{file} is no backup, so none is written over it: name another", file=str(file))
        )
    part = file.with_name(f".{file.name}.part")
    private_folder(file.parent)
    with alone_at(str(file), file), closing(ledger_of(settings)) as ledger:
        try:
            _write(settings, ledger, part, now, named=file)
            part.replace(file)
        finally:
            backups.discard(part)
        with suppress(LedgerError), ledger.write() as connection:  # a replica takes no changes
            queue.note_round(connection, BACKED_UP, now)
        return Saved(file=file, ledger=ledger.place, made_at=now, size=file.stat().st_size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A backup that was read whole, and may be made a ledger."""

    file: Path
    made_at: dt.datetime | None
    replaces: Path | None  # the ledger in whose place it would come; it is kept beside that
    part: Path | None = None  # where a file is unpacked
    copy: backups.Backup | None = None
    dump: dumps.Dump | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revived:
    """A ledger that came back from a backup."""

    file: Path
    made_at: dt.datetime | None
    is_dated_ahead: bool  # by a clock that was ahead, unless the one here is behind
    in_doubt: int  # deliveries that may have been sent since
    carried: CarriedOver | None  # who left since, as another ledger knows it; None: none was read
    aside: Path | None  # where the ledger is that it replaced


@contextmanager
def prepared(settings: Settings, file: Path) -> Iterator[Ready]:
    """Read a backup whole, before anything is touched.

    Raise ConfigError for what is damaged, of a newer version, or of the other kind of database.
    """
    ledger = settings.database_file
    if not file.is_file():
        raise UsageError(say("there is no file {file}", file=str(file)))
    if ledger is not None and ledger.exists() and file.samefile(ledger):
        raise UsageError(say("{file} is the ledger itself", file=str(file)))
    is_copy = backups.is_copy(file)
    if not is_copy and not dumps.is_dump(file):
        raise ConfigError(
            say(
                "{file} is no backup of a ledger, or its beginning is damaged; nothing was changed",
                file=str(file),
            )
        )
    if is_copy is (ledger is None):
        raise ConfigError(_of_another_kind(file, is_copy=is_copy))
    if ledger is None:
        dump = dumps.describe_dump(file, _programs_of(settings))
        yield Ready(file=file, made_at=dump.made_at, replaces=None, dump=dump)
        return
    part = ledger.with_name(f".{ledger.name}.part")
    private_folder(ledger.parent)
    with alone_at(str(ledger), ledger):
        try:
            _make_private(part)
            copy = backups.unpack(file, part)
            replaces = ledger if ledger.exists() else None
            yield Ready(file=file, made_at=copy.made_at, replaces=replaces, part=part, copy=copy)
        finally:
            backups.discard(part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Since:
    """What is known of the time after a backup."""

    nothing_sent: bool = False  # by the editor's word
    lost: str = ""  # the address of the ledger that went on from it, if it can be read still


def revive(settings: Settings, ready: Ready, since: Since, *, now: dt.datetime) -> Revived:
    """Make a ledger of a backup, in the place that the settings name.

    Who left since is taken over from the ledger that it replaces, or the one that is named. Whoever
    is killed in the middle finds the ledger that was there, or the new one. Raise UsageError,
    ConfigError or LedgerError, before anything is touched, if the one that is named cannot be read.
    """
    secret = find_secret(settings.root, "NEWSLETTER_SECRET")
    marks = SuppressionMarks(secret.reveal()) if secret else None
    with ExitStack() as stack:
        sources = carrying_over.Sources(marks=marks)
        if since.lost:
            lost = stack.enter_context(_named(settings, since.lost))
            sources = replace(sources, lost=lost)
        if ready.dump is None:
            return _revive_copy(settings, ready, since, sources, now)
        ledger = stack.enter_context(closing(connected_at(settings, settings.database.url)))
        count, carried = dumps.load_dump(
            ledger,
            ready.file,
            ready.dump,
            _programs_of(settings),
            now,
            in_doubt=not since.nothing_sent,
            sources=sources,
        )
        return _revived(ready, count, carried, now)


@contextmanager
def _named(settings: Settings, url: str) -> Iterator[Ledger]:
    """Open the ledger that the editor names, who counts on what it knows."""
    file = file_at(settings, url)
    if file is not None and not file.is_file():
        raise UsageError(say("there is no file {file}", file=str(file)))
    with closing(connected_at(settings, url)) as ledger:
        if not carrying_over.can_tell(ledger):
            raise ConfigError(
                say(
                    "{place} is no ledger that this version of newsletter can take over from; "
                    "nothing was changed: name another with --newer, or none",
                    place=ledger.place,
                )
            )
        yield ledger


def _revive_copy(
    settings: Settings,
    ready: Ready,
    since: Since,
    sources: carrying_over.Sources,
    now: dt.datetime,
) -> Revived:
    file, part, copy, named = settings.database_file, ready.part, ready.copy, ready.file
    assert file is not None and part is not None and copy is not None  # noqa: S101, PT018 - of one kind
    count = backups.revive(part, copy, now, in_doubt=not since.nothing_sent, named=named)
    aside = file.with_name(f"{file.stem}-before-{now:%Y%m%d-%H%M%S}{file.suffix}")
    if ready.replaces is None:
        carried = backups.catch_up(part, sources, now, named=named)
    else:
        with closing(connected_at(settings, settings.database.url)) as before:
            _retire(file, before, now)
            sources = replace(sources, lost=sources.lost or before)
            carried = backups.catch_up(part, sources, now, named=named)
            with suppress(LedgerRefusedError):  # damaged, so nothing was read
                backups.settle_file(before)
    backups.put_in_place(part, file, aside)
    return _revived(ready, count, carried, now, aside=aside if ready.replaces else None)


def _revived(
    ready: Ready,
    in_doubt: int,
    carried: CarriedOver | None,
    now: dt.datetime,
    *,
    aside: Path | None = None,
) -> Revived:
    return Revived(
        file=ready.file,
        made_at=ready.made_at,
        is_dated_ahead=ready.made_at is not None and ready.made_at > now,
        in_doubt=in_doubt,
        carried=carried,
        aside=aside,
    )


def _write(
    settings: Settings, ledger: Ledger, part: Path, now: dt.datetime, *, named: Path
) -> None:
    _make_private(part)
    if not ledger.is_shared:
        backups.save_copy(ledger, part, uuid4().hex, now, named=named)
        return
    programs = _programs_of(settings)
    dumps.save_dump(ledger, part, programs)
    dumps.describe_dump(part, programs, named=named)  # which reads it whole


def _make_private(part: Path) -> None:
    """Make an empty file that only its owner may read, in the place of what a killed run left."""
    backups.discard(part)
    private_database(part)


def _refuse_ledger(ledger: Path, file: Path) -> None:
    """Raise UsageError where a backup would be written over the ledger, or what belongs to it."""
    if file.resolve() in {Path(f"{ledger.resolve()}{end}") for end in ("", *backups.BESIDE)}:
        raise UsageError(say("{file} is the ledger itself", file=str(file)))
    refuse_database(file)


def _is_backup(file: Path) -> bool:
    """Return whether a backup may take the place of a file: it is one, or empty."""
    if not file.is_file():  # such as a device, which would be gone
        return False
    return file.stat().st_size == 0 or backups.is_copy(file) or dumps.is_dump(file)


def _retire(file: Path, ledger: Ledger, now: dt.datetime) -> None:
    """Close the ledger that is to be replaced, if it can be read still.

    Raise ConfigError while a process sends from it, LedgerError while one has it open.
    """
    locks = file.with_suffix(".workers")
    worker = Worker(locks, ledger)
    if any(worker.is_living(lock.stem) for lock in locks.glob("*.lock")):
        raise ConfigError(
            say("a process sends from {place}: end it first, workers too", place=str(file))
        )
    with suppress(LedgerRefusedError):  # damaged: nobody can send from it
        here = handing.look_at(ledger)
        if here.role is Role.IN_USE:
            backups.settle_file(ledger)
            handover = Handover(key=uuid4().hex, place=ledger.place, at=now)
            handing.begin_leaving(ledger, here.number, handover)
        elif here.role is not Role.MOVED:  # by a run that was killed, perhaps on its way
            return
        if not handing.finish_leaving(ledger):
            raise ConfigError(say("the ledger {place} is not closed", place=str(file)))
        backups.settle_file(ledger)


def _of_another_kind(file: Path, *, is_copy: bool) -> Wording:
    if is_copy:
        return say(
            "{file} is a backup of a ledger in a file, and [database] url names a server: name a "
            "new file there (sqlite:///subscribers/restored.db), restore, then move that to the "
            "server with “newsletter database move”",
            file=str(file),
        )
    return say(
        "{file} is a backup of a server’s ledger, and [database] url names a file: name an empty "
        "database of a server there, restore, then move that with “newsletter database move”",
        file=str(file),
    )


def _programs_of(settings: Settings) -> Programs:
    """Return PostgreSQL's programs as this newsletter runs them."""
    return Programs(environment=environment_with("PGPASSWORD", password_of(settings)))
