"""Who leaves is gone at once, and undoing it is as if it had not been."""

import datetime as dt

import pytest

from newsletter import consent
from newsletter.consent import Mail, Way, Why
from newsletter.intake import import_suppressions
from newsletter.ledger import Ledger, history
from newsletter.model import By, Happened, Standing
from tests.consent.people import AINO, DAY, NOW, SECRET, answer, find, put

HOUR = dt.timedelta(hours=1)


def test_leaving_twice_is_leaving_once_and_told_by_mail(ledger: Ledger) -> None:
    put(ledger, Standing.ACTIVE)

    consent.leave(ledger, "aino", Way.ONE_CLICK, NOW)
    consent.leave(ledger, "aino", Way.PAGE, NOW + HOUR)

    assert find(ledger).standing is Standing.UNSUBSCRIBED
    assert [reply.mail for reply in answer(ledger, NOW + HOUR)] == [Mail.LEFT]
    with ledger.read() as connection:
        [_, left] = history.find_records(connection, ["aino"])["aino"]
    assert (left.what, left.by, left.source) == (Happened.UNSUBSCRIBED, By.PERSON, "one-click")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Standing.ACTIVE, Standing.ACTIVE),
        (Standing.PAUSED, Standing.PAUSED),
        (Standing.BOUNCED, Standing.BOUNCED),
        (Standing.PENDING, Standing.PENDING),
    ],
)
def test_undoing_gives_back_how_somebody_stood(
    ledger: Ledger, before: Standing, after: Standing
) -> None:
    put(ledger, before)
    consent.leave(ledger, "aino", Way.PAGE, NOW)
    assert find(ledger).standing is Standing.UNSUBSCRIBED

    undone = consent.come_back(ledger, "aino", NOW + HOUR)

    assert undone
    assert find(ledger).standing is after
    assert answer(ledger, NOW + HOUR) == []  # they have not left, so nothing is told


def test_who_left_and_is_never_to_be_mailed_stays_off_though_they_undo_leaving(
    ledger: Ledger,
) -> None:
    put(ledger, Standing.ACTIVE)
    consent.leave(ledger, "aino", Way.PAGE, NOW)

    for _ in range(2):  # said twice it is noted once
        told = import_suppressions(ledger, [AINO], "list.csv", secret=SECRET, now=NOW + HOUR)
        assert told.taken_off == 0
    consent.come_back(ledger, "aino", NOW + 2 * HOUR)

    assert find(ledger).standing is Standing.UNSUBSCRIBED
    with ledger.read() as connection:
        [_, _, noted] = history.find_records(connection, ["aino"])["aino"]
    assert (noted.by, noted.source) == (By.LIST, "list.csv")


def test_who_undid_it_can_leave_again_and_undo_that(ledger: Ledger) -> None:
    put(ledger, Standing.ACTIVE)

    for day in range(3):
        consent.leave(ledger, "aino", Way.PAGE, NOW + day * DAY)
        assert find(ledger).standing is Standing.UNSUBSCRIBED
        assert consent.come_back(ledger, "aino", NOW + day * DAY + HOUR)
        assert find(ledger).standing is Standing.ACTIVE


@pytest.mark.parametrize("standing", [Standing.UNSUBSCRIBED, Standing.COMPLAINED, Standing.ERASED])
def test_the_link_brings_nobody_back_who_left_otherwise(ledger: Ledger, standing: Standing) -> None:
    put(ledger, standing)

    consent.leave(ledger, "aino", Way.PAGE, NOW)

    assert not consent.come_back(ledger, "aino", NOW)
    assert find(ledger).standing is standing


def test_undoing_has_its_time(ledger: Ledger) -> None:
    put(ledger, Standing.ACTIVE)
    consent.leave(ledger, "aino", Way.PAGE, NOW)

    assert not consent.come_back(ledger, "aino", NOW + 31 * DAY)
    found = consent.look_up(ledger, "aino", NOW + 31 * DAY)
    assert found
    assert not found.can_undo


def test_a_word_of_why_is_kept_and_changes_nothing_else(ledger: Ledger) -> None:
    put(ledger, Standing.ACTIVE)
    consent.say_why(ledger, "aino", Why.OFTEN, NOW)  # not gone yet: nothing to say
    consent.leave(ledger, "aino", Way.PAGE, NOW)

    consent.say_why(ledger, "aino", Why.OFTEN, NOW + HOUR)

    with ledger.read() as connection:
        known = history.find_records(connection, ["aino"])["aino"]
    assert [(r.what, r.reason) for r in known[1:]] == [
        (Happened.UNSUBSCRIBED, ""),
        (Happened.EXPLAINED, "often"),
    ]
    assert consent.come_back(ledger, "aino", NOW + HOUR)


def test_a_key_of_nobody_does_nothing(ledger: Ledger) -> None:
    for key in ("test", "", "\0", "x" * 9999):
        consent.leave(ledger, key, Way.ONE_CLICK, NOW)
        assert not consent.come_back(ledger, key, NOW)
        assert consent.look_up(ledger, key, NOW) is None
    assert answer(ledger) == []


def test_a_script_that_leaves_and_returns_all_day_leaves_few_records_and_is_gone_in_the_end(
    ledger: Ledger,
) -> None:
    put(ledger, Standing.ACTIVE)

    for second in range(200):
        now = NOW + dt.timedelta(seconds=second)
        consent.leave(ledger, "aino", Way.PAGE, now)
        assert find(ledger).standing is Standing.UNSUBSCRIBED
        consent.say_why(ledger, "aino", Why.OTHER, now)
        consent.come_back(ledger, "aino", now)

    with ledger.read() as connection:
        assert len(history.find_records(connection, ["aino"])["aino"]) <= history.MOST_A_DAY + 2
    assert find(ledger).standing is Standing.UNSUBSCRIBED
    found = consent.look_up(ledger, "aino", NOW)
    assert found
    assert not found.can_undo
    assert consent.come_back(ledger, "aino", NOW + 2 * DAY)  # a person is heard another day


def test_who_leaves_at_a_time_that_the_clock_tells_twice_has_left(ledger: Ledger) -> None:
    put(ledger, Standing.ACTIVE)
    consent.leave(ledger, "aino", Way.PAGE, NOW)
    consent.come_back(ledger, "aino", NOW + HOUR)

    consent.leave(ledger, "aino", Way.PAGE, NOW)  # it was set back

    assert find(ledger).standing is Standing.UNSUBSCRIBED
