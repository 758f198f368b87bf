"""Erases a person; a keyed hash of the address stays, so that no list brings them back."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from newsletter.errors import UsageError
from newsletter.files import open_file
from newsletter.language import say_many
from newsletter.ledger import Ledger, erasing, people, personal, suppressions
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


def forget(ledger: Ledger, address: str, secret: str, now: dt.datetime, source: str) -> None:
    """Erase a person from all tables; raise UsageError while a mail to them is on its way.

    Done twice it finds nothing the second time.
    """
    marks = SuppressionMarks(secret)
    with ledger.write() as connection:
        people.lock_people(connection)
        suppressions.verify_key(connection, marks)
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


def erase_files(outbox: Path, addresses: tuple[str, ...]) -> int:
    """Delete mail to these addresses from a local outbox, and the pages that list it; how many?"""
    wanted = [address.lower().encode() for address in addresses]
    found = [mail for mail in sorted(outbox.rglob("*.eml")) if _is_to(mail, wanted)]
    for mail in found:
        for path in (mail, mail.with_suffix(".html"), mail.with_name("index.html")):
            path.unlink(missing_ok=True)
    return len(found)


def _is_to(mail: Path, addresses: list[bytes]) -> bool:
    with open_file(mail) as file:
        head = file.read(_HEADERS).lower().partition(b"\n\n")[0]
    name = mail.name.lower().encode("utf-8", "replace")
    return any(address in head or address in name for address in addresses)
