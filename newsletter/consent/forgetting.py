"""Erases a person; a keyed hash of the address stays, so that no list brings them back."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import UsageError
from newsletter.files import open_file
from newsletter.language import say_many
from newsletter.ledger import Ledger, compacting, erasing, naming, people, personal, suppressions
from newsletter.links import SuppressionMarks
from newsletter.model import Standing

_HEADERS = 65_536  # bytes of a mail in which its addressee stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is held of somebody, in numbers."""

    addresses: tuple[str, ...]  # today's first
    rows: Mapping[str, int]  # by table
    marks: tuple[str, ...]  # what is kept: keyed hashes of the addresses
    is_erased: bool  # that is all there is already

    @property
    def count(self) -> int:
        """Return how many rows there are."""
        return sum(self.rows.values())


def find_held(ledger: Ledger, address: str, secret: str) -> Held:
    """Return what is held of the person who has an address, or had it."""
    marks = SuppressionMarks(secret)
    with ledger.read() as connection:
        holder = personal.find_holder(connection, address)
        rows = erasing.list_held(connection, holder)
        kept = tuple(marks.of(each) for each in holder.addresses)
        return Held(
            addresses=holder.addresses,
            rows={table: len(found) for table, found in rows.items()},
            marks=kept,
            is_erased=not rows and bool(suppressions.list_all(connection, kept)),
        )


def forget(
    ledger: Ledger,
    address: str,
    secret: str,
    now: dt.datetime,
    source: str,
    *,
    gone_before: dt.datetime | None = None,
) -> tuple[str, ...]:
    """Erase a person from all tables, and return their addresses, for `erase_files`.

    Raise UsageError while a mail to them is on its way. Done twice it finds nothing the second
    time. With `gone_before` nobody is erased who came back since they were looked for.
    """
    marks = SuppressionMarks(secret)
    with ledger.write() as connection:
        people.lock_people(connection)
        suppressions.verify_key(connection, marks)
        if gone_before and not people.has_departed(connection, address, gone_before):
            return ()
        holder = personal.find_holder(connection, address)
        if on_their_way := erasing.count_under_way(connection, holder):
            raise UsageError(
                say_many(
                    "a mail to {address} is in a call that is not answered yet; once “newsletter "
                    "status” shows none as sending or unknown, they can be erased",
                    "{n:,} mails to {address} are in calls that are not answered yet; once "
                    "“newsletter status” shows none as sending or unknown, they can be erased",
                    n=on_their_way,
                    address=address,
                )
            )
        kept = [marks.of(each) for each in holder.addresses]
        suppressions.add(connection, kept, Standing.ERASED, source=source, key=marks, now=now)
        erasing.erase(connection, holder, now)
    return holder.addresses


def forget_everywhere(
    ledger: Ledger, address: str, secret: str, now: dt.datetime, *, source: str, outbox: Path
) -> int:
    """Erase a person as `forget` does, and mail to them in a local outbox; how many were there?"""
    erased = forget(ledger, address, secret, now, source)
    compacting.flush(ledger)
    return erase_files(outbox, erased)


def erase_files(outbox: Path, addresses: Collection[str]) -> int:
    """Delete mail to these addresses from a local outbox, and the pages that list it; how many?"""
    theirs = naming.pattern_of(personal.forms_of(addresses))
    found = [mail for mail in sorted(outbox.rglob("*.eml")) if _is_to(mail, theirs)]
    for mail in found:
        for path in (mail, mail.with_suffix(".html"), mail.with_name("index.html")):
            path.unlink(missing_ok=True)
    return len(found)


def _is_to(mail: Path, theirs: naming.Pattern) -> bool:
    with open_file(mail) as file:
        head = file.read(_HEADERS).replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    return naming.is_named(head, theirs) or naming.is_named(mail.stem, theirs)
