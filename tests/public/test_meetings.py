"""Anybody reads of meetings and registers; a reader by one press, a stranger by a mail."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.meeting import Attending, MeetingMail, RegistrationState
from newsletter.public.event_markup import event_json
from tests.meetings.hall import meeting as made
from tests.public.hall import FILLED, MEETING, PublicHall, open_hall

PAGE = "/meetings/teemapaiva?lang=en"
LINK = "kohtaus-123"
STRANGER = {"name": "Cecilia", "email": "cecilia@example.org", **FILLED}


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[PublicHall]:
    opened = open_hall(tmp_path / "site")
    yield opened
    opened.ledger.close()


def write(hall: PublicHall, before: str, after: str) -> None:
    """Change a line of the meeting's file."""
    assert before in MEETING
    text = MEETING.replace(before, after)
    (hall.root / "meetings" / "teemapaiva.md").write_text(text, encoding="utf-8")


def read(page: str) -> str:
    """Return a page as it reads, with plain spaces."""
    return re.sub(r"[\u00a0\u202f]", " ", unescape(page)).replace("\u00ad", "")


def page_of(hall: PublicHall, name: str) -> str:
    return f"{PAGE}&me={hall.me(name)}"


def ask(hall: PublicHall, **given: str) -> int:
    """Fill in the form as a stranger."""
    return hall.post(PAGE, stamp=hall.stamp(), **{**STRANGER, **given}).status


# --- what anybody reads -------------------------------------------------------------------


def test_the_list_names_those_to_come_and_every_page_leads_there(hall: PublicHall) -> None:
    listed = hall.get("/meetings?lang=en")
    hall.now = dt.datetime(2026, 12, 10, 5, tzinfo=dt.UTC)
    later = hall.get("/meetings?lang=en")

    assert listed.index("Teemapäivä") < listed.index("Tapaaminen")
    assert "Teemapäivä" not in later
    assert 'href="/kirje/meetings"' in hall.get("/subscribe")


def test_a_page_says_when_by_whose_clock_how_many_seats_and_what_the_button_does(
    hall: PublicHall,
) -> None:
    page = read(hall.get(PAGE))

    assert "Wednesday 9 December 2026, 9:00–15:00 (Finnish time)" in page
    assert "One seat is left." in page
    assert "There is room for everybody." in page
    assert "Register me" in page
    assert "<strong>mukaan</strong>" in page
    assert "<td>Avaus</td>" in page


def test_no_page_feed_or_file_has_the_link_to_take_part(hall: PublicHall) -> None:
    hall.post(page_of(hall, "aino"), **FILLED)
    key = hall.one("aino@example.org").key
    paths = ["/meetings", PAGE, page_of(hall, "aino"), "/meetings.ics", "/meetings/teemapaiva.ics"]

    for path in [*paths, f"/m/{key}", f"/m/{key}/change"]:
        assert LINK not in hall.get(path)


def test_calendars_of_others_read_one_meeting_and_all(hall: PublicHall) -> None:
    one = vobject.readOne(hall.get("/meetings/teemapaiva.ics?lang=fi"))
    feed = hall.ask("/meetings.ics?lang=fi")
    every = vobject.readOne(feed.body.decode())

    assert one.vevent.summary.value == "Teemapäivä"
    assert one.vevent.dtstart.value.astimezone(dt.UTC).isoformat() == "2026-12-09T07:00:00+00:00"
    assert one.method.value == every.method.value == "PUBLISH"
    assert [event.summary.value for event in every.vevent_list] == ["Teemapäivä", "Tapaaminen"]
    assert not any(hasattr(event, "attendee") for event in every.vevent_list)
    assert feed.headers["content-type"] == "text/calendar; charset=utf-8"


def test_machines_read_an_event_of_schema_org(hall: PublicHall) -> None:
    [found] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', hall.get(PAGE))
    event = json.loads(found)

    assert (event["startDate"], event["endDate"]) == (
        "2026-12-09T09:00+02:00",
        "2026-12-09T15:00+02:00",
    )
    assert event["eventAttendanceMode"].endswith("/MixedEventAttendanceMode")
    assert event["eventStatus"].endswith("/EventScheduled")
    assert [place["@type"] for place in event["location"]] == ["Place", "VirtualLocation"]
    assert event["location"][1]["url"] == event["url"]
    assert event["offers"]["price"] == "0"


@pytest.mark.parametrize(
    ("seats", "mode"),
    [((3, None), "Mixed"), ({Attending.ON_SITE: 3}, "Offline"), ({Attending.REMOTE: 3}, "Online")],
)
def test_a_meeting_that_moved_or_is_called_off_is_told_as_such(seats: object, mode: str) -> None:
    facts: dict[str, Any] = {"seats": seats} if isinstance(seats, dict) else {}
    told = {"language": "fi", "url": "https://news.example.org/x", "organiser": "Kirje"}

    moved = json.loads(event_json(made(**facts), **told, told_start="2026-12-08T09:00"))
    off = json.loads(event_json(made(**facts, is_cancelled=True), **told))

    assert mode in moved["eventAttendanceMode"]
    assert moved["eventStatus"].endswith("/EventRescheduled")
    assert moved["previousStartDate"] == "2026-12-08T09:00+02:00"
    assert off["eventStatus"].endswith("/EventCancelled")


@given(st.text(max_size=60))
def test_no_title_ends_the_element_it_stands_in(title: str) -> None:
    meeting = made()
    text = next(iter(meeting.texts.values()))
    hostile = made(texts={"fi": type(text)(title=f"</script>{title}<!--")})

    told = event_json(hostile, language="fi", url="https://a.example", organiser="x")

    assert not re.search(r"[<>&]", told)
    assert json.loads(told)["name"] == f"</script>{title}<!--"


def test_others_show_a_picture_of_it(hall: PublicHall) -> None:
    card = hall.ask("/meetings/teemapaiva/card.png?lang=fi")

    assert (card.headers["content-type"], card.body[:4]) == ("image/png", b"\x89PNG")
    assert 'property="og:image" content="https://news.example.org/kirje/meetings' in hall.get(PAGE)


def test_only_what_is_nobodys_own_may_be_found_by_search_engines(hall: PublicHall) -> None:
    assert hall.ask(PAGE).headers["x-robots-tag"] == "all"
    assert "noindex" in hall.ask(page_of(hall, "aino")).headers["x-robots-tag"]
    assert hall.ask(page_of(hall, "aino")).headers["referrer-policy"] == "no-referrer"


def test_a_broken_file_leaves_what_it_said_and_a_lost_one_is_gone(hall: PublicHall) -> None:
    hall.get(PAGE)
    write(hall, "end: 15:00", "end: 25:00")
    broken = hall.ask(PAGE)
    (hall.root / "meetings" / "teemapaiva.md").unlink()

    assert (broken.status, hall.ask(PAGE).status) == (200, 404)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("end: 15:00", "end: 25:00", id="broken"),
        pytest.param("Teemapäivä", "(kirjoita tähän otsikko)", id="draft"),
    ],
)
def test_after_a_restart_links_to_a_meeting_whose_file_is_being_mended_ask_to_come_again(
    hall: PublicHall, before: str, after: str
) -> None:
    hall.post(page_of(hall, "aino"), **FILLED)
    own = f"/m/{hall.one('aino@example.org').key}"
    write(hall, before, after)
    (hall.root / "meetings" / "uusi.md").write_text("Hei!", encoding="utf-8")
    hall.restart()

    paths = (own, f"{own}/cancel", PAGE, PAGE.replace("?", ".ics?"))
    found = [hall.ask(path, accept="text/html") for path in paths]

    assert [one.status for one in found] == [503] * 4
    assert all("Mitään ei katoa" in one.body.decode() for one in found[:2])
    assert hall.ask("/meetings/uusi").status == 404  # nobody is registered for it
    (hall.root / "meetings" / "teemapaiva.md").unlink()
    assert (hall.ask(own).status, hall.ask(PAGE).status) == (404, 404)


def test_a_draft_is_on_no_page_and_no_calendar_and_a_page_does_not_become_one(
    hall: PublicHall,
) -> None:
    later = MEETING.replace("Teemapäivä", "(kirjoita tähän otsikko)", 1)
    (hall.root / "meetings" / "uusi.md").write_text(later, encoding="utf-8")
    hall.get(PAGE)
    write(hall, "Kohtaamo", "(päivitä) Kohtaamo")

    assert hall.ask("/meetings/uusi").status == 404
    assert hall.ask("/meetings/uusi.ics").status == 404
    for seen in ("/meetings", "/meetings.ics", PAGE):
        assert re.search("kirjoita|päivitä|uusi", hall.get(seen)) is None, seen
    assert "Kohtaamo" in hall.get(PAGE)  # as it was before


def test_a_language_that_is_still_to_be_translated_is_not_shown(hall: PublicHall) -> None:
    swedish = "---\ntitle: Temadag\n---\n(översätt)\nMiten työnantaja löytyy?\n"
    (hall.root / "meetings" / "teemapaiva.sv.md").write_text(swedish, encoding="utf-8")

    assert "översätt" not in hall.get("/meetings/teemapaiva?lang=sv")
    assert "Teemapäivä" in read(hall.get("/meetings/teemapaiva?lang=sv"))


# --- a reader, by one press ---------------------------------------------------------------


def test_one_press_registers_a_reader_and_the_page_says_whose_link_it_is(hall: PublicHall) -> None:
    page = hall.get(page_of(hall, "aino"))
    led = hall.post(page_of(hall, "aino"), **FILLED)
    after = read(hall.get(led.headers["location"].removeprefix("/kirje")))

    assert "a…@example.org" in page
    assert "aino@example.org" not in page
    assert "This is not me" in page
    assert led.status == 303
    assert "You are signed up and come on site." in after
    [one] = hall.rows()
    assert (one.address, one.name, one.state) == (
        "aino@example.org",
        "Aino",
        RegistrationState.REGISTERED,
    )
    assert [mail.kind for mail in hall.mails()] == [MeetingMail.CONFIRMED]


def test_a_second_press_registers_nobody_twice(hall: PublicHall) -> None:
    for _ in range(2):
        assert hall.post(page_of(hall, "aino"), **FILLED).status == 303

    assert len(hall.rows()) == 1


def test_a_link_that_was_passed_on_shows_nothing_that_is_stored(hall: PublicHall) -> None:
    answers = {"organisation": "Salainen Oy", "needs": "Pähkinäallergia", "badge": "Anni"}
    hall.post(page_of(hall, "aino"), **FILLED, **answers)

    page = hall.get(page_of(hall, "aino"))

    for stored in (*answers.values(), "Aino", hall.one("aino@example.org").key):
        assert stored not in page


def test_who_says_that_it_is_not_them_gets_the_strangers_form(hall: PublicHall) -> None:
    page = read(hall.get(page_of(hall, "aino")))
    [other] = set(re.findall(r'href="/kirje(/meetings/teemapaiva\?lang=en)#register"', page))

    assert 'type="email"' in hall.get(other).partition("Registered already?")[0]


def test_when_it_is_full_at_the_press_there_is_a_place_in_line_and_no_error(
    hall: PublicHall,
) -> None:
    hall.post(page_of(hall, "aino"), **FILLED)
    led = hall.post(page_of(hall, "bertta"), **FILLED)
    after = read(hall.get(led.headers["location"].removeprefix("/kirje")))

    assert led.status == 303
    assert "You are in line for a seat, number 1." in after
    assert "1 person" in read(hall.get(PAGE)) or "one person waits" in read(hall.get(PAGE))


def test_a_forged_token_is_nobodys(hall: PublicHall) -> None:
    forged = hall.me("aino")[:-1]

    page = hall.get(f"{PAGE}&me={forged}")

    assert "a…@example.org" not in page
    assert 'type="email"' in page


# --- a stranger, by mail ------------------------------------------------------------------


def test_a_stranger_is_asked_by_mail_and_comes_once_they_confirm(hall: PublicHall) -> None:
    assert ask(hall) == 200
    [asked] = hall.mails()
    one = hall.one("cecilia@example.org")
    shown = read(hall.get(f"/m/{one.key}/confirm?lang=en"))
    before = hall.one("cecilia@example.org").state
    hall.post(f"/m/{one.key}/confirm?lang=en")

    assert asked.kind is MeetingMail.CONFIRM
    assert asked.detail == {}  # nothing that was typed
    assert "Yes, I take part" in shown
    assert before is RegistrationState.WANTED
    assert hall.one("cecilia@example.org").state is RegistrationState.REGISTERED


@pytest.mark.parametrize("hours", [0, 24 * 38])  # and after the meeting
def test_the_owner_of_an_address_who_did_not_ask_is_left_alone_for_good(
    hall: PublicHall, hours: int
) -> None:
    ask(hall)
    key = hall.one("cecilia@example.org").key
    hall.now += dt.timedelta(hours=hours)
    said = hall.post(f"/m/{key}/refuse?lang=en")
    thanked = read(hall.get(said.headers["location"].removeprefix("/kirje")))
    kept = hall.rows(), hall.mails()
    again = hall.post(PAGE, stamp=hall.stamp(), **STRANGER)

    assert said.status == 303
    assert "Nobody is registered with your address" in thanked
    assert kept == ([], [])  # nothing of what a stranger typed
    assert (again.status < 500, hall.rows(), hall.mails()) == (True, [], [])


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("name", "Win a prize at http://spam.example.com/"),
        ("name", "www.spam.example"),
        ("name", "Aino\nBcc: x@example.org"),
        ("name", "spam.com"),
        ("badge", "spam.example.com/now"),
        ("organisation", "https://spam.example.com"),
        ("name", ""),
        ("email", "no address"),
        ("question-lounas", ""),
        ("question-lounas", "Ehkä"),
        ("attending", "by-boat"),
        ("needs", "x" * 501),
    ],
)
def test_what_cannot_be_taken_is_told_and_what_was_typed_stays(
    hall: PublicHall, field: str, typed: str
) -> None:
    given = {**STRANGER, "organisation": "Kaupunki", field: typed}

    answer = hall.post(PAGE, stamp=hall.stamp(), **given)

    page = read(answer.body.decode())
    assert answer.status == 422
    assert "Please mend this" in page
    assert hall.rows() == []
    for name in ("name", "email", "organisation"):
        if name != field:
            assert f'value="{given[name]}"' in page


def test_initials_and_an_organisation_named_like_a_host_are_no_address(hall: PublicHall) -> None:
    assert ask(hall, name="M.Virtanen", badge="J.R.R.", organisation="Esimerkki.fi") == 200


def test_a_program_that_fills_in_the_form_gets_one_more_button(hall: PublicHall) -> None:
    answer = hall.post(PAGE, stamp="made up", **STRANGER)

    assert "One more" in answer.body.decode() or "once more" in answer.body.decode()
    assert hall.rows() == []


def test_known_and_unknown_addresses_get_the_same_answer(hall: PublicHall) -> None:
    hall.post(page_of(hall, "aino"), **FILLED)
    before = len(hall.mails())

    known, unknown = (
        hall.post("/meetings/teemapaiva/link?lang=en", stamp=hall.stamp(), email=address)
        for address in ("aino@example.org", "nobody@example.org")
    )

    assert (known.status, known.headers["location"]) == (
        unknown.status,
        unknown.headers["location"],
    )
    assert [mail.kind for mail in hall.mails()][before:] == [MeetingMail.MY_PAGE]


# --- why one cannot register --------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "hours", "words"),
    [
        ("deadline: 2026-12-02", "deadline: 2026-10-01", 0, "Registration has ended."),
        ("deadline: 2026-12-02", "cancelled: true", 0, "This meeting is called off."),
        ("", "", 24 * 38, "This meeting is over."),
        ("", "", 24 * 36 + 22, "This meeting has begun."),
    ],
)
def test_each_reason_is_said_and_nobody_gets_in(
    hall: PublicHall, before: str, after: str, hours: int, words: str
) -> None:
    if before:
        write(hall, before, after)
    hall.now += dt.timedelta(hours=hours)

    shown, pressed = hall.get(page_of(hall, "aino")), hall.post(page_of(hall, "aino"), **FILLED)

    assert words in read(shown)
    assert "Register me" not in shown
    assert pressed.status == 409
    assert hall.rows() == []


# --- one's own registration ---------------------------------------------------------------


def test_one_sees_changes_cancels_and_takes_it_back(hall: PublicHall) -> None:
    hall.post(page_of(hall, "aino"), **FILLED, organisation="Kaupunki")
    key = hall.one("aino@example.org").key
    page = read(hall.get(f"/m/{key}?lang=en"))
    changing = hall.get(f"/m/{key}/change?lang=en")
    changed = hall.post(
        f"/m/{key}/change?lang=en",
        **{"name": "Aino Uusi", "attending": "remote", "question-lounas": "En"},
    )
    moved = hall.one("aino@example.org")
    hall.post(f"/m/{key}/cancel?lang=en")
    off = hall.one("aino@example.org").state
    undo = read(hall.get(f"/m/{key}?lang=en"))
    hall.post(f"/m/{key}/undo?lang=en")

    assert "You registered with a…@example.org." in page
    assert 'value="Kaupunki"' in changing
    assert changed.status == 303
    assert (moved.name, moved.attending) == ("Aino Uusi", Attending.REMOTE)
    assert off is RegistrationState.CANCELLED
    assert "Take it back" in undo
    assert hall.one("aino@example.org").state is RegistrationState.REGISTERED


def test_who_is_offered_a_seat_takes_it_or_leaves_it_to_the_next(hall: PublicHall) -> None:
    for name in ("aino", "bertta"):
        hall.post(page_of(hall, name), **FILLED)
    hall.post(f"/m/{hall.one('aino@example.org').key}/cancel")
    key = hall.one("bertta@example.org").key
    page = read(hall.get(f"/m/{key}/accept?lang=en"))
    hall.post(f"/m/{key}/accept")

    assert "A seat is kept for you." in page
    assert "No, give it to the next one" in page
    assert hall.one("bertta@example.org").state is RegistrationState.REGISTERED


def test_what_is_gone_is_told_and_nothing_is_lost(hall: PublicHall) -> None:
    hall.post(page_of(hall, "aino"), **FILLED)
    hall.post(page_of(hall, "bertta"), **FILLED)
    key = hall.one("bertta@example.org").key

    late = hall.post(f"/m/{key}/accept?lang=en")

    assert late.status == 409
    assert "somebody else has it by now" in read(late.body.decode())
    assert hall.one("bertta@example.org").state is RegistrationState.WAITING


# --- scanners -----------------------------------------------------------------------------


def test_scanners_that_follow_and_post_to_every_link_change_nothing(hall: PublicHall) -> None:
    hall.post(page_of(hall, "aino"), **FILLED)
    hall.post(page_of(hall, "bertta"), **FILLED)
    ask(hall)
    rows, mails = hall.rows(), hall.mails()
    acts = ("", "/confirm", "/accept", "/decline", "/cancel", "/change", "/undo", "/refuse")
    links = [f"/m/{one.key}{act}" for one in rows for act in acts]
    links += [page_of(hall, name) for name in hall.keys]
    links += ["/meetings/toinen?me=" + hall.me("aino"), "/meetings/teemapaiva/link"]

    for link in links:
        for method in ("HEAD", "GET", "OPTIONS", "POST"):
            assert hall.ask(link, method).status < 500
        for method in ("GET", "POST"):
            ahead = hall.ask(link, method, FILLED, sec_purpose="prefetch;prerender")
            assert ahead.status < 500

    assert (hall.rows(), hall.mails()) == (rows, mails)
    assert hall.rows("toinen") == []


def test_a_key_that_nobody_has_is_nothing(hall: PublicHall) -> None:
    for key in ("x", "%00", "a" * 300):
        assert hall.ask(f"/m/{key}").status == 404
        assert hall.post(f"/m/{key}/cancel").status == 404
