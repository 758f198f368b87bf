"""Asks who declined a meeting in their calendar if they mean to cancel: that cancels nothing."""

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import Connection

from newsletter.ledger import due_mails, registrations
from newsletter.model.meeting import MeetingMail, RegistrationState


def ask_who_declined(connection: Connection, entries: Iterable[str], now: dt.datetime) -> int:
    """Let those who declined be mailed the link to cancel, once for each invitation; how many?

    `entries` name the meeting in their calendars: random, and known by our mail to them alone.
    """
    asked = 0
    for entry in entries:
        one = registrations.find_by_uid(connection, entry.partition("@")[0])
        if one is not None and one.state is RegistrationState.REGISTERED:
            kind, number = MeetingMail.DECLINED, one.sequence + 1
            asked += due_mails.add_mail(connection, one, kind, due_at=now, number=number)
    return asked
