"""Moves a ledger to another database: whoever is killed on the way runs the same command again."""

import datetime as dt
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack, closing
from dataclasses import dataclass
from uuid import uuid4

from newsletter.delivery import Worker
from newsletter.errors import ConfigError, LedgerRefusedError
from newsletter.language import Wording, say
from newsletter.ledger import HEAD, Found, Handover, Ledger, Role, Tally, doubts, handing, transfer
from newsletter.ledgers import as_read, as_written, connected_at, file_at, ledger_at
from newsletter.safekeeping.turns import alone_at, alone_on
from newsletter.settings import Settings

_LOOK = 0.2  # seconds between two looks whether calls are under way still

Progress = Callable[[int, Wording], object]  # rows copied since the last one, and a remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A ledger that was moved: what is in each table, the same here and there."""

    origin: str
    goal: str
    tables: Sequence[Tally]
    was_done: bool = False  # by an earlier run

    @property
    def rows(self) -> int:
        """Return how many rows were moved."""
        return sum(tally.rows for tally in self.tables)


def move(
    settings: Settings, origin: str, goal: str, *, now: dt.datetime, progress: Progress
) -> Moved:
    """Move everything from one database to another, or go on with it; the old one is closed.

    Raise ConfigError where that cannot be, LedgerRefusedError if what arrived differs.
    """
    with ExitStack() as stack:
        _verify_places(settings, origin, goal)
        stack.enter_context(_alone_with(settings, origin))
        origin_ledger = stack.enter_context(closing(_open_origin(settings, origin, goal)))
        goal_ledger = stack.enter_context(closing(connected_at(settings, goal)))
        if file_at(settings, goal):  # all servers share one turn
            stack.enter_context(_alone_with(settings, goal))
        for url, ledger in ((origin, origin_ledger), (goal, goal_ledger)):
            stack.enter_context(alone_on(as_written(url), ledger))  # among all machines
        there, here = handing.look_at(goal_ledger), handing.look_at(origin_ledger)
        key = _key_of(there, here, origin, goal)
        if there.role is Role.IN_USE:
            return Moved(origin=origin, goal=goal, tables=(), was_done=True)
        if there.is_blank:
            handing.begin_arrival(goal_ledger, Handover(key=key, place=as_written(origin), at=now))
        _close(
            settings,
            origin,
            origin_ledger,
            Handover(key=key, place=as_written(goal), at=now),
            progress,
        )
        for table in transfer.moved_tables():
            transfer.copy_table(
                origin_ledger, goal_ledger, table, progress=lambda rows: progress(rows, _COPYING)
            )
        progress(0, say("comparing both"))
        tables = [_verified(origin_ledger, goal_ledger, t) for t in transfer.moved_tables()]
        handing.finish_arrival(goal_ledger)
        return Moved(origin=origin, goal=goal, tables=tables)


def reopen(settings: Settings, url: str) -> None:
    """Let a ledger be used again whose move, or replacement, was not finished.

    Raise ConfigError if it was finished: the other ledger goes on.
    """
    _verify_file(settings, url)
    with (
        _alone_with(settings, url),
        closing(connected_at(settings, url)) as ledger,
        alone_on(as_written(url), ledger),
    ):
        here = handing.look_at(ledger)
        if here.role is not Role.MOVED or here.handover is None:
            raise ConfigError(_not_closed(url))
        if here.handover.place != ledger.place:  # else it was to be replaced, and is there still
            _give_up(settings, url, here.handover)
        handing.reopen(ledger, here.number)


def _give_up(settings: Settings, url: str, handover: Handover) -> None:
    """Make sure that the other ledger is never used; raise ConfigError if it is, or was."""
    with closing(connected_at(settings, as_read(handover.place))) as other:
        if not handing.refuse_arrival(other, handover.key):
            raise ConfigError(
                say(
                    "{place} was moved to {other}, which goes on: “newsletter database move "
                    "{other} sqlite:///...” moves it back, into a new file or an empty database",
                    place=as_written(url),
                    other=handover.place,
                )
            )


_COPYING = say("copying")


def _alone_with(settings: Settings, url: str) -> AbstractContextManager[None]:
    """Let nobody else on this machine restore, move or reopen a ledger meanwhile."""
    return alone_at(as_written(url), file_at(settings, url) or settings.root / "servers")


def _verify_places(settings: Settings, origin: str, goal: str) -> None:
    """Raise ConfigError where there is nothing to move, or nowhere else to move it to."""
    _verify_file(settings, origin)
    file = file_at(settings, origin)
    if file is not None and file == file_at(settings, goal):
        raise ConfigError(say("{file} is there already", file=str(file)))


def _verify_file(settings: Settings, url: str) -> None:
    """Raise ConfigError for a file that is not there; connecting would make it."""
    file = file_at(settings, url)
    if file is not None and not file.is_file():
        raise ConfigError(say("there is no ledger {file}", file=str(file)))


def _open_origin(settings: Settings, origin: str, goal: str) -> Ledger:
    """Open a ledger that is in use, or was closed by a move to the same goal."""
    ledger = connected_at(settings, origin)
    here = handing.look_at(ledger)
    is_leaving = (
        here.role is Role.MOVED and here.handover and here.handover.place == as_written(goal)
    )
    if here.is_blank:
        ledger.close()
        raise ConfigError(say("there is no ledger {file}", file=as_written(origin)))
    if is_leaving and here.number == HEAD:
        return ledger
    ledger.close()
    return ledger_at(settings, origin)


def _key_of(there: Found, here: Found, origin: str, goal: str) -> str:
    """Return what both ledgers of this move share; raise ConfigError if the goal is not free."""
    known = here.handover.key if here.role is Role.MOVED and here.handover else ""
    theirs = there.handover.key if there.handover else ""
    if there.is_blank:
        if known:
            raise ConfigError(
                say(
                    "{goal} is empty, but what was moved there is closed in the old place: look "
                    "where it is, or run “newsletter database reopen”",
                    goal=as_written(goal),
                )
            )
        return uuid4().hex
    if known and known == theirs:
        return known
    is_ours = there.handover is not None and there.handover.place == as_written(origin)
    if there.role is Role.ARRIVING and is_ours and not known:
        return theirs  # a run was killed before it closed the old one
    raise ConfigError(
        say(
            "{goal} holds something already, and nothing is ever written over it: name a new file, "
            "or a database that createdb has just made",
            goal=goal,
        )
    )


def _close(
    settings: Settings, url: str, ledger: Ledger, handover: Handover, progress: Progress
) -> None:
    """Let no call begin, wait for those under way, then let nobody change anything."""
    here = handing.look_at(ledger)
    if here.role is Role.IN_USE:
        handing.begin_leaving(ledger, here.number, handover)
    file = file_at(settings, url) or settings.root / "subscribers" / "newsletter.db"
    worker = Worker(file.with_suffix(".workers"), ledger)
    while calling := [name for name in _holders(ledger) if worker.is_living(name)]:
        progress(0, say("waiting for {count:,} calls under way", count=len(calling)))
        time.sleep(_LOOK)
    if not handing.finish_leaving(ledger):
        raise ConfigError(_not_closed(url))


def _not_closed(url: str) -> Wording:
    return say("the ledger {place} is not closed", place=as_written(url))


def _holders(ledger: Ledger) -> list[str]:
    with ledger.read() as connection:
        return doubts.list_all_holders(connection)


def _verified(origin: Ledger, goal: Ledger, table: str) -> Tally:
    """Return what is in a table of both; raise LedgerRefusedError if they differ."""
    ours, theirs = transfer.tally_table(origin, table), transfer.tally_table(goal, table)
    if ours != theirs:
        raise LedgerRefusedError(
            say(
                "{table} differs: {ours:,} rows here, {theirs:,} there. Nobody uses the new one: "
                "empty it, run “newsletter database reopen” for the old one, and move it again",
                table=table,
                ours=ours.rows,
                theirs=theirs.rows,
            )
        )
    return ours
