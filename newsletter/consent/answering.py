"""Which mail answers what somebody asked for on our pages, if any."""

import datetime as dt
import math
from dataclasses import dataclass
from enum import Enum

from sqlalchemy import Connection

from newsletter.consent.gates import Limits, count_mail, mark_of, may_mail
from newsletter.consent.spellings import folded
from newsletter.ledger import people, suppressions, throttles, wishes
from newsletter.links import SuppressionMarks
from newsletter.model import Purpose, Standing, Subscriber, Wish


class Mail(Enum):
    """A mail to somebody, about what they asked for or did."""

    CONFIRM = "confirm"  # the link that puts them on the list
    KNOWN = "known"  # they are on it already
    WELCOME = "welcome"
    LINKS = "links"  # to leave, and to their preferences
    SURVEY = "survey"  # their own link to it
    DATA = "data"  # the link to what is held on them
    LEFT = "left"  # they left, and may undo it
    MOVE_FROM = "move from"  # the link by which the old address agrees,
    MOVE_TO = "move to"  # and that of the new one
    MOVED = "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to mail."""

    mail: Mail
    wish: Wish
    person: Subscriber | None = None  # whose it is, if they are on the list


_PLAIN = {
    Purpose.SURVEY: Mail.SURVEY,
    Purpose.DATA: Mail.DATA,
    Purpose.MOVE_FROM: Mail.MOVE_FROM,
    Purpose.MOVE_TO: Mail.MOVE_TO,
    Purpose.MOVED: Mail.MOVED,
    Purpose.WELCOME: Mail.WELCOME,
}
# What anybody can ask for who knows an address, or guesses it. The others follow from a link that
# only its owner gets, or whom they hand it on to.
_BY_STRANGERS = (Purpose.SIGN_UP, Purpose.LINK, Purpose.MOVE_TO)
_MOST_OF_OTHERS = 10  # a day
_DAY = 24  # hours
_HOUR, _SOON = dt.timedelta(hours=1), dt.timedelta(minutes=1)
_MAILED, _MAILED_SLOW = "mailed", "mailed slow"  # are counted


def list_due(connection: Connection, limits: Limits, *, now: dt.datetime, most: int) -> list[Wish]:
    """Return what is to be answered by mail: that of strangers as far as there is room for it.

    They get so many mails a day as they come, then one by one as many again; those who gave no
    proof of work have room of their own, so that none takes it from others.
    """
    found = wishes.list_due(connection, now, most=most)
    day = throttles.count_since(connection, {_MAILED: _DAY}, now)[_MAILED]
    hour = throttles.count_since(connection, {_MAILED: 1, _MAILED_SLOW: 1}, now)
    begun = dt.timedelta(minutes=now.minute + 1) / _HOUR  # of this hour
    one_by_one = math.ceil(limits.site_day / _DAY * begun) - hour[_MAILED]
    room = max(limits.site_day - day, one_by_one, 0)
    slow = max(limits.slow_hour - hour[_MAILED_SLOW], 0)
    for is_slow, least in ((False, room), (True, slow)):
        some = min(least, most - len(found))
        found += wishes.list_sign_ups_due(connection, now, is_slow=is_slow, most=some)
    return found


def next_due(connection: Connection, limits: Limits, now: dt.datetime) -> dt.datetime | None:
    """Return when the next mail is to be written; soon, if what is due has to wait for room."""
    due = wishes.next_due(connection)
    is_waiting = due and due <= now and not list_due(connection, limits, now=now, most=1)
    return now + _SOON if is_waiting else due


def decide_reply(
    connection: Connection, wish: Wish, limits: Limits, *, secret: str, now: dt.datetime
) -> Reply | None:
    """Return the mail that answers a wish; None if there is to be none."""
    person = _whose(connection, wish)
    mail = _PLAIN.get(wish.purpose)
    if wish.purpose in (Purpose.SIGN_UP, Purpose.MOVE_TO) and wishes.is_disowned(
        connection, mark_of(secret, wish.address)
    ):
        return None
    match wish.purpose:
        case Purpose.SIGN_UP:
            is_listed = person and person.standing in (Standing.ACTIVE, Standing.PAUSED)
            mail = Mail.KNOWN if is_listed else Mail.CONFIRM
        case Purpose.LINK:
            mail = Mail.LINKS if person else None
        case Purpose.LEFT:
            has_left = person and person.standing is Standing.UNSUBSCRIBED
            mail = Mail.LEFT if has_left else None
        case Purpose.WELCOME:
            mail = mail if person and person.standing is Standing.ACTIVE else None
    if mail is None or (wish.purpose is not Purpose.SIGN_UP and person is None):
        return None
    kind, most = _cap_of(wish, limits)
    if not may_mail(connection, kind, most, secret=secret, now=now):
        return None
    return Reply(mail=mail, wish=wish, person=person)


def note_reply(
    connection: Connection, wish: Wish, reply: Reply | None, *, secret: str, now: dt.datetime
) -> None:
    """Record that a wish is answered, once its mail is sure to go out, and count that.

    What is not to be confirmed is forgotten, but for a link to a survey: it is mailed once a day.
    """
    if reply:
        count_mail(connection, _cap_of(wish, Limits())[0], secret=secret, now=now)
        _count_answer(connection, wish, now)
    is_confirmed = wish.purpose.is_confirmed and reply and reply.mail is not Mail.KNOWN
    if is_confirmed or (reply and wish.purpose is Purpose.SURVEY):
        wishes.change_wish(connection, wish.key, due_at=None, mailed_at=now)
    elif reply or wish.mailed_at is None:
        wishes.drop_wish(connection, wish.key)
    else:  # mailed before: its link still tells that it expired
        wishes.change_wish(connection, wish.key, due_at=None)


def is_moot(connection: Connection, wish: Wish, *, secret: str) -> bool:
    """Return whether somebody was erased while their mail was being written."""
    mark = SuppressionMarks(secret).of(wish.address)
    is_erased = suppressions.find(connection, mark) is Standing.ERASED
    return is_erased and wishes.find_wish(connection, wish.key) is None


def _count_answer(connection: Connection, wish: Wish, now: dt.datetime) -> None:
    """Count a mail that answers a stranger."""
    if wish.purpose is Purpose.SIGN_UP:
        throttles.count_one(connection, _MAILED_SLOW if wish.is_slow else _MAILED, now)


def _cap_of(wish: Wish, limits: Limits) -> tuple[str, int]:
    """Return what is counted, and how often a day it may be."""
    if wish.purpose in _BY_STRANGERS:
        return f"mail {folded(wish.address)}", limits.mails_a_day
    return f"own mail {folded(wish.address)}", _MOST_OF_OTHERS


def _whose(connection: Connection, wish: Wish) -> Subscriber | None:
    if wish.subscriber_key:
        return people.find_by_key(connection, wish.subscriber_key)
    return people.find_subscriber(connection, wish.address)
