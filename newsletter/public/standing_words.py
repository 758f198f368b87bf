"""How readers stand, as their pages tell them."""

import datetime as dt

from newsletter.language import Wording, say
from newsletter.model import Standing, Subscriber


def standing_told(person: Subscriber, zone: dt.tzinfo) -> Wording:
    """Return how somebody stands, in words to themselves; a pause with the day on which it ends."""
    if person.standing is Standing.ACTIVE:
        return say("you get each issue")
    if person.standing is Standing.PAUSED and person.paused_until:
        return say("paused until {day:%Y-%m-%d}", day=person.paused_until.astimezone(zone))
    return person.standing.words
