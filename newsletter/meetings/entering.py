"""Registers people for a meeting: known ones at once, strangers when they confirm it by mail."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from newsletter.errors import RegistrationError
from newsletter.ledger import Ledger, due_mails, people, registrations
from newsletter.links import new_keys
from newsletter.meetings.moving_up import Hall, entered, seated
from newsletter.meetings.seating import free_numbers, line_for
from newsletter.model.meeting import (
    Attending,
    Entry,
    Meeting,
    MeetingMail,
    Refused,
    Registration,
    RegistrationState,
)

_AGAIN = dt.timedelta(minutes=10)  # after which the mail with a link may be asked for again
_MOST_MAILS = 3  # of one kind that a form alone can bring about at an address


def register(
    ledger: Ledger,
    meeting: Meeting,
    entry: Entry,
    *,
    address: str,
    now: dt.datetime,
    subscriber_key: str = "",
    is_known: bool = False,
    by_editor: bool = False,
    mail_at: dt.datetime | None = None,
) -> Registration:
    """Register somebody, and return their registration as it is then.

    Who is known by a link of theirs, or entered by the editor, has a seat at once, or a place in
    line; a stranger must confirm it first. Who is registered already stays as they are, as links of
    issues are passed on: the owner of the address gets the link of their own, not before `mail_at`.
    The editor adds to what there is. Raise RegistrationError if it is too late; the editor's time
    ends as it begins.
    """
    is_known = is_known or by_editor
    with entered(ledger, meeting, now) as hall:
        found = _find(hall, address, subscriber_key)
        if found is not None and found.is_live:
            if by_editor:
                return _add(hall, found, entry)
            _send_own(replace(hall, mail_at=mail_at), found, entry, is_known=is_known)
            return found
        _verify_open(hall, entry.attending, by_editor=by_editor)
        wish = _wish(hall, found, entry, address=address, subscriber_key=subscriber_key)
        if is_known:
            return admit(hall, replace(wish, is_late=now > meeting.closes_at))
        return _ask(replace(hall, mail_at=mail_at), found, wish)


def send_link(
    ledger: Ledger,
    meeting: Meeting,
    address: str,
    now: dt.datetime,
    *,
    mail_at: dt.datetime | None = None,
) -> None:
    """Mail the link of their registration to who has one, or wants to; nobody else hears of it."""
    with entered(ledger, meeting, now) as hall:
        found = registrations.find_of_address(hall.connection, meeting.id, address)
        if found is not None:
            is_wanted = found.state is RegistrationState.WANTED
            kind = MeetingMail.CONFIRM if is_wanted else MeetingMail.MY_PAGE
            _mail_once(replace(hall, mail_at=mail_at), found, kind)


def confirm(ledger: Ledger, meeting: Meeting, key: str, now: dt.datetime) -> Registration:
    """Take somebody's wish for confirmed; a link that was used shows how things are.

    Raise RegistrationError if there is no such wish, or the meeting has begun or is called off.
    """
    with entered(ledger, meeting, now) as hall:
        found = find_here(hall, key)
        if found.state is not RegistrationState.WANTED:
            return found
        if hall.is_closed:
            raise RegistrationError(_reason(hall))
        member = people.find_subscriber(hall.connection, found.address)
        own = replace(found, subscriber_key=member.key) if member else found
        return admit(hall, replace(own, wanted_at=now, is_late=now > meeting.closes_at))


def refuse(ledger: Ledger, meeting: Meeting, key: str, now: dt.datetime) -> None:
    """Delete what was filled in with the address of somebody who says that it was not them.

    Nothing that a stranger typed is kept, whenever they say so; what is confirmed stays.
    """
    with entered(ledger, meeting, now) as hall:
        found = registrations.find_registration(hall.connection, key)
        if found is not None and found.meeting == meeting.id:
            registrations.delete_wish(hall.connection, found.id)


def admit(hall: Hall, wish: Registration) -> Registration:
    """Give somebody a seat if one is free and nobody is in line for it, else a place in line."""
    live = hall.live()
    way = wish.attending
    wants_on_site = way is Attending.REMOTE and wish.line_at is not None
    number = next(free_numbers(live, way, hall.meeting.seats.get(way, 0)), None)
    is_first = hall.is_first_come or not line_for(live, way)
    own = replace(wish, wanted_at=hall.now, changed_at=hall.now, offer_until=None)
    end = end_of_line(live, hall.now)
    if number is not None and is_first:
        own = replace(own, state=RegistrationState.REGISTERED, line_at=None)
        own = replace(seated(own, way, number), line_at=end if wants_on_site else None)
        kind = MeetingMail.CONFIRMED
    else:
        own = replace(own, state=RegistrationState.WAITING, line_at=end)
        kind = MeetingMail.WAITING
    own = keep(hall, own)
    hall.mail(own, kind)
    return own


def keep(hall: Hall, own: Registration) -> Registration:
    """Write a registration down, for the first time or again."""
    if own.id:
        registrations.save(hall.connection, own)
        return own
    return replace(own, id=registrations.add_registration(hall.connection, own))


def find_here(hall: Hall, key: str) -> Registration:
    """Return the registration of this meeting with a key; raise RegistrationError if none has."""
    found = registrations.find_registration(hall.connection, key)
    if found is None or found.meeting != hall.meeting.id:
        raise RegistrationError(Refused.UNKNOWN)
    return found


def end_of_line(live: list[Registration], now: dt.datetime) -> dt.datetime:
    """Return the moment that stands for the end of the line, whatever clocks say."""
    last = max((one.line_at for one in live if one.line_at is not None), default=now)
    return max(now, last + dt.timedelta(microseconds=1))


def _find(hall: Hall, address: str, subscriber_key: str) -> Registration | None:
    """Return what somebody has already, by their address or an older one of theirs."""
    of_address = (
        registrations.find_of_address(hall.connection, hall.meeting.id, address)
        if address
        else None
    )
    of_member = registrations.find_of_member(hall.connection, hall.meeting.id, subscriber_key)
    if of_member is not None and of_member.is_live:
        return of_member
    return of_address or of_member


def _verify_open(hall: Hall, way: Attending, *, by_editor: bool) -> None:
    if hall.is_closed:
        raise RegistrationError(_reason(hall))
    if hall.now > hall.meeting.closes_at and not by_editor:
        raise RegistrationError(Refused.CLOSED)
    if way not in hall.meeting.seats:
        raise RegistrationError(Refused.NOT_OFFERED)


def _reason(hall: Hall) -> Refused:
    return Refused.CALLED_OFF if hall.meeting.is_cancelled else Refused.OVER


def _wish(
    hall: Hall, found: Registration | None, entry: Entry, *, address: str, subscriber_key: str
) -> Registration:
    """Return what somebody asks for, with the links they had, and nothing that was said before.

    Who cancelled begins anew; and what was typed with an address, which nobody confirmed, may be
    the words of somebody else.
    """
    link, uid = new_keys(2)
    own = Registration(
        id=found.id if found else 0,
        key=found.key if found else link,
        uid=uid,
        meeting=hall.meeting.id,
        address=address or (found.address if found else ""),
        subscriber_key=subscriber_key or (found.subscriber_key if found else ""),
        attending=entry.attending,
        state=RegistrationState.WANTED,
        wanted_at=hall.now,
        changed_at=hall.now,
        line_at=hall.now if entry.wants_on_site else None,
    )
    return replace(own, **_filled(None, entry))


def _filled(found: Registration | None, entry: Entry) -> Mapping[str, Any]:
    """Return what was filled in, now or before: what is left empty does not blank it."""
    names = ("name", "badge", "organisation", "region", "language", "needs")
    given = {name: getattr(entry, name) for name in names}
    answers = {id: answer for id, answer in entry.answers.items() if answer}
    if found is None:
        return {**given, "answers": answers}
    kept = {name: value or getattr(found, name) for name, value in given.items()}
    return {**kept, "answers": {**found.answers, **answers}}


def _add(hall: Hall, found: Registration, entry: Entry) -> Registration:
    """Add to a registration what it lacks or what is otherwise; what is left empty stays."""
    filled = replace(found, **_filled(found, entry))
    if filled != found:
        filled = replace(filled, changed_at=hall.now)
        registrations.save(hall.connection, filled)
    return filled


def _send_own(hall: Hall, found: Registration, entry: Entry, *, is_known: bool) -> None:
    """Mail who is registered the link by which they change it, but not for a second click."""
    same = replace(found, **_filled(found, entry), attending=entry.attending)
    if not is_known or same != found:
        _mail_once(hall, found, MeetingMail.MY_PAGE)


def _ask(hall: Hall, found: Registration | None, wish: Registration) -> Registration:
    """Keep a stranger's wish, and let them be asked whether it is theirs."""
    own = keep(hall, wish)
    if found is None:
        hall.mail(own, MeetingMail.CONFIRM)
    else:
        _mail_once(hall, own, MeetingMail.CONFIRM)
    return own


def _mail_once(hall: Hall, own: Registration, kind: MeetingMail) -> None:
    """Let a link be mailed that a form asks for, unless it was just now, or too often."""
    theirs = [m for m in due_mails.list_mails_of(hall.connection, own.id) if m.kind is kind]
    is_recent = any(mail.due_at > hall.now - _AGAIN for mail in theirs)
    if not is_recent and len(theirs) < _MOST_MAILS:
        hall.mail(own, kind)
