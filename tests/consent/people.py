"""People, forms and what becomes of them, for the tests of what people decide."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from newsletter import consent
from newsletter.consent import Application, Filled, Gate, Limits, Mail, Reply, Step
from newsletter.ledger import Ledger, people
from newsletter.model import Standing, Subscriber, Tracking

SECRET = "nobody guesses this"  # noqa: S105 - of tests
NOW = dt.datetime(2026, 12, 15, 9, 30, tzinfo=dt.UTC)
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
AINO = "aino@example.org"
WORDING = consent.word_consent("fi", title="Kirje", sender="Säätiö", asks_tracking=False)


def fill_in(
    ledger: Ledger,
    address: str = AINO,
    *,
    now: dt.datetime = NOW,
    network: str = "192.0.2.0/24",
    limits: Limits | None = None,
    attributes: Mapping[str, str] | None = None,
    tracking: Tracking = Tracking.UNKNOWN,
    proof: str = "",
    is_patient: bool = False,
    neighbourhood: str = "",
) -> Gate:
    """Fill in the form as a person does, a minute after it was opened."""
    stamp = consent.stamp_form(SECRET, Step.FIRST, now - MINUTE)
    application = Application(
        address=address,
        language="fi",
        attributes=attributes or {},
        tracking=tracking,
        wording=WORDING,
        proof=proof,
    )
    filled = Filled(
        stamp=stamp,
        address=address,
        network=network,
        neighbourhood=neighbourhood,
        is_patient=is_patient,
    )
    ticket = consent.apply(ledger, application, filled, limits or Limits(), secret=SECRET, now=now)
    return ticket.gate


def ask_links(ledger: Ledger, address: str, language: str = "fi") -> Gate:
    """Ask for the links of an address, by the form."""
    stamp = consent.stamp_form(SECRET, Step.FIRST, NOW - MINUTE)
    filled = Filled(stamp=stamp, address=address, network="192.0.2.0/24")
    return consent.ask_for_links(
        ledger, filled, Limits(), language=language, secret=SECRET, now=NOW
    )


def answer(ledger: Ledger, now: dt.datetime = NOW, limits: Limits | None = None) -> list[Reply]:
    """Answer what is due, as the job does; return what is mailed."""
    mailed, limits = [], limits or Limits()
    with ledger.write() as connection:
        for wish in consent.list_due(connection, limits, now=now, most=100_000):
            reply = consent.decide_reply(connection, wish, limits, secret=SECRET, now=now)
            consent.note_reply(connection, wish, reply, secret=SECRET, now=now)
            mailed += [reply] if reply else []
    return mailed


def sign_up(ledger: Ledger, address: str = AINO, now: dt.datetime = NOW) -> Subscriber:
    """Put somebody on the list by their own wish."""
    assert fill_in(ledger, address, now=now) is Gate.OPEN
    [reply] = answer(ledger, now)
    assert reply.mail is Mail.CONFIRM
    assert consent.confirm_sign_up(ledger, reply.wish.key, now) is consent.Confirmation.DONE
    answer(ledger, now)
    return find(ledger, address)


def put(ledger: Ledger, standing: Standing, address: str = AINO, key: str = "aino") -> Subscriber:
    """Have somebody on the list with a standing."""
    person = Subscriber(address=address, key=key, standing=standing, language="fi")
    with ledger.write() as connection:
        people.add_subscribers(connection, [person], NOW - 90 * DAY)
    return person


def find(ledger: Ledger, address: str = AINO) -> Subscriber:
    """Return somebody as the list has them."""
    with ledger.read() as connection:
        found = people.find_subscriber(connection, address)
    assert found
    return replace(found)


def is_listed(ledger: Ledger, address: str = AINO) -> bool:
    """Return whether the list knows an address."""
    with ledger.read() as connection:
        return people.find_subscriber(connection, address) is not None
