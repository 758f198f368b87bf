"""Examines the newsletter's own installation, its way out into the world and back, all at once."""

import datetime as dt
from collections.abc import Iterator
from functools import partial

from newsletter.checkup.at_once import Look, look_at_once
from newsletter.checkup.books import look_at_books
from newsletter.checkup.carriage import look_at_carriage
from newsletter.checkup.condition import look_at_condition
from newsletter.checkup.diagnoses import Diagnosis, broken, good
from newsletter.checkup.gatherings import look_at_gatherings
from newsletter.checkup.inbox import look_at_inbox
from newsletter.checkup.premises import look_at_premises
from newsletter.checkup.sender_domain import look_at_domain
from newsletter.checkup.web import look_at_web
from newsletter.checkup.writings import look_at_writings
from newsletter.errors import NewsletterError
from newsletter.gateway import is_rehearsal
from newsletter.language import say
from newsletter.ledgers import existing_ledger
from newsletter.settings import Settings

_WITHIN = 18.0  # seconds for all of it


def examine(settings: Settings, *, online: bool, now: dt.datetime) -> Iterator[Diagnosis]:
    """Examine everything; what is broken keeps nothing else from being examined.

    Nothing is changed, here or elsewhere. What only matters to mail that leaves is not asked while
    none would.
    """
    # Before the ledger is opened: SQLite puts files beside it for as long as it is.
    yield from list(look_at_premises(settings))
    yield from list(look_at_writings(settings))
    looks = [
        Look(part="ledger", take=partial(_ledger, settings, now)),
        Look(part="provider", take=partial(look_at_carriage, settings, online=online, now=now)),
    ]
    if online and not is_rehearsal(settings):
        looks.append(Look(part="domain", take=partial(look_at_domain, settings)))
    if online and settings.mailbox.is_read:
        looks.append(Look(part="mailbox", take=partial(look_at_inbox, settings, now=now)))
    if online and settings.newsletter.public_url:
        looks.append(Look(part="service", take=partial(look_at_web, settings, now=now)))
    yield from look_at_once(looks, within=_WITHIN)


def _ledger(settings: Settings, now: dt.datetime) -> Iterator[Diagnosis]:
    try:
        ledger = existing_ledger(settings)
    except NewsletterError as err:
        yield broken("ledger", err.words)
        return
    if ledger is None:
        told = say("there is none yet; it is made with the first subscriber")
        yield good("ledger", told)
        return
    try:
        yield from look_at_books(settings, ledger)
        yield from look_at_condition(settings, ledger, now=now)
        yield from look_at_gatherings(settings, ledger, now=now)
    except NewsletterError as err:
        yield broken("ledger", err.words)
    finally:
        ledger.close()
