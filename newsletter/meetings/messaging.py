"""Lets the editor write to those who registered, in their own words: each person once."""

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from enum import StrEnum

from newsletter.ledger import Ledger, due_mails, registrations
from newsletter.model.meeting import (
    Attending,
    Meeting,
    MeetingMail,
    Registration,
    RegistrationState,
)

_IN = RegistrationState.REGISTERED


class Group(StrEnum):
    """Whom a message goes to."""

    REGISTERED = "registered"
    ON_SITE = "on-site"
    REMOTE = "remote"
    WAITING = "waiting"  # in line, with an offer or not
    ALL = "all"  # who is registered or in line


def list_group(ledger: Ledger, meeting: Meeting, group: Group) -> list[Registration]:
    """Return whom a message goes to; who has no address gets none."""
    return [one for one in _list_all(ledger, meeting, group) if one.address]


def list_unreachable(ledger: Ledger, meeting: Meeting, group: Group) -> list[Registration]:
    """Return who of a group has no address, so that somebody must tell them."""
    return [one for one in _list_all(ledger, meeting, group) if not one.address]


def list_without(
    ledger: Ledger, people: Sequence[Registration], words: Mapping[str, Mapping[str, str]]
) -> list[Registration]:
    """Return who of these has not had this very message."""
    number = _number_of(words)
    with ledger.read() as connection:
        return [
            one
            for one in people
            if not any(
                (mail.kind, mail.number) == (MeetingMail.MESSAGE, number)
                for mail in due_mails.list_mails_of(connection, one.id)
            )
        ]


def write_to(
    ledger: Ledger,
    people: Sequence[Registration],
    words: Mapping[str, Mapping[str, str]],
    now: dt.datetime,
) -> int:
    """Let people be mailed a message, in one of its languages; return how many are.

    Done twice it mails nobody twice: the same words have the same number.
    """
    number, kind = _number_of(words), MeetingMail.MESSAGE
    with ledger.write() as connection:
        added = [
            due_mails.add_mail(
                connection, one, kind, due_at=now, number=number, detail={"words": words}
            )
            for one in people
        ]
    return sum(added)


def _list_all(ledger: Ledger, meeting: Meeting, group: Group) -> list[Registration]:
    with ledger.read() as connection:
        live = registrations.list_live(connection, meeting.id)
    return [one for one in live if _is_in(one, group)]


def _is_in(one: Registration, group: Group) -> bool:
    if group is Group.ALL:
        return True
    if group is Group.WAITING:
        return one.line is not None
    way = {Group.ON_SITE: Attending.ON_SITE, Group.REMOTE: Attending.REMOTE}.get(group)
    return one.state is _IN and way in (None, one.attending)


def _number_of(words: Mapping[str, Mapping[str, str]]) -> int:
    """Return the number of a message: that of its words, so that the same one is known again."""
    told = "\0".join(f"{key} {each['subject']}\0{each['text']}" for key, each in words.items())
    return int(hashlib.sha256(told.encode()).hexdigest()[:7], 16)
