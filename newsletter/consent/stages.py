"""How far what somebody asked for is, as the page of its link shows it; looking changes nothing."""

import datetime as dt
from enum import Enum

from newsletter.consent.signing_up import is_expired
from newsletter.ledger import Ledger, people, wishes
from newsletter.model import Purpose, Wish


class Stage(Enum):
    """How far it is."""

    OPEN = "open"  # a button is to be pressed
    HALF = "half"  # it was, and the other end of a change of address is waited for
    DONE = "done"
    LEFT = "left"  # it was done, and they left since
    EXPIRED = "expired"
    REFUSED = "refused"


def stage_of(ledger: Ledger, wish: Wish, now: dt.datetime) -> Stage:
    """Return how far a wish is."""
    if wish.refused_at:
        return Stage.REFUSED
    if is_expired(wish, now):
        return Stage.EXPIRED
    if wish.confirmed_at is None:
        return Stage.OPEN
    with ledger.read() as connection:
        if wish.purpose is Purpose.SIGN_UP:
            person = people.find_subscriber(connection, wish.address)
            return Stage.LEFT if person is None or person.standing.is_left else Stage.DONE
        both = wishes.list_wishes_of(
            connection, wish.subscriber_key, (Purpose.MOVE_FROM, Purpose.MOVE_TO)
        )
    act = wish.attributes.get("act")
    is_done = all(each.confirmed_at for each in both if each.attributes.get("act") == act)
    return Stage.DONE if is_done else Stage.HALF
