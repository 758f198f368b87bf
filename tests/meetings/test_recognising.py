"""Who took part remotely is told by addresses, proposed by names, and never guessed."""

# ruff: noqa: DTZ001 - reports have no zones

import datetime as dt
from zoneinfo import ZoneInfo

from newsletter.meetings.recognising import meant_by, recognise
from newsletter.model.meeting import (
    Attending,
    Meeting,
    MeetingText,
    Registration,
    RegistrationState,
)
from newsletter.model.presence import Presence

MEETING = Meeting(
    id="teema",
    texts={"fi": MeetingText(title="Teemapäivä")},
    start=dt.datetime(2026, 12, 3, 9),
    end=dt.datetime(2026, 12, 3, 15),
    zone=ZoneInfo("Europe/Helsinki"),
    seats={Attending.REMOTE: None},
)


def registered(id: int, name: str, address: str = "") -> Registration:
    return Registration(
        id=id,
        key=f"k{id}",
        meeting="teema",
        address=address,
        name=name,
        attending=Attending.REMOTE,
        state=RegistrationState.REGISTERED,
        uid=f"u{id}",
        wanted_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
        changed_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    )


def row(
    name: str, address: str = "", joined: str = "", left: str = "", minutes: float | None = None
) -> Presence:
    def moment(clock: str) -> dt.datetime | None:
        return dt.datetime.fromisoformat(f"2026-12-03T{clock}") if clock else None

    return Presence(
        line=1,
        name=name,
        address=address,
        joined=moment(joined),
        left=moment(left),
        minutes=minutes,
    )


AINO, BO = (
    registered(1, "Aino Virtanen", "aino@example.org"),
    registered(2, "Bo Berg", "bo@example.org"),
)


def test_an_address_is_sure_whatever_the_name_is() -> None:
    told = recognise([row("A. V.", "AINO@example.org", minutes=50)], [AINO, BO], MEETING)

    [(one, who)] = told.sure
    assert (one, who.stayed) == (AINO, 50)
    assert (told.proposed, told.unknown) == ((), ())


def test_a_name_without_an_address_is_proposed_in_whatever_order_its_words_are() -> None:
    told = recognise([row("Berg, Bo"), row("Someone Else")], [AINO, BO], MEETING)

    assert [one for one, _ in told.proposed] == [BO]
    assert [who.name for who in told.unknown] == ["Someone Else"]
    assert told.sure == ()


def test_a_name_that_two_have_is_proposed_for_neither() -> None:
    other = registered(3, "Bo Berg", "other@example.org")

    told = recognise([row("Bo Berg")], [BO, other], MEETING)

    assert (told.proposed, len(told.unknown)) == ((), 1)


def test_a_second_person_of_the_same_name_is_not_the_registered_one_again() -> None:
    told = recognise(
        [row("Bo Berg", "b1@example.org"), row("Bo Berg", "b2@example.org")], [BO], MEETING
    )

    assert (len(told.proposed), len(told.unknown)) == (1, 1)


def test_times_of_one_person_are_added_up_within_the_meeting() -> None:
    told = recognise(
        [
            row("Aino", "aino@example.org", "07:00", "09:30"),  # from half an hour before on
            row("Aino", "aino@example.org", "10:00", "11:00"),
            row("Aino", "aino@example.org", "16:00", "23:00"),  # until two hours after
        ],
        [AINO],
        MEETING,
    )

    [(_, who)] = told.sure
    assert who.stayed == 60 + 60 + 60


def test_two_devices_at_a_time_count_once() -> None:
    told = recognise(
        [
            row("Aino", "aino@example.org", "09:00", "12:00"),
            row("Aino", "aino@example.org", "09:30", "10:30"),
            row("Aino", "aino@example.org", "11:30", "12:30"),
        ],
        [AINO],
        MEETING,
    )

    assert told.sure[0][1].stayed == 210


def test_who_joins_again_without_an_address_was_there_for_both_times() -> None:
    told = recognise(
        [
            row("A. V.", "aino@example.org", "09:00", "09:05"),
            row("Virtanen Aino", "", "09:05", "15:00"),
            row("Bo Berg", minutes=50),
        ],
        [AINO, BO],
        MEETING,
    )

    [(one, who)] = told.sure
    assert (one, who.stayed) == (AINO, 360)
    assert [one for one, _ in told.proposed] == [BO]
    assert told.unknown == ()


def test_who_shares_a_name_with_somebody_is_not_joined_to_them() -> None:
    other = registered(3, "Bo Berg", "other@example.org")

    told = recognise(
        [row("Bo Berg", "bo@example.org", minutes=5), row("Bo Berg", minutes=50)],
        [BO, other],
        MEETING,
    )

    assert [who.stayed for _, who in told.sure] == [5]


def test_a_report_never_counts_more_than_it_says() -> None:
    told = recognise(
        [row("Aino", "aino@example.org", "09:00", "15:00", minutes=90)], [AINO], MEETING
    )

    assert told.sure[0][1].stayed == 90


def test_a_report_in_another_zone_counts_by_its_durations() -> None:
    there = row("Aino", "aino@example.org", "00:10", "01:00", minutes=50)

    told = recognise([there], [AINO], MEETING)

    assert told.is_shifted
    assert told.sure[0][1].stayed == 50


def test_names_that_differ_in_a_number_alone_are_those_of_several_people() -> None:
    guests = [registered(number, f"Vieras {number}") for number in (1, 2, 11)]

    assert meant_by("vieras 1", guests) == [guests[0]]
    assert meant_by("2 Vieras", guests) == [guests[1]]
    assert len(recognise([row("Vieras 1"), row("Vieras 2")], [], MEETING).unknown) == 2
