"""What subscribers choose for themselves: language, details, being counted, a pause, an address."""

import datetime as dt
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from newsletter.consent.gates import Filled, Gate, Limits, pass_gate
from newsletter.consent.signing_up import (
    Confirmation,
    ask,
    is_expired,
    new_wish,
)
from newsletter.ledger import Ledger, history, people, wishes
from newsletter.model import (
    MONTHS,
    By,
    Happened,
    Purpose,
    Record,
    Standing,
    Subscriber,
    Tracking,
    Wish,
    after_months,
)

_DAY, _MOST_A_DAY = dt.timedelta(days=1), 5  # mails of a kind that a reader asks for
_PAGE = "preferences"
_MOVES = (Purpose.MOVE_FROM, Purpose.MOVE_TO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """What somebody chose on the page; what it did not ask for stays as it is."""

    language: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    tracking: Tracking = Tracking.UNKNOWN


def prefer(ledger: Ledger, key: str, chosen: Preferences, now: dt.datetime) -> None:
    """Keep what somebody chose."""
    with ledger.write() as connection:
        people.lock_people(connection)
        person = people.find_by_key(connection, key)
        if person is None:
            return
        changed = replace(
            person,
            language=chosen.language or person.language,
            attributes={**person.attributes, **chosen.attributes},
        )
        is_restless = history.is_restless(connection, key, now)
        if changed != person:
            people.change_subscribers(connection, [changed], now)
            if not is_restless:
                fields = _differing(person, changed)
                _note(connection, key, Happened.CHANGED, now, fields=fields)
        is_new = chosen.tracking not in (Tracking.UNKNOWN, person.tracking)
        if is_new and not (is_restless and chosen.tracking is Tracking.GRANTED):
            _note(connection, key, Happened.TRACKED, now, tracking=chosen.tracking)


def pause(ledger: Ledger, key: str, months: int, now: dt.datetime, by: By = By.PERSON) -> bool:
    """Send somebody nothing for some months, instead of those of an earlier pause of this kind.

    Return False if they get no mail anyway.
    """
    with ledger.write() as connection:
        people.lock_people(connection)
        person = people.find_by_key(connection, key)
        is_on = person and person.standing in (Standing.ACTIVE, Standing.PAUSED)
        if not person or not is_on or months not in MONTHS:
            return False
        until = after_months(now, months)
        if not _is_longer(person, until) and _is_over(connection, key, by, now):
            return True
        _note(connection, key, Happened.PAUSED, now, by=by, until=until.isoformat())
    return True


def resume(ledger: Ledger, key: str, now: dt.datetime, by: By = By.PERSON) -> bool:
    """End the pause of somebody; False if they get no mail all the same."""
    with ledger.write() as connection:
        people.lock_people(connection)
        person = people.find_by_key(connection, key)
        is_paused = person is not None and person.standing is Standing.PAUSED
        if is_paused and not _is_over(connection, key, by, now):
            _note(connection, key, Happened.RESUMED, now, by=by)
        found = people.find_by_key(connection, key)
    return found is not None and found.standing is Standing.ACTIVE


def _is_over(connection: Connection, key: str, by: By, now: dt.datetime) -> bool:
    """Return whether a person did so much today that nothing more is kept; the editor never did."""
    return by is By.PERSON and history.is_restless(connection, key, now)


def _is_longer(person: Subscriber, until: dt.datetime) -> bool:
    """Return whether a pause means less mail than what there is, by a day at least."""
    if person.standing is not Standing.PAUSED:
        return True
    return person.paused_until is not None and until > person.paused_until + _DAY


def ask_for_data(ledger: Ledger, key: str, language: str, now: dt.datetime) -> None:
    """Have the link to what is held on somebody mailed to them.

    The link that stands in each issue is not enough for that: issues are forwarded.
    """
    _ask_person(ledger, key, Purpose.DATA, language, now)


def ask_for_links(
    ledger: Ledger,
    filled: Filled,
    limits: Limits,
    *,
    language: str,
    secret: str,
    now: dt.datetime,
) -> Gate:
    """Have whoever has an address mailed their links, if they are on the list."""
    with ledger.write() as connection:
        # Only people on the list are mailed, so nobody need prove anything.
        ticket = pass_gate(
            connection, replace(filled, is_proved=True), limits, secret=secret, now=now
        )
        if ticket.gate in (Gate.OPEN, Gate.SLOW):
            ask(connection, new_wish(Purpose.LINK, filled.address, language, now), ticket.due)
    return ticket.gate


def ask_for_survey(
    ledger: Ledger, key: str, survey_id: str, language: str, now: dt.datetime
) -> None:
    """Have a subscriber mailed their own link to a survey, once a day.

    Only the subscriber gets it, so whoever presses the button in their place learns nothing, nor
    takes the room of other mails that they ask for.
    """
    with ledger.write() as connection:
        person = people.find_by_key(connection, key)
        which = {"survey": survey_id}
        asked = wishes.list_wishes_of(connection, key, [Purpose.SURVEY])
        lately = [wish.attributes for wish in asked if wish.due_at or wish.asked_at > now - _DAY]
        if person is None or which in lately:
            return
        wish = new_wish(Purpose.SURVEY, person.address, language, now)
        ask(connection, replace(wish, subscriber_key=key, attributes=which), now)


def ask_to_move(ledger: Ledger, key: str, address: str, language: str, now: dt.datetime) -> None:
    """Have both the old and the new address asked whether somebody moves from one to the other."""
    with ledger.write() as connection:
        person = people.find_by_key(connection, key)
        if person is None or person.address.lower() == address.lower():
            return
        if _asks_too_often(connection, key, Purpose.MOVE_TO, now):
            return
        both = {"act": secrets.token_hex(8)}
        for purpose, at in ((Purpose.MOVE_FROM, person.address), (Purpose.MOVE_TO, address)):
            wish = new_wish(purpose, at, language, now)
            ask(connection, replace(wish, subscriber_key=key, attributes=both), now)


def confirm_move(ledger: Ledger, key: str, now: dt.datetime) -> Confirmation:
    """Agree to a change of address at one end; once both ends have, it is done."""
    with ledger.write() as connection:
        people.lock_people(connection)
        wish = wishes.find_wish(connection, key)
        if wish is None or wish.purpose not in _MOVES:
            return Confirmation.UNKNOWN
        if wish.confirmed_at is None:
            if is_expired(wish, now):
                return Confirmation.EXPIRED
            wishes.change_wish(connection, key, confirmed_at=now)
        both = both_ends(connection, wish)
        if not is_agreed(both):
            return Confirmation.HALF
        return _move(connection, both, now)


def _move(connection: Connection, both: Mapping[Purpose, Wish], now: dt.datetime) -> Confirmation:
    target = both[Purpose.MOVE_TO]
    person = people.find_by_key(connection, target.subscriber_key)
    if person is None:
        return Confirmation.UNKNOWN
    if person.address == target.address:
        return Confirmation.DONE  # it was, when this was pressed before
    if person.address.lower() != both[Purpose.MOVE_FROM].address.lower():
        return Confirmation.TAKEN  # they moved elsewhere since
    if people.find_subscriber(connection, target.address):
        return Confirmation.TAKEN
    people.rename_subscriber(connection, person, target.address, now)
    _note(connection, person.key, Happened.RENAMED, now)
    told = new_wish(Purpose.MOVED, person.address, target.language, now)
    ask(connection, replace(told, subscriber_key=person.key), now)
    return Confirmation.DONE


def both_ends(connection: Connection, wish: Wish) -> Mapping[Purpose, Wish]:
    """Return what the old and the new address were asked together."""
    found = wishes.list_wishes_of(connection, wish.subscriber_key, _MOVES)
    act = wish.attributes.get("act")
    return {each.purpose: each for each in found if each.attributes.get("act") == act}


def is_agreed(both: Mapping[Purpose, Wish]) -> bool:
    """Return whether both ends of a change of address agreed to it."""
    return len(both) == 2 and all(each.confirmed_at for each in both.values())


def _ask_person(
    ledger: Ledger, key: str, purpose: Purpose, language: str, now: dt.datetime
) -> None:
    with ledger.write() as connection:
        person = people.find_by_key(connection, key)
        if person and not _asks_too_often(connection, key, purpose, now):
            wish = new_wish(purpose, person.address, language, now)
            ask(connection, replace(wish, subscriber_key=key), now)


def _asks_too_often(connection: Connection, key: str, purpose: Purpose, now: dt.datetime) -> bool:
    """Return whether a reader, or whoever has their link, would have mail sent without end."""
    asked = wishes.list_wishes_of(connection, key, [purpose])
    return sum(wish.asked_at > now - _DAY for wish in asked) >= _MOST_A_DAY


def _differing(before: Subscriber, after: Subscriber) -> str:
    """Return the names of what changed, not what it was."""
    names = ["language"] if before.language != after.language else []
    values = before.attributes, after.attributes
    keys = sorted({*values[0], *values[1]})
    return ", ".join([*names, *(key for key in keys if values[0].get(key) != values[1].get(key))])


def _note(
    connection: Connection,
    key: str,
    what: Happened,
    now: dt.datetime,
    *,
    by: By = By.PERSON,
    **detail: str,
) -> None:
    source = _PAGE if by is By.PERSON else ""
    record = Record(key=key, what=what, at=now, by=by, source=source, detail=detail)
    history.note(connection, [record], now)
