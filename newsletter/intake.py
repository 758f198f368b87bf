"""Takes a list of people into the ledger, and back out: staged, compared, shown, written."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Connection

from newsletter.audience import Entry, People, Repair
from newsletter.errors import AudienceError, UsageError
from newsletter.language import Wording, say, say_many
from newsletter.ledger import (
    Import,
    Ledger,
    Proven,
    RowOutcome,
    Session,
    UndoCounts,
    events,
    history,
    imports,
    origins,
    people,
    staging,
    suppressions,
)
from newsletter.links import SuppressionMarks, new_keys
from newsletter.model import (
    Basis,
    By,
    Crowd,
    Happened,
    Record,
    Refusal,
    Standing,
    Subscriber,
    standing_after,
)

_MARK = re.compile(r"[0-9a-fA-F]{64}")
_REPAIRS_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What importing a list would do, in numbers."""

    # Who joins: what the list says about them ("" if nothing) -> how many.
    mailed: Mapping[str, int]
    kept_away: Mapping[tuple[Standing, str], int]  # they join, and are not mailed
    changed: int  # of those already known: changed values, or pending
    left: int  # of those already known: the list says so
    unchanged: int
    refused: int
    proven: Proven
    sent_until: str = ""  # day of the newest issue sent elsewhere, if that is news

    @property
    def joined(self) -> int:
        """Return how many are new."""
        return sum(self.mailed.values()) + sum(self.kept_away.values())

    @property
    def writes(self) -> bool:
        """Return whether there is anything to write."""
        return bool(self.joined or self.changed or self.left or self.sent_until)


@dataclass(slots=True)
class Repairs:
    """What was mended in the cells of a list."""

    count: int = 0
    first: list[tuple[int, Repair]] = field(default_factory=list)  # line, and what was mended there

    def add(self, entry: Entry) -> None:
        """Count what was mended in a row."""
        self.count += len(entry.repairs)
        room = _REPAIRS_SHOWN - len(self.first)
        self.first += [(entry.line, repair) for repair in entry.repairs[: max(room, 0)]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """A staged list, compared with the ledger."""

    session: Session
    marks: SuppressionMarks | None  # finds those of whom nothing else is kept
    preview: Preview
    repairs: Repairs

    def read(self) -> AbstractContextManager[Connection]:
        """Open a transaction in which `ledger.staging` can query the rows."""
        return self.session.read()


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppressed:
    """What a list of people who get no mail did."""

    added: int  # not known as such before
    taken_off: int  # who were on the list


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What taking an import back would do, and to whom; the first few of each kind."""

    taken: Import
    told: UndoCounts
    again: list[Subscriber]  # would get mail again
    left: list[Subscriber]  # were imported as not to be mailed
    stay: list[Subscriber]  # changed since


@contextmanager
def open_intake(ledger: Ledger, listed: People, secret: str = "") -> Iterator[Intake]:
    """Stage a list next to the ledger, in constant memory, and compare it.

    Raise ConfigError if somebody is known by a hash alone, and the secret that made it is missing.
    """
    marks = SuppressionMarks(secret) if secret else None
    with ledger.session() as session:
        with session.read() as connection:
            staging.open_staging(connection)
            repairs = _stage(connection, listed)
            staging.merge_duplicates(connection)
        with session.read() as connection:
            _compare(connection, marks)
            preview = _preview(connection, listed.sent_until)
        yield Intake(session=session, marks=marks, preview=preview, repairs=repairs)


def import_list(
    intake: Intake, name: str, now: dt.datetime, basis: Basis = Basis.UNKNOWN
) -> Import:
    """Write a list into the ledger, all of it or nothing; those who join have this basis.

    Raise AudienceError if the ledger changed since, so that more would happen than was shown.
    """
    with intake.session.write() as connection:
        people.lock_people(connection)  # first: what is compared must be what is changed
        _compare(connection, intake.marks)
        if _preview(connection, intake.preview.sent_until) != intake.preview:
            raise AudienceError(
                say(
                    "the list of subscribers changed while this one was looked at; nothing was "
                    "written: run the command again and look at what it shows now"
                )
            )
        origins.note_origin(connection, intake.preview.sent_until, now)
        return imports.take(connection, name, now, basis)


def import_suppressions(
    ledger: Ledger, said: Iterable[str], name: str, *, secret: str, now: dt.datetime
) -> Suppressed:
    """Note addresses, or keyed hashes of them, that are never to be mailed; nobody is added.

    Whoever of them is on the list gets no more mail.
    """
    marks = SuppressionMarks(secret)
    given = {word.lower() if is_mark(word) else marks.of(word): None for word in said}
    with ledger.write() as connection:
        people.lock_people(connection)
        suppressions.verify_key(connection, marks)
        added = suppressions.add(
            connection, given, Standing.UNSUBSCRIBED, source=name, key=marks, now=now
        )
        here = [p for p in people.list_subscribers(connection) if marks.of(p.address) in given]
        off = {p.key for p in here if p.standing.is_left}
        known = history.find_records(connection, sorted(off))
        gone = [
            Record(key=p.key, what=Happened.UNSUBSCRIBED, at=now, by=By.LIST, source=name)
            for p in here
            if p.key not in off or not _stays_off(known[p.key], now)
        ]
        history.note(connection, gone, now)
    return Suppressed(added=added, taken_off=len(here) - len(off))


def _stays_off(records: Iterable[Record], now: dt.datetime) -> bool:
    """Return whether somebody is off the list though whatever may be undone were undone."""
    began = (Happened.FOUND, Happened.JOINED)
    lasting = [record for record in records if not record.act or record.what in began]
    return not lasting or standing_after(lasting, now).is_left


def is_mark(word: str) -> bool:
    """Return whether a word is a keyed hash, and no address."""
    return _MARK.fullmatch(word) is not None


def list_imports(ledger: Ledger) -> list[Import]:
    """Return the imports that are kept."""
    with ledger.read() as connection:
        return imports.list_imports(connection)


def preview_undo(ledger: Ledger, number: int | None, *, most: int) -> Effect:
    """Return what taking an import back would do: the newest, or one given by its number.

    Raise UsageError if it does not exist or is no longer kept, or if anybody in it is just being
    mailed.
    """
    with ledger.read() as connection:
        taken = imports.find_import(connection, number)
        if taken is None:
            raise UsageError(_no_import(number))
        if taken.undone_at:
            raise UsageError(say("import {number} was taken back already", number=taken.id))
        told = imports.count_undo(connection, taken)
        if told.under_way:
            raise UsageError(
                say_many(
                    "{n} person of this import is in a call that is not answered yet; once "
                    "“newsletter status” shows none as sending or unknown, it can be taken back "
                    "(“newsletter send ID --pause” holds the rest)",
                    "{n:,} people of this import are in a call that is not answered yet; once "
                    "“newsletter status” shows none as sending or unknown, it can be taken back "
                    "(“newsletter send ID --pause” holds the rest)",
                    n=told.under_way,
                )
            )
        return Effect(
            taken=taken,
            told=told,
            again=imports.list_mailed_again(connection, taken, most),
            left=imports.list_left(connection, taken, most),
            stay=imports.list_touched(connection, taken, most),
        )


def take_back(
    ledger: Ledger, taken: Import, shown: UndoCounts, now: dt.datetime, *, mail_again: bool
) -> Import:
    """Undo an import; raise AudienceError if the ledger changed since it was shown."""
    with ledger.write() as connection:
        people.lock_people(connection)  # first: what is counted must be what is taken back
        imports.block_claims(connection, taken)
        found = imports.find_import(connection, taken.id)
        if found is None or found.undone_at or imports.count_undo(connection, found) != shown:
            raise AudienceError(
                say(
                    "the list of subscribers changed while this was looked at; nothing was taken "
                    "back: run the command again and look at what it shows now"
                )
            )
        imports.undo_import(connection, found, now, mail_again=mail_again)
        events.take_off(connection, events.SAID_NO, now)  # who said no gets no mail because of it
        return found


def _no_import(number: int | None) -> Wording:
    kept = imports.KEPT
    if number is None:
        return say("there is no import that can be taken back; the last {kept} are kept", kept=kept)
    return say(
        "there is no import {number} that can be taken back; the last {kept} are kept",
        number=number,
        kept=kept,
    )


def _compare(connection: Connection, marks: SuppressionMarks | None) -> None:
    """Compare a staged list with the ledger, and refuse those of whom only a hash is kept."""
    staging.compare(connection)
    if suppressions.verify_key(connection, marks) and marks:
        kept = suppressions.list_all(connection)
        staging.refuse_marked(connection, lambda address: kept.get(marks.of(address)))


def _stage(connection: Connection, listed: People) -> Repairs:
    repairs = Repairs()
    for batch in listed.batches():
        entries = [row for row in batch.others if isinstance(row, Entry)]
        for entry in entries:
            if entry.repairs:
                repairs.add(entry)
        for crowd in (*batch.plain, *_crowds(entries)):
            staging.stage(connection, crowd, new_keys(len(crowd.lines)))
        refusals = (row for row in batch.others if isinstance(row, Refusal))
        staging.stage_refusals(connection, refusals)
    return repairs


def _crowds(entries: Iterable[Entry]) -> Iterator[Crowd]:
    """Yield people of whom the same is known."""
    alike: dict[tuple[str, ...], list[Entry]] = {}
    for entry in entries:
        alike.setdefault(tuple(entry.values), []).append(entry)
    for names, those in alike.items():
        yield Crowd(
            lines=[entry.line for entry in those],
            addresses=[entry.address for entry in those],
            values={name: [entry.values[name] for entry in those] for name in names},
            standings=[entry.standing for entry in those],
            evidence=[entry.evidence for entry in those],
            proofs=[entry.proof for entry in those] if any(e.proof for e in those) else (),
        )


def _preview(connection: Connection, sent_until: str) -> Preview:
    mailed: dict[str, int] = {}
    kept_away: dict[tuple[Standing, str], int] = {}
    counts = dict.fromkeys(RowOutcome, 0)
    for tally in staging.count_outcomes(connection):
        counts[tally.fate] += tally.rows
        if tally.fate is not RowOutcome.JOIN:
            continue
        if tally.standing is Standing.ACTIVE:
            mailed[tally.evidence] = tally.rows
        else:
            kept_away[tally.standing, tally.evidence] = tally.rows
    return Preview(
        mailed=mailed,
        kept_away=kept_away,
        changed=sum(
            counts[fate] for fate in (RowOutcome.CHANGE, RowOutcome.PROVE, RowOutcome.NOTE)
        ),
        left=counts[RowOutcome.LEAVE],
        unchanged=counts[RowOutcome.NOTHING],
        refused=counts[RowOutcome.REFUSED],
        proven=staging.count_proven(connection),
        sent_until=sent_until if origins.is_news(connection, sent_until) else "",
    )
