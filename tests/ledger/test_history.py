"""What happens to people is kept, and their standing is set by it alone, on both databases."""

import datetime as dt
import io
from dataclasses import replace

from sqlalchemy import Connection

from newsletter.audience import open_people
from newsletter.intake import import_list, open_intake
from newsletter.ledger import Ledger, history, people
from newsletter.model import By, Happened, Record, Standing, Subscriber, Tracking
from tests.ledger.examples import LATER, NOW

AINO = Subscriber(address="aino@example.org", key="aino")


def find(connection: Connection) -> Subscriber:
    """Return Aino as the ledger knows her."""
    found = people.find_subscriber(connection, AINO.address)
    assert found
    return found


def rec(what: Happened, **detail: str) -> Record:
    """Return what happened to Aino."""
    return Record(key="aino", what=what, at=LATER, by=By.PERSON, detail=detail)


def test_a_record_is_kept_and_sets_the_standing(connection: Connection) -> None:
    people.add_subscribers(connection, [AINO], NOW)

    changed = history.note(connection, [rec(Happened.UNSUBSCRIBED)], LATER)

    assert changed == {"aino": Standing.UNSUBSCRIBED}
    assert find(connection).standing is Standing.UNSUBSCRIBED
    known = history.find_records(connection, ["aino"])["aino"]
    assert [r.what for r in known][-1] is Happened.UNSUBSCRIBED
    assert known[-1].by is By.PERSON


def test_what_was_known_before_records_began_still_counts(connection: Connection) -> None:
    left = Subscriber(address="aino@example.org", key="aino", standing=Standing.COMPLAINED)
    people.add_subscribers(connection, [left], NOW)

    assert history.note(connection, [rec(Happened.CHANGED, language="sv")], LATER) == {}
    assert find(connection).standing is Standing.COMPLAINED


def test_a_pause_ends_by_itself(connection: Connection) -> None:
    people.add_subscribers(connection, [AINO], NOW)
    until = LATER + dt.timedelta(days=30)
    history.note(connection, [rec(Happened.PAUSED, until=until.isoformat())], LATER)
    assert find(connection).standing is Standing.PAUSED
    assert find(connection).paused_until == until

    assert history.wake(connection, until - dt.timedelta(seconds=1)) == 0
    assert history.wake(connection, until) == 1

    assert find(connection).standing is Standing.ACTIVE
    assert find(connection).paused_until is None


def test_consent_to_be_counted_follows_from_the_newest_word(connection: Connection) -> None:
    people.add_subscribers(connection, [AINO], NOW)
    history.note(connection, [rec(Happened.TRACKED, tracking="granted")], LATER)
    assert find(connection).tracking is Tracking.GRANTED

    history.note(connection, [rec(Happened.TRACKED, tracking="denied")], LATER)

    assert find(connection).tracking is Tracking.DENIED


def test_what_happens_to_a_stranger_is_kept_for_the_day_they_join(connection: Connection) -> None:
    assert history.note(connection, [rec(Happened.COMPLAINED)], NOW) == {}
    people.add_subscribers(connection, [AINO], LATER)

    history.settle(connection, ["aino"], LATER)

    assert find(connection).standing is Standing.COMPLAINED


_AHEAD = LATER + dt.timedelta(days=2)  # by a clock that was ahead, and is right by now


def _confirmed_ahead(connection: Connection) -> None:
    people.add_subscribers(connection, [AINO], NOW)
    history.note(connection, [replace(rec(Happened.CONFIRMED), at=_AHEAD)], _AHEAD)


def test_a_complaint_counts_though_the_clock_was_set_back_since_a_confirmation(
    connection: Connection,
) -> None:
    _confirmed_ahead(connection)

    told = replace(rec(Happened.COMPLAINED), by=By.PROVIDER, at=LATER)
    history.note(connection, [told], LATER + dt.timedelta(hours=1))

    assert find(connection).standing is Standing.COMPLAINED


def test_a_complaint_that_came_late_does_not_count_after_a_confirmation(
    connection: Connection,
) -> None:
    _confirmed_ahead(connection)

    told = replace(rec(Happened.COMPLAINED), by=By.PROVIDER, at=LATER)
    history.note(connection, [told], _AHEAD + dt.timedelta(hours=1))

    assert find(connection).standing is Standing.ACTIVE


def test_a_list_counts_though_the_clock_was_set_back_since_a_confirmation(ledger: Ledger) -> None:
    with ledger.write() as connection:
        _confirmed_ahead(connection)

    data = io.BytesIO(b"email,standing\naino@example.org,unsubscribed")
    with open_intake(ledger, open_people(data, "l.csv")) as intake:
        import_list(intake, "l.csv", LATER)

    with ledger.write() as connection:
        history.settle(connection, ["aino"], LATER)
        assert find(connection).standing is Standing.UNSUBSCRIBED
