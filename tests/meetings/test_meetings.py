"""People register, change, wait, are offered seats and cancel: on both databases."""

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from newsletter import meetings
from newsletter.consent.forgetting import forget
from newsletter.errors import RegistrationError
from newsletter.ledger import Ledger, people, registrations, told_meetings
from newsletter.ledger.meeting_tables import registrations as table
from newsletter.meetings import tending
from newsletter.meetings.moving_up import Hall as Hall_
from newsletter.meetings.moving_up import entered
from newsletter.meetings.offer_ends import offer_end
from newsletter.model.meeting import (
    Attending,
    Entry,
    Meeting,
    MeetingMail,
    MeetingText,
    Refused,
    Registration,
    RegistrationState,
)
from tests.ledger.examples import add, person
from tests.ledger.test_races import begun
from tests.meetings.hall import DAY, HELSINKI, HOUR, NOW, ON_SITE, REMOTE, Hall, meeting


@pytest.fixture
def hall(ledger: Ledger) -> Hall:
    """A meeting with two seats on site, and as many remotely as there are people."""
    return Hall(ledger)


def refused(reason: Refused) -> "pytest.RaisesExc[RegistrationError]":
    """Expect that something is refused, and why."""
    return pytest.raises(RegistrationError, check=lambda err: err.reason is reason)


# --- coming in ----------------------------------------------------------------------------


def test_a_member_has_a_seat_at_once(hall: Hall) -> None:
    aino = hall.enter("aino")

    assert hall.state(aino) == "registered"
    assert hall.mails(aino) == ["confirmed"]


def test_a_stranger_has_none_before_they_confirm(hall: Hall) -> None:
    aino = hall.ask("aino")
    assert (hall.state(aino), hall.mails(aino)) == ("wanted", ["confirm"])
    assert meetings.find_seating(hall.ledger, hall.meeting, NOW).ways[ON_SITE].taken == 0

    hall.confirm(aino)

    assert hall.state(aino) == "registered"


def test_a_link_that_was_used_shows_how_things_are(hall: Hall) -> None:
    aino = hall.confirm(hall.ask("aino"))

    assert hall.confirm(aino) == aino
    hall.cancel(aino)
    assert hall.confirm(aino).state is RegistrationState.CANCELLED
    assert hall.mails(aino).count("confirmed") == 0  # it is not true any more


def test_a_form_that_was_opened_while_there_was_room_leads_into_the_line(hall: Hall) -> None:
    hall.enter("aino")
    hall.enter("bo")

    places = [
        meetings.find_place(hall.ledger, hall.enter(name, needs="pyörätuoli"))
        for name in ("cecilia", "daavid")
    ]

    assert places == [1, 2]
    with hall.ledger.read() as connection:
        live = registrations.list_live(connection, "teemapaiva")
    assert [one.needs for one in live if one.line] == ["pyörätuoli", "pyörätuoli"]


def test_the_order_is_that_of_confirmed_wishes(hall: Hall) -> None:
    first, second = hall.ask("aino"), hall.ask("bo")
    hall.seats(0)
    hall.now += HOUR
    hall.confirm(second)
    hall.now += HOUR
    hall.confirm(first)

    assert meetings.find_place(hall.ledger, hall.now_is(second)) == 1
    assert meetings.find_place(hall.ledger, hall.now_is(first)) == 2


def test_a_second_click_shows_what_there_is_and_blanks_nothing(hall: Hall) -> None:
    first = hall.enter("aino", needs="tulkki", answers={"lounas": "Kyllä"})

    for needs in ("tulkki", ""):
        assert hall.enter("aino", needs=needs, answers={"lounas": needs and "Kyllä"}) == first

    assert hall.now_is(first) == first
    assert hall.mails(first) == ["confirmed"]


def test_whoever_has_a_link_that_was_passed_on_changes_nothing_of_who_is_registered(
    hall: Hall,
) -> None:
    first = hall.enter("aino", needs="tulkki", answers={"lounas": "Kyllä"})

    for _ in range(2):
        again = hall.enter("AINO", REMOTE, needs="muu", answers={"lounas": "En"})

    assert again == hall.now_is(first) == first
    assert hall.mails(first) == ["confirmed", "my-page"]  # the link by which one changes it


def test_the_editor_adds_to_what_there_is(hall: Hall) -> None:
    first = hall.enter("aino", needs="tulkki")

    added = meetings.Entry(attending=ON_SITE, name="Aino", organisation="Kunta")
    meetings.register(
        hall.ledger, hall.meeting, added, address=first.address, now=NOW, by_editor=True
    )

    assert hall.now_is(first).organisation == "Kunta"
    assert hall.now_is(first).needs == "tulkki"


def test_a_stranger_changes_nothing_of_who_is_registered_and_its_owner_gets_the_link(
    hall: Hall,
) -> None:
    aino = hall.enter("aino", organisation="Kunta")

    hall.ask("aino", organisation="Muu")
    hall.ask("aino", organisation="Muu")

    assert hall.now_is(aino).organisation == "Kunta"
    assert hall.mails(aino) == ["confirmed", "my-page"]


def test_what_a_stranger_typed_with_an_address_is_not_in_what_its_owner_registers(
    hall: Hall,
) -> None:
    hall.ask("aino", organisation="Evil Corp", needs="nuts", badge="HA", answers={"lounas": "En"})

    own = hall.enter("aino")

    assert (own.organisation, own.needs, own.badge, own.answers) == ("", "", "", {})
    assert hall.state(own) == "registered"


def test_a_form_mails_the_same_address_three_times_at_most(hall: Hall) -> None:
    aino = hall.ask("aino")
    for _ in range(9):
        hall.now += HOUR
        hall.ask("aino")

    assert hall.mails(aino) == ["confirm"] * 3


def test_a_stranger_who_is_on_the_list_is_known_after_confirming(hall: Hall) -> None:
    with hall.ledger.write() as connection:
        add(connection, person("aino"))
        member = people.find_subscriber(connection, "aino@example.org")
    assert member

    assert hall.confirm(hall.ask("aino")).subscriber_key == member.key


def test_who_changed_their_address_has_one_registration(hall: Hall) -> None:
    first = hall.enter("aino")
    with hall.ledger.write() as connection:
        connection.execute(update(table).values(subscriber_key="k1"))

    again = meetings.register(
        hall.ledger,
        hall.meeting,
        hall_entry("Aino"),
        address="new@example.org",
        subscriber_key="k1",
        now=NOW,
        is_known=True,
    )

    assert again.id == first.id


def hall_entry(name: str) -> meetings.Entry:
    """Return a form that was filled in."""
    return meetings.Entry(attending=ON_SITE, name=name)


def test_colleagues_without_an_address_are_entered_by_the_editor(hall: Hall) -> None:
    both = [
        meetings.register(
            hall.ledger, hall.meeting, hall_entry(name), address="", now=NOW, by_editor=True
        )
        for name in ("Aino", "Bo")
    ]

    assert [one.state for one in both] == ["registered", "registered"]
    assert both[0].id != both[1].id


def test_who_has_no_address_is_offered_nothing_and_has_the_seat_at_once(hall: Hall) -> None:
    """They could not know of the offer, and would be out of the line when it ends."""
    hall.seats(1)
    aino = hall.enter("aino")
    bo = meetings.register(
        hall.ledger, hall.meeting, hall_entry("Bo"), address="", now=NOW, by_editor=True
    )
    cecilia = hall.enter("cecilia")
    assert hall.state(bo) == "waiting"

    hall.cancel(aino)

    assert [hall.state(one) for one in (bo, cecilia)] == ["registered", "waiting"]
    assert hall.now_is(bo).on_site_seat == 1


def test_on_the_last_day_who_has_no_address_has_the_seat_when_it_is_their_turn(hall: Hall) -> None:
    hall.seats(2)
    aino, bo = hall.enter("aino"), hall.enter("bo")
    cecilia, elsa = (
        meetings.register(
            hall.ledger, hall.meeting, hall_entry(name), address="", now=NOW, by_editor=True
        )
        for name in ("Cecilia", "Elsa")
    )
    daavid = hall.enter("daavid")
    hall.now = hall.meeting.starts_at - 20 * HOUR

    hall.cancel(aino)
    assert [hall.state(one) for one in (cecilia, elsa)] == ["registered", "waiting"]
    assert "offer" not in hall.mails(daavid)
    hall.seats(4)
    hall.cancel(bo)

    assert [hall.state(one) for one in (elsa, daavid)] == ["registered", "waiting"]
    assert hall.mails(daavid)[-1] == "offer"


def test_where_no_page_takes_an_answer_a_seat_is_not_offered_but_given(hall: Hall) -> None:
    hall.meeting = replace(hall.meeting, has_pages=False)
    hall.seats(1)
    aino, bo = hall.enter("aino"), hall.enter("bo")

    hall.cancel(aino)

    assert hall.state(bo) == "registered"
    assert hall.mails(bo)[-1] == "moved-up"


def test_after_the_deadline_the_editor_alone_registers_and_it_is_marked_late(hall: Hall) -> None:
    hall.now = dt.datetime(2026, 12, 2, 22, 30, tzinfo=dt.UTC)  # after midnight in Helsinki

    with refused(Refused.CLOSED):
        hall.enter("aino")
    late = meetings.register(
        hall.ledger, hall.meeting, hall_entry("Bo"), address="", now=hall.now, by_editor=True
    )

    assert late.is_late


def test_the_last_minute_of_the_deadline_is_in_time(hall: Hall) -> None:
    hall.now = dt.datetime(2026, 12, 2, 21, 59, 30, tzinfo=dt.UTC)

    assert hall.enter("aino").is_late is False


@pytest.mark.parametrize(
    ("facts", "later", "reason"),
    [
        ({"is_cancelled": True}, 0 * DAY, Refused.CALLED_OFF),
        ({"deadline": None}, 40 * DAY, Refused.OVER),
        ({"seats": {REMOTE: None}}, 0 * DAY, Refused.NOT_OFFERED),
    ],
)
def test_nobody_registers_where_nobody_can(
    hall: Hall, facts: dict[str, object], later: dt.timedelta, reason: Refused
) -> None:
    hall.meeting = meeting(**facts)  # type: ignore[arg-type]
    hall.now += later

    with refused(reason):
        hall.enter("aino")


# --- cancelling, and taking that back -----------------------------------------------------


def test_a_seat_that_is_cancelled_is_offered_in_the_same_transaction(hall: Hall) -> None:
    aino, _, cecilia, daavid = (hall.enter(n) for n in ("aino", "bo", "cecilia", "daavid"))

    hall.cancel(aino)

    assert [hall.state(one) for one in (aino, cecilia, daavid)] == [
        "cancelled",
        "offered",
        "waiting",
    ]
    assert hall.mails(aino) == ["cancelled"]
    assert hall.mails(aino, "skipped") == ["confirmed"]
    assert hall.mails(cecilia) == ["waiting", "offer"]


def test_cancelling_is_undone_within_the_hour_while_the_seat_is_free(hall: Hall) -> None:
    aino = hall.enter("aino")
    hall.mailed()
    hall.cancel(aino)
    hall.now += HOUR

    hall.undo(aino)

    assert hall.state(aino) == "registered"
    assert hall.mails(aino) == []  # of nothing were they told
    hall.cancel(aino)
    hall.mailed()
    hall.undo(aino)
    assert hall.mails(aino) == ["confirmed"]
    assert hall.now_is(aino).sequence == 4


def test_who_was_not_told_yet_that_they_come_is_told_once_they_take_it_back(hall: Hall) -> None:
    aino = hall.enter("aino")
    hall.cancel(aino)

    hall.undo(aino)

    assert hall.mails(aino) == ["confirmed"]


def test_who_was_told_last_that_they_do_not_come_hears_that_they_do(hall: Hall) -> None:
    aino = hall.enter("aino")
    hall.mailed()
    hall.cancel(aino)
    hall.mailed()
    hall.undo(aino)
    hall.cancel(aino)  # before the mail of the undoing was written

    hall.undo(aino)

    assert hall.mails(aino) == ["confirmed"]


def test_a_change_that_was_not_mailed_as_somebody_cancelled_is_not_lost(hall: Hall) -> None:
    aino = hall.enter("aino")
    hall.mailed()
    hall.meeting = replace(hall.meeting, start=dt.datetime(2026, 12, 9, 10))  # noqa: DTZ001
    meetings.tell_changes(hall.ledger, hall.meeting, NOW)
    hall.cancel(aino)

    hall.undo(aino)

    assert hall.mails(aino) == ["confirmed"]


def test_cancelling_is_not_undone_later_or_when_somebody_has_the_seat(hall: Hall) -> None:
    hall.seats(1)
    aino = hall.enter("aino")
    bo = hall.enter("bo")
    hall.cancel(aino)

    with refused(Refused.TOO_LATE):
        hall.undo(aino)
    hall.cancel(bo)
    hall.now += 2 * HOUR
    with refused(Refused.TOO_LATE):
        hall.undo(aino)


def test_who_undoes_leaving_the_line_is_where_they_were(hall: Hall) -> None:
    hall.seats(0)
    aino, bo = hall.enter("aino"), hall.enter("bo")
    hall.cancel(aino)

    hall.undo(aino)

    assert meetings.find_place(hall.ledger, hall.now_is(aino)) == 1
    assert meetings.find_place(hall.ledger, hall.now_is(bo)) == 2


def test_who_takes_part_remotely_and_undoes_is_in_line_for_a_seat_where_they_were(
    hall: Hall,
) -> None:
    hall.seats(1)
    hall.enter("aino")
    bo = hall.enter("bo", REMOTE, wants_on_site=True)
    hall.enter("cecilia")

    hall.cancel(bo)
    hall.now += HOUR / 2

    own = hall.undo(bo)
    assert (own.state.value, own.line, own.line_at) == ("registered", ON_SITE, bo.line_at)
    assert meetings.find_place(hall.ledger, own) == 1


def test_who_left_an_offer_by_cancelling_is_not_in_line_again(hall: Hall) -> None:
    hall.seats(1)
    aino = hall.enter("aino")
    bo = hall.enter("bo", REMOTE, wants_on_site=True)
    hall.cancel(aino)
    assert hall.now_is(bo).offer_until

    hall.cancel(bo)

    own = hall.undo(bo)
    assert (own.attending, own.line) == (REMOTE, None)


def test_who_registers_anew_keeps_the_links_and_is_new_in_calendars(hall: Hall) -> None:
    before = hall.enter("aino", needs="tulkki")
    hall.cancel(before)

    again = hall.enter("aino")

    assert (again.id, again.key) == (before.id, before.key)
    assert again.uid != before.uid
    assert (again.needs, again.sequence) == ("", 0)
    assert hall.mails(again) == ["cancelled", "confirmed"]


# --- in line ------------------------------------------------------------------------------


def test_an_offer_that_nobody_answers_goes_to_the_next(hall: Hall) -> None:
    hall.seats(1)
    aino, bo, cecilia = (hall.enter(name) for name in ("aino", "bo", "cecilia"))
    hall.cancel(aino)

    hall.now += 4 * DAY
    hall.tend()

    assert [hall.state(one) for one in (bo, cecilia)] == ["cancelled", "offered"]
    assert hall.mails(bo) == ["waiting", "offer", "offer-ended"]


def test_an_offer_whose_time_is_over_is_not_counted_before_anybody_comes_by(hall: Hall) -> None:
    hall.seats(1)
    aino, bo = hall.enter("aino"), hall.enter("bo")
    hall.cancel(aino)

    later = meetings.find_seating(hall.ledger, hall.meeting, NOW + 4 * DAY).ways[ON_SITE]

    assert (later.offered, later.free) == (0, 1)
    hall.now += 4 * DAY
    with refused(Refused.NO_OFFER):
        hall.accept(bo)


def test_who_takes_the_offer_is_registered_and_told(hall: Hall) -> None:
    hall.seats(1)
    aino, bo = hall.enter("aino"), hall.enter("bo")
    hall.cancel(aino)

    hall.accept(bo)

    assert hall.state(bo) == "registered"
    assert hall.mails(bo)[-1] == "moved-up"
    assert hall.accept(bo) == hall.now_is(bo)  # pressed twice


def test_who_declines_is_at_the_end_when_they_come_back(hall: Hall) -> None:
    hall.seats(1)
    aino, bo, cecilia, _ = (hall.enter(name) for name in ("aino", "bo", "cecilia", "daavid"))
    hall.cancel(aino)

    hall.decline(bo)
    again = hall.enter("bo")

    assert hall.state(cecilia) == "offered"
    assert (again.state, meetings.find_place(hall.ledger, again)) == ("waiting", 2)


def test_more_seats_in_the_file_move_the_line_up(hall: Hall) -> None:
    hall.seats(0)
    waiting = [hall.enter(name) for name in ("aino", "bo", "cecilia")]

    hall.seats(2)
    hall.tend()

    assert [hall.state(one) for one in waiting] == ["offered", "offered", "waiting"]


def test_who_comes_after_seats_were_added_overtakes_nobody(hall: Hall) -> None:
    hall.seats(0)
    aino = hall.enter("aino")

    hall.seats(1)
    bo = hall.enter("bo")

    assert [hall.state(one) for one in (aino, bo)] == ["offered", "waiting"]


def test_fewer_seats_remove_nobody_and_new_ones_wait(hall: Hall) -> None:
    both = [hall.enter("aino"), hall.enter("bo")]

    hall.seats(1)
    cecilia = hall.enter("cecilia")

    assert [hall.state(one) for one in (*both, cecilia)] == ["registered", "registered", "waiting"]
    way = meetings.find_seating(hall.ledger, hall.meeting, NOW).ways[ON_SITE]
    assert (way.surplus, way.free) == (1, 0)
    hall.cancel(both[0])  # two of one are one of one now: no seat is free
    assert hall.state(cecilia) == "waiting"


def test_a_line_that_is_paused_moves_when_it_goes_on(hall: Hall) -> None:
    hall.seats(1)
    aino, bo = hall.enter("aino"), hall.enter("bo")
    meetings.pause(hall.ledger, hall.meeting, NOW)

    hall.cancel(aino)
    cecilia = hall.enter("cecilia")

    assert [hall.state(one) for one in (bo, cecilia)] == ["waiting", "waiting"]
    meetings.go_on(hall.ledger, hall.meeting, NOW)
    assert [hall.state(one) for one in (bo, cecilia)] == ["offered", "waiting"]


def test_on_the_last_day_a_seat_is_for_who_comes_first(hall: Hall) -> None:
    hall.seats(1)
    aino, bo, cecilia = (hall.enter(name) for name in ("aino", "bo", "cecilia"))
    hall.now = hall.meeting.starts_at - 20 * HOUR

    hall.cancel(aino)
    assert [hall.state(one) for one in (bo, cecilia)] == ["waiting", "waiting"]
    assert [hall.mails(one)[-1] for one in (bo, cecilia)] == ["offer", "offer"]
    hall.tend()
    assert hall.mails(bo).count("offer") == 1
    hall.accept(cecilia)

    with refused(Refused.NO_OFFER):
        hall.accept(bo)


def test_after_a_meeting_is_moved_all_in_line_are_told_anew_of_a_seat_on_its_last_day(
    hall: Hall,
) -> None:
    hall.seats(2)
    aino, bo, cecilia, daavid = (hall.enter(name) for name in ("aino", "bo", "cecilia", "daavid"))
    hall.now = hall.meeting.starts_at - 20 * HOUR
    hall.cancel(aino)
    later = replace(hall.meeting, start=hall.meeting.start + 14 * DAY, deadline=None)
    hall.meeting = replace(later, end=later.end + 14 * DAY)
    hall.tend()  # the free seat is kept for Cecilia now
    hall.accept(cecilia)
    told = hall.mails(daavid).count("offer")

    hall.now = hall.meeting.starts_at - 20 * HOUR
    hall.cancel(bo)

    assert hall.mails(daavid).count("offer") == told + 1


def test_a_line_that_is_paused_is_overtaken_by_nobody_on_the_last_day(hall: Hall) -> None:
    hall.seats(1)
    aino, bo = hall.enter("aino"), hall.enter("bo")
    hall.meeting = replace(hall.meeting, deadline=None)
    hall.now = hall.meeting.starts_at - 20 * HOUR
    meetings.pause(hall.ledger, hall.meeting, hall.now)
    hall.cancel(aino)

    cecilia = hall.enter("cecilia")

    assert [hall.state(one) for one in (bo, cecilia)] == ["waiting", "waiting"]
    meetings.go_on(hall.ledger, hall.meeting, hall.now)
    hall.accept(bo)


# --- two ways -----------------------------------------------------------------------------


def test_who_attends_remotely_is_in_line_for_a_seat_only_if_they_ask(hall: Hall) -> None:
    hall.seats(1)
    aino = hall.enter("aino")
    bo = hall.enter("bo", REMOTE)
    cecilia = hall.enter("cecilia", REMOTE, wants_on_site=True)

    hall.cancel(aino)

    assert [hall.state(one) for one in (bo, cecilia)] == ["registered", "registered"]
    assert hall.now_is(bo).offer_until is None
    assert hall.now_is(cecilia).offer_until
    hall.accept(cecilia)
    assert hall.now_is(cecilia).attending is ON_SITE
    assert hall.now_is(cecilia).remote_seat is None


def test_who_declines_a_seat_on_site_goes_on_remotely(hall: Hall) -> None:
    cecilia = hall.enter("cecilia", REMOTE, wants_on_site=True)

    hall.decline(cecilia)

    own = hall.now_is(cecilia)
    assert (own.state, own.attending, own.line, own.on_site_seat) == (
        "registered",
        REMOTE,
        None,
        None,
    )


def test_who_waited_and_switches_keeps_their_time_in_line_only_if_they_ask(hall: Hall) -> None:
    hall.seats(0)
    aino, bo = hall.enter("aino"), hall.enter("bo")

    hall.change(aino, REMOTE, wants_on_site=True)
    hall.change(bo, REMOTE)

    assert meetings.find_place(hall.ledger, hall.now_is(aino)) == 1
    assert meetings.find_place(hall.ledger, hall.now_is(bo)) is None
    assert [hall.state(one) for one in (aino, bo)] == ["registered", "registered"]


def test_who_switches_where_all_seats_are_taken_keeps_what_they_have(hall: Hall) -> None:
    hall.meeting = meeting(on_site=1, remote=1)
    aino, bo = hall.enter("aino"), hall.enter("bo", REMOTE)

    with refused(Refused.FULL):
        hall.change(aino, REMOTE)
    hall.change(bo, ON_SITE)

    assert hall.now_is(aino).attending is ON_SITE
    own = hall.now_is(bo)
    assert (own.state, own.attending, own.line) == ("registered", REMOTE, ON_SITE)


def test_a_change_after_the_deadline_is_marked_late_and_told(hall: Hall) -> None:
    aino = hall.enter("aino")
    hall.now = hall.meeting.closes_at + HOUR

    hall.change(aino, ON_SITE, needs="gluteeniton")

    assert hall.now_is(aino).is_late
    assert hall.mails(aino) == ["confirmed", "changed"]
    hall.change(hall.now_is(aino), ON_SITE, needs="gluteeniton")  # nothing changed
    assert hall.mails(aino) == ["confirmed", "changed"]


def test_who_takes_an_offer_and_changes_something_does_both_or_nothing(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    bo = _offered(hall)
    entry = Entry(attending=ON_SITE, name="Bo", needs="tulkki")

    with monkeypatch.context() as patched:
        patched.setattr(Hall_, "mail", _fail_at("changed", Hall_.mail))
        with pytest.raises(RuntimeError):
            meetings.change(hall.ledger, hall.meeting, bo.key, entry, hall.now, takes_offer=True)
    assert hall.state(bo) == "offered"

    own = meetings.change(hall.ledger, hall.meeting, bo.key, entry, hall.now, takes_offer=True)
    assert (own.state.value, own.needs) == ("registered", "tulkki")
    assert hall.mails(bo) == ["moved-up", "changed"]


def _fail_at(kind: str, mail: Callable[..., None]) -> Callable[..., None]:
    def failing(hall: Hall_, one: Registration, asked: MeetingMail, **detail: object) -> None:
        if asked == kind:
            raise RuntimeError(kind)
        mail(hall, one, asked, **detail)

    return failing


def test_late_changes_are_counted_until_the_editor_was_told(hall: Hall) -> None:
    hall.seats(2)
    aino, bo, cecilia = (hall.enter(name) for name in ("aino", "bo", "cecilia"))
    hall.cancel(hall.enter("dora"))  # in time
    hall.now = hall.meeting.closes_at + HOUR

    hall.cancel(aino)
    hall.accept(cecilia)
    hall.change(bo, REMOTE, needs="gluteeniton")
    hall.change(hall.now_is(bo), REMOTE, needs="gluteeniton, maidoton")

    [late] = late_of(hall)
    counted = (late.cancelled, late.moved_up, late.needs, late.attending, late.answers)
    assert counted == (1, 1, 1, 1, 0)
    with hall.ledger.write() as connection:
        meetings.begin_telling(connection, [late], hall.now)
    hall.now += HOUR
    hall.cancel(bo)
    assert late_of(hall) == [replace(late, needs=0, attending=0)]  # of the mail that was begun
    with hall.ledger.write() as connection:
        told_meetings.note_late_told(connection, hall.now - HOUR)
    assert [one.cancelled for one in late_of(hall)] == [1]


def test_who_has_a_seat_only_after_the_deadline_is_counted(hall: Hall) -> None:
    hall.seats(9)
    hall.now = hall.meeting.closes_at - HOUR / 2
    asked, away, brief = hall.ask("aino"), hall.enter("bo"), hall.enter("cecilia")
    hall.cancel(away)
    hall.mailed()
    hall.now = hall.meeting.closes_at + HOUR / 4

    hall.confirm(asked)
    hall.undo(away)
    hall.cancel(brief)
    hall.mailed()
    hall.undo(brief)  # nothing is otherwise

    [late] = late_of(hall)
    assert (late.registered, late.cancelled) == (2, 0)
    assert hall.now_is(away).is_late


def test_who_is_erased_after_the_deadline_is_counted_among_those_who_cancelled(hall: Hall) -> None:
    aino, bo = hall.enter("aino"), hall.enter("bo")
    waiting = hall.enter("cecilia")
    hall.now = hall.meeting.closes_at + HOUR
    hall.cancel(bo)

    for one in (aino, bo, waiting):
        forget(hall.ledger, one.address, "a secret for tests", hall.now, "forget")

    [late] = late_of(hall)
    assert late.cancelled == 2


def test_nothing_is_told_of_changes_to_a_meeting_that_is_called_off(hall: Hall) -> None:
    hall.enter("aino")
    hall.now = hall.meeting.closes_at + HOUR
    hall.meeting = replace(hall.meeting, is_cancelled=True)

    assert meetings.tell_changes(hall.ledger, hall.meeting, hall.now) == 1

    assert late_of(hall) == []


def late_of(hall: Hall) -> list[meetings.LateChanges]:
    """Return what the editor is to be told."""
    with hall.ledger.read() as connection:
        return meetings.late_changes(connection, [hall.meeting], hall.now)[1]


# --- the meeting itself -------------------------------------------------------------------


def test_what_changed_of_a_meeting_is_told_only_when_the_editor_says_so(hall: Hall) -> None:
    aino = hall.enter("aino")
    hall.meeting = replace(hall.meeting, start=dt.datetime(2026, 12, 9, 10))  # noqa: DTZ001
    hall.tend()
    assert hall.mails(aino) == ["confirmed"]

    assert changes(hall) == {"start": ("2026-12-09T09:00", "2026-12-09T10:00")}
    assert meetings.tell_changes(hall.ledger, hall.meeting, NOW) == 1

    assert hall.mails(aino) == ["confirmed", "changed"]
    assert hall.now_is(aino).sequence == 1
    assert changes(hall) == {}
    assert meetings.tell_changes(hall.ledger, hall.meeting, NOW) == 0


def test_a_place_is_told_to_those_whose_language_says_another_and_a_forgotten_file_is_known(
    hall: Hall,
) -> None:
    hall.enter("aino")
    hall.meeting = placed(fi="Talo", sv="Huset")  # Swedish came later
    bo = hall.enter("bo", language="sv-FI")
    hall.mailed()

    hall.meeting = placed(fi="Torni", sv="Huset")
    assert stale(hall) == {"sv": "Huset"}
    assert meetings.tell_changes(hall.ledger, hall.meeting, NOW) == 1
    assert (hall.mails(bo), stale(hall)) == ([], {})

    hall.meeting = placed(fi="Torni", sv="Tornet")
    assert (changes(hall), stale(hall)) == ({"place": ("Huset", "Tornet")}, {})
    assert meetings.tell_changes(hall.ledger, hall.meeting, NOW) == 1
    assert (hall.mails(bo), changes(hall)) == (["changed"], {})


def placed(fi: str, sv: str) -> Meeting:
    """Return the meeting as two files tell where it is."""
    texts = {"fi": MeetingText(title="Päivä", place=fi), "sv": MeetingText(title="Dag", place=sv)}
    return meeting(texts=texts)


def stale(hall: Hall) -> object:
    """Return which languages still say where it was."""
    return meetings.stale_in(meetings.find_told(hall.ledger, hall.meeting.id), hall.meeting)


def changes(hall: Hall) -> object:
    """Return what people were told otherwise."""
    return meetings.changes_of(meetings.find_told(hall.ledger, hall.meeting.id), hall.meeting)


def test_a_new_link_is_told_without_it_standing_in_the_ledger(hall: Hall) -> None:
    aino, bo = hall.enter("aino"), hall.enter("bo", REMOTE)
    hall.meeting = replace(hall.meeting, remote_link="https://kokous.example.org/secret")

    assert changes(hall) == {"link": ("", "")}
    assert meetings.tell_changes(hall.ledger, hall.meeting, NOW) == 1  # who comes on site has none
    assert (hall.mails(aino), hall.mails(bo)) == (["confirmed"], ["confirmed", "changed"])
    with hall.ledger.read() as connection:
        told = told_meetings.find_told(connection, hall.meeting.id)
    assert "secret" not in repr(told)


def test_where_the_link_goes_to_all_who_comes_on_site_is_told_of_a_new_one(hall: Hall) -> None:
    hall.enter("aino")
    hall.meeting = replace(hall.meeting, remote_link="https://kokous.example.org/secret")

    assert meetings.tell_changes(hall.ledger, hall.meeting, NOW, link_to_all=True) == 1


def test_everybody_is_called_off_once(hall: Hall) -> None:
    aino, bo = hall.enter("aino"), hall.ask("bo")
    hall.meeting = replace(hall.meeting, is_cancelled=True)

    assert meetings.tell_changes(hall.ledger, hall.meeting, NOW) == 1
    assert meetings.tell_changes(hall.ledger, hall.meeting, NOW) == 0

    assert hall.mails(aino) == ["called-off"]
    assert hall.mails(bo) == []
    with hall.ledger.read() as connection:  # nothing of what a stranger typed
        people = registrations.list_registrations(connection, hall.meeting.id)
    assert [(one.id, one.state.value) for one in people] == [(aino.id, "cancelled")]


def _offered(hall: Hall) -> Registration:
    """Let one seat be kept for Bo."""
    hall.seats(1)
    aino, bo = hall.enter("aino"), hall.enter("bo")
    hall.cancel(aino)
    hall.mailed()
    return bo


def test_a_meeting_that_is_moved_to_earlier_shortens_the_offers(hall: Hall) -> None:
    bo = _offered(hall)
    start = (NOW + 2 * DAY).replace(tzinfo=None)

    hall.meeting = replace(hall.meeting, start=start, end=start + 6 * HOUR)
    hall.tend()

    until = hall.now_is(bo).offer_until
    assert until == dt.datetime(2026, 11, 2, 15, 45, tzinfo=dt.UTC)  # an eighth of what is left
    assert hall.mails(bo) == ["offer"]
    assert hall.accept(bo).on_site_seat == 1


def test_a_meeting_that_is_moved_to_the_next_day_has_seats_for_who_comes_first(hall: Hall) -> None:
    bo = _offered(hall)
    start = (NOW + 20 * HOUR).replace(tzinfo=None)

    hall.meeting = replace(hall.meeting, start=start, end=start + 6 * HOUR, deadline=None)
    hall.tend()

    assert (hall.state(bo), hall.now_is(bo).offer_until) == ("waiting", None)
    assert hall.mails(bo) == ["offer"]
    assert hall.accept(bo).on_site_seat == 1


def test_an_offer_ends_without_a_word_when_the_meeting_is_called_off(hall: Hall) -> None:
    bo = _offered(hall)
    hall.meeting = replace(hall.meeting, is_cancelled=True)

    hall.tend()
    hall.now += 4 * DAY
    hall.tend()

    assert (hall.state(bo), hall.mails(bo)) == ("waiting", [])
    meetings.tell_changes(hall.ledger, hall.meeting, hall.now)
    assert hall.mails(bo) == ["called-off"]


def test_a_meeting_that_takes_place_after_all_offers_the_seat_to_the_same_person(
    hall: Hall,
) -> None:
    bo = _offered(hall)
    hall.enter("cecilia")

    for is_cancelled in (True, False):
        hall.meeting = replace(hall.meeting, is_cancelled=is_cancelled)
        hall.tend()

    assert (hall.state(bo), hall.mails(bo)) == ("offered", ["offer"])


# --- the database as the second net --------------------------------------------------------


def test_the_database_itself_gives_no_seat_and_no_address_twice(hall: Hall) -> None:
    aino, bo = hall.enter("aino"), hall.enter("bo")

    for values in ({"on_site_seat": 1}, {"address": "aino@example.org"}, {"state": "waiting"}):
        with pytest.raises(IntegrityError), hall.ledger.engine.begin() as connection:
            connection.execute(update(table).where(table.c.id == bo.id).values(values))
    assert aino.on_site_seat == 1


# --- forgetting ---------------------------------------------------------------------------


def test_needs_go_a_week_after_the_meeting_and_answers_after_their_days(hall: Hall) -> None:
    asked = replace(hall.meeting.questions[0], kept_days=2)
    hall.meeting = replace(hall.meeting, questions=(asked,))
    aino = hall.enter("aino", needs="gluteeniton", answers={"lounas": "Kyllä"})
    hall.enter("bo", answers={"lounas": "En"})
    end = hall.meeting.ends_at

    assert delete_old(hall, end + 1 * DAY) == 0
    assert delete_old(hall, end + 2 * DAY) == 2
    assert (hall.now_is(aino).answers, hall.now_is(aino).needs) == ({}, "gluteeniton")
    assert delete_old(hall, end + 7 * DAY) == 1
    assert delete_old(hall, end + 8 * DAY) == 0

    assert hall.now_is(aino).needs == ""
    with hall.ledger.read() as connection:
        told = told_meetings.find_told(connection, hall.meeting.id)
    assert told
    assert told.sums == {
        "needs": 1,
        "lounas": {"answered": 2, "chosen": {"Kyllä": 1, "En": 1}},
    }


def delete_old(hall: Hall, now: dt.datetime) -> int:
    """Delete what is old; return of how many people that was foreseen."""
    foreseen = meetings.count_forgettable(hall.ledger, [hall.meeting], now)
    meetings.freeze_and_forget(hall.ledger, [hall.meeting], now)
    assert meetings.count_forgettable(hall.ledger, [hall.meeting], now) == 0
    return foreseen


def test_two_who_delete_at_once_keep_the_sums_of_the_first(
    hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall.enter("aino", needs="gluteeniton")
    later, outlived = hall.meeting.ends_at + 8 * DAY, tending._outlived

    def overtaken(*args: Any, **named: Any) -> object:
        found = outlived(*args, **named)
        monkeypatch.setattr(tending, "_outlived", outlived)
        meetings.freeze_and_forget(hall.ledger, [hall.meeting], later)
        return found

    monkeypatch.setattr(tending, "_outlived", overtaken)
    meetings.freeze_and_forget(hall.ledger, [hall.meeting], later)

    with hall.ledger.read() as connection:
        told = told_meetings.find_told(connection, hall.meeting.id)
    assert told
    assert told.sums["needs"] == 1


def test_a_meeting_that_was_moved_to_later_loses_nothing_before_its_own_day(hall: Hall) -> None:
    one = hall.enter("aino", needs="Esteetön", answers={"lounas": "En"})
    later = replace(hall.meeting, start=hall.meeting.start + 30 * DAY, deadline=None)
    later = replace(later, end=later.end + 30 * DAY)

    meetings.freeze_and_forget(hall.ledger, [later], hall.meeting.ends_at + 10 * DAY, months=1)
    kept = hall.now_is(one)
    meetings.freeze_and_forget(hall.ledger, [later], later.ends_at + 8 * DAY)

    assert (kept.needs, kept.answers, kept.name) == ("Esteetön", {"lounas": "En"}, "Aino")
    assert hall.now_is(one).needs == ""


def test_answers_wait_for_a_file_that_cannot_be_read_and_needs_do_not(hall: Hall) -> None:
    aino = hall.enter("aino", needs="tulkki", answers={"lounas": "Kyllä"})
    later, broken = hall.meeting.ends_at + 30 * DAY, [hall.meeting.id]

    meetings.freeze_and_forget(hall.ledger, [], later, unreadable=broken)
    own = hall.now_is(aino)
    assert (own.needs, own.answers) == ("", {"lounas": "Kyllä"})

    meetings.freeze_and_forget(hall.ledger, [], later)
    assert hall.now_is(aino).answers == {}


def test_after_some_months_it_stays_how_many_came_and_not_who(hall: Hall) -> None:
    aino = hall.enter("aino")
    later = hall.meeting.ends_at + 740 * DAY

    assert meetings.count_forgettable(hall.ledger, [hall.meeting], later, months=24) == 1
    meetings.freeze_and_forget(hall.ledger, [hall.meeting], later, months=24)

    with hall.ledger.read() as connection:
        [one] = registrations.list_registrations(connection, hall.meeting.id)
    assert (one.name, one.address, one.state.value) == ("", "", "registered")
    assert one.key != aino.key


def test_who_is_erased_leaves_a_count_behind_and_a_seat_to_the_next(hall: Hall) -> None:
    hall.seats(1)
    hall.enter("aino", needs="tulkki")
    bo = hall.enter("bo")

    forget(hall.ledger, "aino@example.org", "a secret for tests", NOW, "forget")
    hall.tend()

    assert hall.state(bo) == "offered"
    forget(hall.ledger, "bo@example.org", "a secret for tests", hall.meeting.ends_at, "forget")
    with hall.ledger.read() as connection:
        people = registrations.list_registrations(connection, hall.meeting.id)
    assert [(one.state.value, one.name, one.needs) for one in people] == [
        ("cancelled", "", ""),
        ("offered", "", ""),
    ]


def _forget(hall: Hall, one: Registration) -> None:
    forget(hall.ledger, one.address, "a secret for tests", NOW, "forget")


def _check_in(hall: Hall, one: Registration) -> None:
    meetings.check_in(hall.ledger, {one.id: ON_SITE}, by="door", now=NOW)


@pytest.mark.parametrize("meanwhile", [_forget, _check_in])
def test_who_writes_a_registration_writes_back_nothing_that_was_changed_meanwhile(
    hall: Hall, meanwhile: Callable[[Hall, Registration], None]
) -> None:
    aino = hall.enter("aino", needs="tulkki")

    with ThreadPoolExecutor(1) as pool:
        with entered(hall.ledger, hall.meeting, NOW) as inside:
            [read] = inside.live()
            running = begun(pool, hall.ledger, lambda: meanwhile(hall, aino))
            registrations.save(inside.connection, replace(read, badge="Anni"))
        running.result()

    with hall.ledger.read() as connection:
        own = registrations.find_by_id(connection, aino.id)
    assert own
    if meanwhile is _forget:
        assert (own.address, own.name, own.badge, own.needs) == ("", "", "", "")
    else:
        assert (own.came, own.badge) == (ON_SITE, "Anni")


def test_what_a_stranger_never_confirmed_is_deleted(hall: Hall) -> None:
    hall.ask("aino")

    assert meetings.count_forgettable(hall.ledger, [hall.meeting], NOW + 8 * DAY) == 1
    meetings.freeze_and_forget(hall.ledger, [hall.meeting], NOW + 8 * DAY)

    with hall.ledger.read() as connection:
        assert registrations.list_registrations(connection, hall.meeting.id) == []


# --- how long an offer lasts --------------------------------------------------------------


@pytest.mark.parametrize(
    ("left", "at", "end"),
    [
        (30 * DAY, "2026-11-02 12:00", "2026-11-05 12:00"),
        (8 * DAY, "2026-11-02 12:00", "2026-11-03 12:00"),
        (2 * DAY, "2026-11-02 12:00", "2026-11-02 18:00"),
        (25 * HOUR, "2026-11-02 12:00", "2026-11-02 15:07"),
        (2 * DAY, "2026-11-02 16:00", "2026-11-03 12:00"),  # not by night
        (2 * DAY, "2026-11-02 23:30", "2026-11-03 12:00"),
    ],
)
def test_the_time_to_answer_shrinks_towards_the_meeting_and_never_ends_by_night(
    left: dt.timedelta, at: str, end: str
) -> None:
    now = dt.datetime.fromisoformat(at).replace(tzinfo=HELSINKI)

    until = offer_end(now + left, HELSINKI, now).astimezone(HELSINKI)

    assert f"{until:%Y-%m-%d %H:%M}" == end


@pytest.mark.parametrize("day", [dt.date(2026, 3, 28), dt.date(2026, 10, 24)])
def test_offers_end_by_the_wall_clock_when_clocks_are_changed(day: dt.date) -> None:
    now = dt.datetime.combine(day, dt.time(20), HELSINKI)

    until = offer_end(now + 3 * DAY, HELSINKI, now).astimezone(HELSINKI)

    assert (until.date(), until.hour) == (day + DAY, 12)


def test_times_are_kept_as_the_wall_clock_shows_them() -> None:
    own = meeting()
    before = replace(own, start=dt.datetime(2026, 10, 24, 9), end=dt.datetime(2026, 10, 24, 10))  # noqa: DTZ001
    after = replace(own, start=dt.datetime(2026, 10, 26, 9), end=dt.datetime(2026, 10, 26, 10))  # noqa: DTZ001

    assert (before.starts_at.hour, after.starts_at.hour) == (6, 7)


def test_ways_of_attending_have_words() -> None:
    assert [str(way.words) for way in Attending] == ["on site", "remotely"]
