"""What people choose for themselves holds, and an address changes only if both ends agree."""

import datetime as dt

import pytest

from newsletter import consent
from newsletter.consent import Confirmation, Mail, Preferences, Stage
from newsletter.ledger import Ledger, history, people, wishes
from newsletter.model import Happened, Purpose, Standing, Tracking
from tests.consent.people import AINO, DAY, NOW, SECRET, answer, ask_links, fill_in, find, put

NEW = "aino.laine@example.com"


def stages(ledger: Ledger, now: dt.datetime = NOW) -> set[Stage]:
    """Return how far the changes of an address are, as the pages of their links show it."""
    with ledger.read() as connection:
        both = wishes.list_wishes_of(connection, "aino", (Purpose.MOVE_FROM, Purpose.MOVE_TO))
    return {consent.stage_of(ledger, wish, now) for wish in both}


def test_choices_are_kept_and_their_names_recorded_not_what_they_were(ledger: Ledger) -> None:
    put(ledger, Standing.ACTIVE)
    chosen = Preferences(language="sv", attributes={"region": "Lappi"}, tracking=Tracking.GRANTED)

    consent.prefer(ledger, "aino", chosen, NOW)
    consent.prefer(ledger, "aino", chosen, NOW)  # pressed twice

    person = find(ledger)
    assert (person.language, person.attributes) == ("sv", {"region": "Lappi"})
    assert person.tracking is Tracking.GRANTED
    with ledger.read() as connection:
        known = history.find_records(connection, ["aino"])["aino"]
    assert [r.what for r in known[1:]] == [Happened.CHANGED, Happened.TRACKED]
    assert known[1].detail == {"fields": "language, region"}


def test_a_pause_ends_by_itself_at_their_word_or_is_replaced(ledger: Ledger) -> None:
    put(ledger, Standing.ACTIVE)
    consent.pause(ledger, "aino", 6, NOW)
    assert find(ledger).standing is Standing.PAUSED

    consent.pause(ledger, "aino", 1, NOW + DAY)
    assert find(ledger).paused_until == NOW + 32 * DAY  # December is as long as it is
    with ledger.write() as connection:
        history.wake(connection, NOW + 33 * DAY)
    assert find(ledger).standing is Standing.ACTIVE

    consent.pause(ledger, "aino", 3, NOW + 40 * DAY)
    consent.resume(ledger, "aino", NOW + 41 * DAY)
    assert (find(ledger).standing, find(ledger).paused_until) == (Standing.ACTIVE, None)


@pytest.mark.parametrize("months", [0, -1, 4, 10**6])
def test_a_pause_of_a_length_that_is_not_offered_is_none(ledger: Ledger, months: int) -> None:
    put(ledger, Standing.ACTIVE)

    consent.pause(ledger, "aino", months, NOW)

    assert find(ledger).standing is Standing.ACTIVE


def test_who_left_is_not_brought_back_by_a_pause_or_its_end(ledger: Ledger) -> None:
    put(ledger, Standing.UNSUBSCRIBED)

    consent.pause(ledger, "aino", 1, NOW)
    consent.resume(ledger, "aino", NOW)

    assert find(ledger).standing is Standing.UNSUBSCRIBED


@pytest.mark.parametrize("first", [0, 1], ids=["the old end first", "the new end first"])
def test_an_address_changes_once_both_ends_agreed_and_the_old_one_is_told(
    ledger: Ledger, first: int
) -> None:
    put(ledger, Standing.ACTIVE)
    consent.ask_to_move(ledger, "aino", NEW, "fi", NOW)
    replies = sorted(answer(ledger), key=lambda reply: reply.mail.value)
    assert [(r.mail, r.wish.address) for r in replies] == [
        (Mail.MOVE_FROM, AINO),
        (Mail.MOVE_TO, NEW),
    ]

    half = consent.confirm_move(ledger, replies[first].wish.key, NOW)
    assert stages(ledger) == {Stage.HALF, Stage.OPEN}
    assert stages(ledger, NOW + 8 * DAY) == {Stage.EXPIRED}
    assert find(ledger).key == "aino"
    done = consent.confirm_move(ledger, replies[1 - first].wish.key, NOW)
    again = consent.confirm_move(ledger, replies[first].wish.key, NOW)

    assert stages(ledger, NOW + 8 * DAY) == {Stage.DONE}
    assert (half, done, again) == (Confirmation.HALF, Confirmation.DONE, Confirmation.DONE)
    assert find(ledger, NEW).key == "aino"
    assert [(r.mail, r.wish.address) for r in answer(ledger)] == [(Mail.MOVED, AINO)]
    with ledger.read() as connection:
        renamed = people.find_renamed(connection, AINO)
    assert renamed
    assert renamed.address == NEW


def test_nobody_moves_to_an_address_that_somebody_has_and_learns_nothing_of_it(
    ledger: Ledger,
) -> None:
    put(ledger, Standing.ACTIVE)
    put(ledger, Standing.ACTIVE, NEW, "other")
    consent.ask_to_move(ledger, "aino", NEW, "fi", NOW)

    ends = [consent.confirm_move(ledger, r.wish.key, NOW) for r in answer(ledger)]

    assert ends == [Confirmation.HALF, Confirmation.TAKEN]
    assert stages(ledger) == {Stage.TAKEN}
    assert (find(ledger).key, find(ledger, NEW).key) == ("aino", "other")


def test_two_changes_at_once_are_not_mixed(ledger: Ledger) -> None:
    put(ledger, Standing.ACTIVE)
    consent.ask_to_move(ledger, "aino", NEW, "fi", NOW)
    old = answer(ledger)
    consent.ask_to_move(ledger, "aino", "other@example.com", "fi", NOW + DAY)
    new = answer(ledger, NOW + DAY)
    ends = {reply.mail: reply.wish.key for reply in old}
    others = {reply.mail: reply.wish.key for reply in new}

    mixed = [
        consent.confirm_move(ledger, ends[Mail.MOVE_FROM], NOW + DAY),
        consent.confirm_move(ledger, others[Mail.MOVE_TO], NOW + DAY),
    ]

    assert mixed == [Confirmation.HALF] * 2
    assert find(ledger).key == "aino"


def test_links_are_mailed_to_whom_the_list_knows_and_twice_a_day_at_most(ledger: Ledger) -> None:
    put(ledger, Standing.UNSUBSCRIBED)

    for address in (AINO, AINO.upper(), AINO, "stranger@example.org"):
        ask_links(ledger, address)

    assert [reply.mail for reply in answer(ledger)] == [Mail.LINKS] * 2


def test_data_are_asked_for_by_a_mail_of_their_own(ledger: Ledger) -> None:
    put(ledger, Standing.ACTIVE)

    consent.ask_for_data(ledger, "aino", "sv", NOW)

    [reply] = answer(ledger)
    assert (reply.mail, reply.wish.address, reply.wish.language) == (Mail.DATA, AINO, "sv")
    assert consent.find_wish(ledger, reply.wish.key)


def test_no_reader_has_mail_sent_to_one_address_after_the_other(ledger: Ledger) -> None:
    put(ledger, Standing.ACTIVE)

    for number in range(20):
        consent.ask_to_move(ledger, "aino", f"victim{number}@example.com", "fi", NOW)
        consent.ask_for_data(ledger, "aino", "fi", NOW)

    mails = [reply.mail for reply in answer(ledger)]
    assert mails.count(Mail.MOVE_TO) == 5
    assert mails.count(Mail.DATA) == 5


def test_who_said_that_it_was_not_them_is_not_asked_as_a_new_address_either(
    ledger: Ledger,
) -> None:
    put(ledger, Standing.ACTIVE)
    fill_in(ledger, NEW)
    [reply] = answer(ledger)
    consent.refuse(ledger, reply.wish.key, secret=SECRET, now=NOW)

    consent.ask_to_move(ledger, "aino", NEW, "fi", NOW)

    assert [reply.wish.address for reply in answer(ledger)] == [AINO]


def test_a_script_that_changes_its_mind_all_day_leaves_few_records_and_gets_less_in_the_end(
    ledger: Ledger,
) -> None:
    put(ledger, Standing.ACTIVE)

    for second in range(100):
        now = NOW + dt.timedelta(seconds=second)
        for choice in (Tracking.GRANTED, Tracking.DENIED):
            chosen = Preferences(attributes={"region": str(second)}, tracking=choice)
            consent.prefer(ledger, "aino", chosen, now)
        assert find(ledger).tracking is Tracking.DENIED
        for months in (1, 3, 2):
            consent.pause(ledger, "aino", months, now)
            assert find(ledger).standing is Standing.PAUSED
        consent.resume(ledger, "aino", now)

    with ledger.read() as connection:
        assert len(history.find_records(connection, ["aino"])["aino"]) <= history.MOST_A_DAY + 6
    assert find(ledger).standing is Standing.PAUSED
    assert find(ledger).attributes == {"region": "99"}
    consent.pause(ledger, "aino", 6, NOW + dt.timedelta(minutes=9))  # less mail is always heard
    until = find(ledger).paused_until
    assert until is not None
    assert until > NOW + 179 * DAY
    consent.leave(ledger, "aino", consent.Way.ONE_CLICK, NOW + dt.timedelta(minutes=9))
    assert find(ledger).standing is Standing.UNSUBSCRIBED
