"""Answers to offers: a seat that was kept for somebody in line is taken, or left to the next."""

import datetime as dt
from dataclasses import replace

from newsletter.errors import RegistrationError
from newsletter.ledger import Ledger, registrations
from newsletter.meetings.changing import take_off, take_offer
from newsletter.meetings.entering import find_here
from newsletter.meetings.moving_up import entered, without_offer
from newsletter.model.meeting import (
    Meeting,
    MeetingMail,
    Refused,
    Registration,
    RegistrationState,
)


def accept(ledger: Ledger, meeting: Meeting, key: str, now: dt.datetime) -> Registration:
    """Take the seat that is kept for somebody; on the last day any that is free, who comes first.

    Who has it already keeps it. Raise RegistrationError if it is gone.
    """
    with entered(ledger, meeting, now) as hall:
        found = find_here(hall, key)
        if found.line is None:
            if found.state is RegistrationState.REGISTERED:
                return found
            raise RegistrationError(Refused.NO_OFFER)
        if hall.is_closed:
            is_off = meeting.is_cancelled
            raise RegistrationError(Refused.CALLED_OFF if is_off else Refused.OVER)
        own = take_offer(hall, found)
        if own is None:
            raise RegistrationError(Refused.NO_OFFER)
        return own


def decline(ledger: Ledger, meeting: Meeting, key: str, now: dt.datetime) -> Registration:
    """Leave the seat to the next in line; who takes part remotely goes on doing so.

    Without an offer nothing changes.
    """
    with entered(ledger, meeting, now) as hall:
        found = find_here(hall, key)
        if found.offer_until is None:
            return found
        if found.state is RegistrationState.OFFERED:
            return take_off(hall, found, MeetingMail.CANCELLED)
        own = replace(without_offer(found), changed_at=now)
        registrations.save(hall.connection, own)
        return own
