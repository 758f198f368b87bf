"""What a ledger knows of people since a backup, for the one that comes back in its place.

Without it whoever left, complained or was erased since would be mailed again.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from newsletter.ledger import erasing, history, people, personal, suppressions
from newsletter.ledger.open import Ledger
from newsletter.model import By, Happened, Record, Standing

_SOURCE = "restore"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What was carried over."""

    changed: int  # people who stand otherwise than in the backup
    erased: int  # people who were erased since, and are again


def carry_over(
    old: Ledger,
    new: Ledger,
    marks: suppressions.Marks | None,
    *,
    since: dt.datetime | None,
    now: dt.datetime,
) -> Carried:
    """Take over what happened since the backup to those it knows, and who was erased.

    By other marks than those by which they are known nobody is found who was erased. Whose
    mail is in doubt is erased as far as mail goes; the rest stays for the repeat of that call.
    """
    with old.read() as before, new.write() as connection:
        people.lock_people(connection)
        is_known = marks is not None and suppressions.take_over(before, connection, marks)
        erased = list(_list_erased(connection, marks)) if marks and is_known else []
        changed = history.note(connection, _happened(before, connection, since), now)
        gone = [Record(key=key, what=Happened.ERASED, by=By.PROGRAM, source=_SOURCE)
                for key, _ in erased]  # fmt: skip
        history.note(connection, gone, now)
        for _, address in erased:
            holder = personal.find_holder(connection, address)
            if not erasing.count_under_way(connection, holder):
                erasing.erase(connection, holder, now)
    return Carried(changed=len(changed), erased=len(erased))


def _happened(
    before: Connection, connection: Connection, since: dt.datetime | None
) -> Iterator[Record]:
    """Yield what the old ledger knows to have happened to people whom the new one knows, too."""
    known = history.find_later(connection, since)
    here = people.list_keys(connection)
    for key, records in history.find_later(before, since).items():
        if key in here:
            yield from (record for record in records if record not in known.get(key, ()))


def _list_erased(connection: Connection, marks: suppressions.Marks) -> Iterator[tuple[str, str]]:
    """Yield key and address of those who are known as erased, and are on the list."""
    kept = suppressions.list_all(connection)
    erased = {mark for mark, standing in kept.items() if standing is Standing.ERASED}
    for person in people.list_subscribers(connection) if erased else ():
        if marks.of(person.address) in erased:
            yield person.key, person.address
