"""How far what somebody asked for is, as the page of its link shows it; looking changes nothing."""

import datetime as dt
from enum import Enum

from newsletter.consent.preferring import both_ends, is_agreed
from newsletter.consent.signing_up import is_expired
from newsletter.ledger import Ledger, people
from newsletter.model import Purpose, Wish


class Stage(Enum):
    """How far it is."""

    OPEN = "open"  # a button is to be pressed
    HALF = "half"  # it was, and the other end of a change of address is waited for
    DONE = "done"
    LEFT = "left"  # it was done, and they left since
    TAKEN = "taken"  # both ends agreed, but the new address is somebody else's
    EXPIRED = "expired"
    REFUSED = "refused"


def stage_of(ledger: Ledger, wish: Wish, now: dt.datetime) -> Stage:
    """Return how far a wish is."""
    if wish.refused_at:
        return Stage.REFUSED
    if wish.confirmed_at is None:
        return Stage.EXPIRED if is_expired(wish, now) else Stage.OPEN
    with ledger.read() as connection:
        if wish.purpose is Purpose.SIGN_UP:
            person = people.find_subscriber(connection, wish.address)
            return Stage.LEFT if person is None or person.standing.is_left else Stage.DONE
        both = both_ends(connection, wish)
        if not is_agreed(both):
            return Stage.EXPIRED if is_expired(wish, now) else Stage.HALF
        person = people.find_by_key(connection, wish.subscriber_key)
    has_moved = person and person.address == both[Purpose.MOVE_TO].address
    return Stage.DONE if has_moved else Stage.TAKEN
