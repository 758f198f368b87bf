"""Getting on the list by one's own wish: asked by a form, confirmed by a link that is mailed.

    form --pass_gate--> wish --mailed--> confirmed by a button --> on the list
                                    \\--> it was not me: never mailed about it again

Nothing is on the list before its owner confirms, whoever typed an address.
"""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum

from sqlalchemy import Connection

from newsletter.consent.gates import (
    Filled,
    Gate,
    Limits,
    Ticket,
    is_flooded,
    mark_of,
    pass_gate,
)
from newsletter.consent.work_proofs import Bound, challenge_for, take_proof
from newsletter.language import say_many
from newsletter.ledger import Ledger, history, people, queue, suppressions, wishes
from newsletter.links import SuppressionMarks, new_keys
from newsletter.model import (
    ANSWER,
    FLOODED,
    NOTICES,
    By,
    ConsentWording,
    Happened,
    Job,
    Purpose,
    Record,
    Standing,
    Subscriber,
    Tracking,
    Wish,
)

VALID = dt.timedelta(days=7)  # of a link that confirms
_VALID_DATA = dt.timedelta(days=1)  # of one that shows what is held on somebody
_FORGOTTEN = dt.timedelta(minutes=2)  # after which nobody seems to answer it
_FORM = "form"  # what a proof of work is bound to


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What somebody typed, checked."""

    address: str
    language: str  # in which they want the newsletter
    attributes: Mapping[str, str] = field(default_factory=dict)  # name, region, ...
    tracking: Tracking = Tracking.UNKNOWN
    wording: ConsentWording  # what they agreed to, in the language of the page
    source: str = "form"
    proof: str = ""  # of work, as the page's script gives it


class Confirmation(Enum):
    """What pressing the button of a link comes to."""

    DONE = "done"
    HALF = "half"  # of a change of address; the other end is waited for
    LEFT = "left"  # they confirmed by it before, and left since
    EXPIRED = "expired"
    REFUSED = "refused"  # the owner of the address said that it was not them
    TAKEN = "taken"  # the new address is somebody else's by now
    UNKNOWN = "unknown"  # there is no such link, or it is long past


def apply(
    ledger: Ledger,
    application: Application,
    filled: Filled,
    limits: Limits,
    *,
    secret: str,
    now: dt.datetime,
) -> Ticket:
    """Take in a form; who is known is treated like anybody else, and so is who is over a limit."""
    with ledger.write() as connection:
        bound = Bound(form=_FORM, language=application.wording.language)
        is_proved = take_proof(connection, secret, application.proof, bound, now)
        filled = replace(filled, is_proved=is_proved)
        ticket = pass_gate(connection, filled, limits, secret=secret, now=now)
        if ticket.gate in (Gate.OPEN, Gate.SLOW):
            wishes.keep_wording(connection, application.wording, now)
            wish = replace(_wish(application, now), turn=ticket.turn, is_slow=ticket.is_slow)
            ask(connection, wish, ticket.due)
        if is_flooded(connection, limits, now):
            _alarm(connection, limits, now)
    return ticket


def ask_for_proof(secret: str, language: str, now: dt.datetime, *, price: int = 0) -> str:
    """Return a challenge for the form in a language, in JSON, as a page hands it to its script."""
    return challenge_for(secret, Bound(form=_FORM, language=language), now, price=price)


def ask(connection: Connection, wish: Wish, due: dt.datetime) -> None:
    """Have a wish answered by mail, not before a moment."""
    wishes.add_wish(connection, replace(wish, due_at=due))
    call_for_answers(connection, due)


def call_for_answers(connection: Connection, due: dt.datetime) -> None:
    """Have mail written to those who are to be answered by then."""
    queue.put(connection, Job(name=ANSWER, queue=NOTICES, key=ANSWER, due=due, is_alone=True))


def call_for_forgotten(ledger: Ledger, now: dt.datetime) -> None:
    """Have what is long due answered by mail, if nobody does."""
    with ledger.read() as connection:
        due = wishes.next_due(connection)
    if due and due < now - _FORGOTTEN:
        with ledger.write() as connection:
            call_for_answers(connection, now)


def new_wish(purpose: Purpose, address: str, language: str, now: dt.datetime) -> Wish:
    """Return a wish that nobody can guess the link of."""
    key = secrets.token_urlsafe(24)
    return Wish(key=key, purpose=purpose, address=address, language=language, asked_at=now)


def find_wish(ledger: Ledger, key: str) -> Wish | None:
    """Return what somebody asked for, by the key in its link."""
    with ledger.read() as connection:
        return wishes.find_wish(connection, key)


def is_expired(wish: Wish, now: dt.datetime) -> bool:
    """Return whether a link is too old to confirm anything by it."""
    valid = _VALID_DATA if wish.purpose is Purpose.DATA else VALID
    return now > (wish.mailed_at or wish.asked_at) + valid


def confirm_sign_up(
    ledger: Ledger, key: str, now: dt.datetime, *, secret: str = ""
) -> Confirmation:
    """Put whoever owns the address on the list, as they confirmed; twice is as good as once.

    By the secret those are found of whom only a keyed hash is kept.
    """
    with ledger.write() as connection:
        people.lock_people(connection)
        wish = wishes.find_wish(connection, key)
        if wish is None or wish.purpose is not Purpose.SIGN_UP:
            return Confirmation.UNKNOWN
        if wish.refused_at:
            return Confirmation.REFUSED
        if wish.confirmed_at is None:
            if is_expired(wish, now):
                return Confirmation.EXPIRED
            if secret:  # whoever was erased may come back
                suppressions.lift(connection, SuppressionMarks(secret).of(wish.address))
            _enrol(connection, wish, now)
            wishes.change_wish(connection, key, confirmed_at=now, due_at=None)
            return Confirmation.DONE
        person = people.find_subscriber(connection, wish.address)
        if person is None or person.standing.is_left:
            return Confirmation.LEFT
    return Confirmation.DONE


def renew(ledger: Ledger, key: str, now: dt.datetime) -> None:
    """Have the link of an expired wish mailed anew, to the same address, within its limits."""
    with ledger.write() as connection:
        wish = wishes.find_wish(connection, key)
        is_open = wish and not (wish.confirmed_at or wish.refused_at or wish.due_at)
        if wish and is_open and is_expired(wish, now):
            wishes.change_wish(connection, key, due_at=now)
            call_for_answers(connection, now)


def refuse(ledger: Ledger, key: str, *, secret: str, now: dt.datetime) -> None:
    """Take down that it was not the owner of an address who typed it: no link goes there again.

    Whoever is on the list stays there: they leave by the link in each issue.
    """
    with ledger.write() as connection:
        wish = wishes.find_wish(connection, key)
        if wish is None or wish.purpose is not Purpose.SIGN_UP or wish.confirmed_at:
            return
        wishes.change_wish(connection, key, refused_at=now, due_at=None, attributes={})
        wishes.disown(connection, mark_of(secret, wish.address), now)
        wishes.drop_open_sign_ups(connection, wish.address)


def _wish(application: Application, now: dt.datetime) -> Wish:
    wish = new_wish(Purpose.SIGN_UP, application.address, application.language, now)
    return replace(
        wish,
        attributes=application.attributes,
        source=application.source,
        wording=application.wording.digest,
        tracking=application.tracking,
    )


def _enrol(connection: Connection, wish: Wish, now: dt.datetime) -> None:
    before = people.find_subscriber(connection, wish.address)
    given = dict(wish.attributes)
    name = given.pop("name", "")
    blank = Subscriber(address=wish.address, key=new_keys(1)[0], standing=Standing.PENDING)
    person = before or blank
    changed = replace(
        person,
        name=name or person.name,
        language=wish.language,
        attributes={**person.attributes, **given},
    )
    if before:
        people.change_subscribers(connection, [changed], now)
        history.note(connection, _records(wish, person.key, now), now)
    else:  # recorded first, so that nothing else need be known of them
        history.note(connection, _records(wish, person.key, now), now)
        people.add_subscribers(connection, [changed], now)
    if before and before.standing is Standing.ACTIVE:
        return  # they know it already
    welcome = new_wish(Purpose.WELCOME, wish.address, wish.language, now)
    ask(connection, replace(welcome, subscriber_key=person.key), now)


def _records(wish: Wish, key: str, now: dt.datetime) -> list[Record]:
    """Return what proves the consent: what was shown where, asked when, confirmed when."""
    proof = {"wording": wish.wording, "language": wish.language}
    asked = Record(
        key=key,
        what=Happened.ASKED,
        at=wish.asked_at,
        by=By.PERSON,
        source=wish.source,
        detail=proof,
    )
    mailed = {"mailed": wish.mailed_at.isoformat()} if wish.mailed_at else {}
    found = [
        asked,
        replace(asked, what=Happened.CONFIRMED, at=now, detail={**proof, **mailed}),
    ]
    if wish.tracking is not Tracking.UNKNOWN:
        detail = {**proof, "tracking": wish.tracking}
        found.append(replace(asked, what=Happened.TRACKED, at=now, detail=detail))
    return found


def _alarm(connection: Connection, limits: Limits, now: dt.datetime) -> None:
    """Have the editor told, once a day, that more sign up than usual."""
    key = f"{FLOODED}:{now:%Y-%m-%d}"
    if key not in queue.list_troubled(connection):
        reason = say_many(
            "one form in an hour asks for a confirmation; further ones need a proof of work",
            "{n} forms in an hour ask for a confirmation; further ones need a proof of work",
            n=limits.site_hour,
        )
        trouble = queue.Trouble(key=key, name=FLOODED, reason=reason, is_final=True, at=now)
        queue.note_trouble(connection, trouble)
