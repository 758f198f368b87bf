"""Nobody is on the list but by a button they pressed, and nobody is mailed much by strangers."""

import datetime as dt
from dataclasses import replace

import pytest

from newsletter import consent
from newsletter.consent import Confirmation, Gate, Limits, Mail, Reply
from newsletter.ledger import Ledger, history, queue, suppressions, wishes
from newsletter.links import SuppressionMarks
from newsletter.model import FLOODED, Basis, Happened, Standing, Tracking, Wish
from tests.consent.people import (
    AINO,
    DAY,
    MINUTE,
    NOW,
    SECRET,
    WORDING,
    answer,
    fill_in,
    find,
    is_listed,
    put,
    sign_up,
)

HOUR = dt.timedelta(hours=1)


def test_who_confirms_is_on_the_list_with_the_proof_of_it(ledger: Ledger) -> None:
    choices = {"name": "Aino", "region": "Lappi"}
    fill_in(ledger, attributes=choices, tracking=Tracking.GRANTED)
    assert not is_listed(ledger)  # until then
    [reply] = answer(ledger)

    done = consent.confirm_sign_up(ledger, reply.wish.key, NOW + HOUR)

    person = find(ledger)
    assert done is Confirmation.DONE
    assert (person.standing, person.basis) == (Standing.ACTIVE, Basis.CONSENT)
    assert (person.name, person.attributes, person.language) == ("Aino", {"region": "Lappi"}, "fi")
    assert person.tracking is Tracking.GRANTED
    with ledger.read() as connection:
        known = history.find_records(connection, [person.key])[person.key]
        [shown] = wishes.list_wordings(connection, [known[0].detail["wording"]])
    assert [r.what for r in known] == [Happened.ASKED, Happened.CONFIRMED, Happened.TRACKED]
    assert [r.at for r in known] == [NOW, NOW + HOUR, NOW + HOUR]
    assert shown == WORDING
    [given] = consent.gather(ledger, person.address)["wordings"]
    assert given["text"] == WORDING.text  # whoever asks what is held is told what they agreed to
    assert [reply.mail for reply in answer(ledger, NOW + HOUR)] == [Mail.WELCOME]


def test_a_link_confirms_for_a_week_and_whoever_did_is_told_so_afterwards(ledger: Ledger) -> None:
    fill_in(ledger)
    [reply] = answer(ledger)

    pressed = [consent.confirm_sign_up(ledger, reply.wish.key, NOW + n * DAY) for n in (1, 7, 8)]

    assert pressed == [Confirmation.DONE] * 3
    assert consent.stage_of(ledger, _wish(ledger, reply), NOW + 8 * DAY) is consent.Stage.DONE
    with ledger.read() as connection:
        known = history.find_records(connection, [find(ledger).key])
    assert sum(len(records) for records in known.values()) == 2


def test_a_link_that_nobody_pressed_for_a_week_confirms_nothing(ledger: Ledger) -> None:
    fill_in(ledger)
    [reply] = answer(ledger)

    late = consent.confirm_sign_up(ledger, reply.wish.key, NOW + 8 * DAY)

    assert late is Confirmation.EXPIRED
    assert consent.stage_of(ledger, _wish(ledger, reply), NOW + 8 * DAY) is consent.Stage.EXPIRED


def _wish(ledger: Ledger, reply: Reply) -> Wish:
    """Return what somebody asked for, as it is by now."""
    wish = consent.find_wish(ledger, reply.wish.key)
    assert wish
    return wish


def test_pressing_again_after_leaving_puts_nobody_back(ledger: Ledger) -> None:
    fill_in(ledger)
    [reply] = answer(ledger)
    consent.confirm_sign_up(ledger, reply.wish.key, NOW)
    consent.leave(ledger, find(ledger).key, consent.Way.PAGE, NOW + HOUR)

    again = consent.confirm_sign_up(ledger, reply.wish.key, NOW + 2 * HOUR)

    assert again is Confirmation.LEFT
    assert find(ledger).standing is Standing.UNSUBSCRIBED


def test_an_expired_link_is_mailed_anew_and_works(ledger: Ledger) -> None:
    fill_in(ledger)
    [reply] = answer(ledger)
    later = NOW + 9 * DAY

    consent.renew(ledger, reply.wish.key, later)
    consent.renew(ledger, reply.wish.key, later)  # pressed twice
    mailed = answer(ledger, later)

    assert [each.wish.key for each in mailed] == [reply.wish.key]
    assert consent.confirm_sign_up(ledger, reply.wish.key, later) is Confirmation.DONE


@pytest.mark.parametrize(
    "standing",
    [Standing.UNSUBSCRIBED, Standing.COMPLAINED, Standing.BOUNCED, Standing.PENDING],
)
def test_confirming_lifts_what_kept_somebody_off(ledger: Ledger, standing: Standing) -> None:
    put(ledger, standing)

    person = sign_up(ledger)

    assert (person.key, person.standing) == ("aino", Standing.ACTIVE)
    with ledger.read() as connection:
        known = [r.what for r in history.find_records(connection, ["aino"])["aino"]]
    assert known == [Happened.JOINED, Happened.ASKED, Happened.CONFIRMED]


def test_who_was_erased_comes_back_by_their_own_wish_alone(ledger: Ledger) -> None:
    sign_up(ledger)
    consent.forget(ledger, AINO, SECRET, NOW + HOUR, "test")
    assert not is_listed(ledger)
    mark = SuppressionMarks(SECRET).of(AINO)
    with ledger.read() as connection:
        assert suppressions.find(connection, mark) is Standing.ERASED

    fill_in(ledger, now=NOW + DAY)
    [reply] = answer(ledger, NOW + DAY)
    consent.confirm_sign_up(ledger, reply.wish.key, NOW + DAY, secret=SECRET)

    assert find(ledger).standing is Standing.ACTIVE
    with ledger.read() as connection:
        assert suppressions.find(connection, mark) is None


def test_who_is_on_the_list_is_told_so_and_nothing_of_them_changes(ledger: Ledger) -> None:
    before = put(ledger, Standing.ACTIVE)

    gate = fill_in(ledger, attributes={"name": "Someone else"})
    replies = answer(ledger)

    assert gate is Gate.OPEN  # as for a stranger
    assert [reply.mail for reply in replies] == [Mail.KNOWN]
    assert find(ledger) == before


def test_it_was_not_me_stops_the_mail_for_good_and_dies_with_no_token(ledger: Ledger) -> None:
    fill_in(ledger)
    [reply] = answer(ledger)
    fill_in(ledger, now=NOW + DAY)

    consent.refuse(ledger, reply.wish.key, secret=SECRET, now=NOW + 100 * DAY)

    assert answer(ledger, NOW + 100 * DAY) == []
    for days in (101, 200, 300):
        assert fill_in(ledger, AINO.title(), now=NOW + days * DAY) is Gate.OPEN
        assert answer(ledger, NOW + days * DAY) == []
    confirmed = consent.confirm_sign_up(ledger, reply.wish.key, NOW + DAY)
    assert confirmed is Confirmation.REFUSED
    assert not is_listed(ledger)


def test_any_number_of_forms_with_one_address_mails_it_twice_a_day(ledger: Ledger) -> None:
    mailed = 0
    for number in range(60):
        spelling = AINO if number % 2 else AINO.upper().replace("@EXAMPLE", f"+{number}@example")
        fill_in(ledger, spelling.replace("ORG", "org"), network=f"network {number}")
        mailed += len(answer(ledger))

    assert mailed == 2
    with ledger.read() as connection:
        left = wishes.list_due(connection, NOW + DAY, most=1000)
    assert left == []
    assert fill_in(ledger, now=NOW + DAY) is Gate.OPEN
    assert len(answer(ledger, NOW + DAY)) == 1


def test_the_dots_of_gmail_and_what_follows_a_plus_are_one_mailbox(ledger: Ledger) -> None:
    ways = ("aino.laine@gmail.com", "a.i.n.o.laine@googlemail.com", "AinoLaine+x@gmail.com")

    for way in ways:
        fill_in(ledger, way)

    assert len(answer(ledger)) == 2


def test_a_network_is_asked_for_proof_and_who_gives_none_waits(ledger: Ledger) -> None:
    limits = Limits(network_hour=3, network_day=5, slow_hour=1)

    gates = [fill_in(ledger, f"a{n}@example.org", limits=limits) for n in range(5)]
    slow = [fill_in(ledger, f"b{n}@example.org", limits=limits, is_patient=True) for n in range(2)]
    elsewhere = fill_in(ledger, "c@example.org", limits=limits, network="198.51.100.0/24")

    assert gates == [Gate.OPEN] * 3 + [Gate.PROOF] * 2
    assert slow == [Gate.SLOW] * 2
    assert elsewhere is Gate.OPEN
    mailed = [len(answer(ledger, NOW + n * HOUR, limits)) for n in range(4)]
    assert mailed == [4, 1, 1, 0]  # first at once, then one an hour


def test_a_flood_is_mailed_one_by_one_and_whoever_is_no_part_of_it_goes_first(
    ledger: Ledger,
) -> None:
    """As many mails as are allowed a day go out at once, and as many again within the day."""
    limits = Limits(site_hour=10_000, site_day=24)
    for n in range(150):
        fill_in(ledger, f"a{n}@example.org", limits=limits, network=f"{n}", neighbourhood="them")
    at_once = answer(ledger, limits=limits)

    fill_in(ledger, limits=limits, network="home", now=NOW + 20 * MINUTE)
    hourly = [answer(ledger, NOW + n * HOUR, limits) for n in range(1, 24)]

    assert len(at_once) == 24
    assert [len(some) for some in hourly] == [1] * 23
    assert hourly[0][0].wish.address == AINO
    with ledger.read() as connection:
        soon = consent.next_due(connection, limits, NOW + 23 * HOUR)
    assert soon == NOW + 23 * HOUR + MINUTE


def test_a_flood_on_the_whole_site_asks_everybody_for_proof_and_tells_the_editor(
    ledger: Ledger,
) -> None:
    limits = Limits(site_hour=4, site_day=6)

    gates = [fill_in(ledger, f"a{n}@example.org", limits=limits, network=f"{n}") for n in range(6)]

    assert gates == [Gate.OPEN] * 4 + [Gate.PROOF] * 2
    with ledger.read() as connection:
        told = [t for t in queue.list_untold(connection) if t.name == FLOODED]
    assert len(told) == 1
    assert fill_in(ledger, "b@example.org", limits=limits, now=NOW + HOUR) is Gate.OPEN


def test_a_key_that_nobody_has_confirms_nothing(ledger: Ledger) -> None:
    fill_in(ledger)

    for key in ("", "x" * 5000, "\0", "'; DROP TABLE sign_ups --", "ä"):
        assert consent.confirm_sign_up(ledger, key, NOW) is Confirmation.UNKNOWN
        consent.renew(ledger, key, NOW)
        consent.refuse(ledger, key, secret=SECRET, now=NOW)

    assert len(answer(ledger)) == 1


def test_a_link_to_other_things_signs_nobody_up(ledger: Ledger) -> None:
    person = put(ledger, Standing.UNSUBSCRIBED)
    consent.ask_for_data(ledger, person.key, "fi", NOW)
    [reply] = answer(ledger)

    assert consent.confirm_sign_up(ledger, reply.wish.key, NOW) is Confirmation.UNKNOWN
    assert find(ledger) == replace(person)
