"""Mails about meetings: each once, when it is due and true, in the words of its reader."""

import datetime as dt
import email
import re
from collections.abc import Callable
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import vobject
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from newsletter import meetings, surveys
from newsletter.feedback.declining import ask_who_declined
from newsletter.ledger import Ledger, Send, due_mails, sends
from newsletter.links import read_survey_token
from newsletter.mailing import meeting_mails
from newsletter.mailing.notices import freeze_notice
from newsletter.meetings.messaging import Group, list_group, list_without, write_to
from newsletter.model import SurveyKind
from newsletter.model.meeting import Attending, Entry, MailState, MeetingMail
from newsletter.settings import load_settings
from tests.consent.people import SECRET
from tests.mailing.theme_day import (
    DAY,
    HOUR,
    LINK,
    ThemeDay,
    calendar_of,
    html_of,
    text_of,
)
from tests.questionnaires import TOPICS, survey_of
from tests.servers.listening import free_port

pytestmark = pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
REMOTE = Attending.REMOTE
TYPED = "Osta heti"


@pytest.fixture
def day(tmp_path: Path, ledger: Ledger) -> ThemeDay:
    return ThemeDay(tmp_path, ledger)


def subjects(day: ThemeDay) -> list[str]:
    return [str(mail["Subject"]) for mail in day.mails()]


# --- what each says ------------------------------------------------------------------------


def test_a_stranger_is_asked_by_words_of_ours_alone(day: ThemeDay) -> None:
    """Names with messages in them made forms send spam (bigbluebutton/greenlight#2093)."""
    one = day.enter("aino", is_known=False, organisation=TYPED, needs=TYPED, badge=TYPED)

    [mail] = day.mails()

    assert mail["Subject"] == "Teemapäivä: työnantajat: vahvista, että osallistut"
    for part in (text_of(mail), html_of(mail)):
        assert TYPED not in part
        assert "Aino" not in part
        assert f"https://news.example.org/kirje/m/{one.key}/confirm?lang=fi" in part
        assert LINK not in part
    assert not calendar_of(mail)


def test_where_no_pages_are_mails_ask_for_an_answer_and_promise_no_link(day: ThemeDay) -> None:
    settings = day.root / "newsletter.toml"
    settings.write_text(re.sub("public_url.*", "", settings.read_text("utf-8")), "utf-8")
    day.settings = load_settings(day.root)
    aino, _bo, _cecilia = day.enter("aino"), day.enter("bo"), day.enter("cecilia")
    told = [text_of(mail) for mail in day.mails()]
    day.cancel(aino)
    told += [text_of(mail) for mail in day.mails()]

    assert len(told) == 5
    for text in told:
        assert "linkistä" not in text
        assert "https://" not in text
    assert ["etkö pääsekään? Vastaa" in text for text in told] == [True, True, True, False, True]


def test_who_comes_on_site_is_told_where_and_invited(day: ThemeDay) -> None:
    one = day.enter("aino")

    [mail] = day.mails()

    text = text_of(mail)
    assert mail["Subject"] == "Teemapäivä: työnantajat: olet ilmoittautunut"
    assert mail["To"] == "aino@example.org"
    assert mail["List-Unsubscribe"] is None
    assert "keskiviikko 9.12.2026 klo 9.30–15.00\n" in text
    assert "Esimerkkitalo, Esimerkkikatu 1, Helsinki" in text
    assert f"https://news.example.org/kirje/m/{one.key}?lang=fi" in text
    calendar = calendar_of(mail)
    assert "METHOD:REQUEST\r\n" in calendar
    assert f"UID:{one.uid}@example.org\r\n" in calendar
    assert "SEQUENCE:0\r\n" in calendar
    assert "ORGANIZER;CN=Kirje:mailto:toimitus@example.org\r\n" in calendar
    assert "DTSTART;TZID=Europe/Helsinki:20261209T093000\r\n" in calendar
    for part in (text, html_of(mail), calendar):
        assert LINK not in part
    [door] = re.findall(r"https://\S+/came/[0-9a-f]{24}\b", text)
    assert f'src="{door}.png"' in html_of(mail)
    assert one.key not in door


def test_who_takes_part_remotely_has_the_link_high_in_the_mail_and_in_the_calendar(
    day: ThemeDay,
) -> None:
    """Outlook puts the mail's own text into the entry (indico/indico#6358)."""
    day.enter("aino", REMOTE)

    [mail] = day.mails()

    text, calendar = text_of(mail), calendar_of(mail)
    assert text.index(LINK) < text.index("kalenteri")
    assert "(Suomen aikaa)" in text
    assert "Esimerkkitalo" not in text
    assert "/came/" not in text
    assert f"VALUE=URI:{LINK}\r\n" in calendar
    assert f"LOCATION:{LINK}\r\n" in calendar
    assert LINK in calendar.split("DESCRIPTION:")[1]


def test_a_swedish_person_reads_the_swedish_text_of_the_meeting(day: ThemeDay) -> None:
    day.enter("aino", language="sv")

    [mail] = day.mails()

    assert mail["Subject"] == "Temadag: arbetsgivare: du är anmäld"
    assert "onsdag 9\xa0december 2026 kl. 9.30–15.00" in text_of(mail)
    assert "Exempelhuset, Exempelgatan 1, Helsingfors" in text_of(mail)
    assert "Brevet" in text_of(mail)
    assert "SUMMARY:Temadag: arbetsgivare\r\n" in calendar_of(mail)


def test_who_waits_is_told_their_place_and_no_calendar(day: ThemeDay) -> None:
    for name in ("aino", "bo", "cecilia", "daavid"):
        day.enter(name)

    waiting = [mail for mail in day.mails() if "jonossa" in str(mail["Subject"])]

    assert [f"Olet jonossa: sijasi on {n}." in text_of(waiting[n - 1]) for n in (1, 2)] == [
        True
    ] * 2
    assert [calendar_of(mail) for mail in waiting] == ["", ""]


def test_an_offer_has_its_end_and_both_ways_to_answer(day: ThemeDay) -> None:
    aino, _, cecilia = (day.enter(name) for name in ("aino", "bo", "cecilia"))
    day.mails()
    day.cancel(aino)

    [cancelled, offer] = sorted(day.mails(), key=lambda mail: str(mail["To"]))

    assert "Peruttu" in text_of(cancelled) or "peruttu" in str(cancelled["Subject"])
    until = day.now_is(cecilia).offer_until
    assert until
    local = until.astimezone(day.meeting.zone)
    assert f"{local.day}.{local.month}.{local.year} klo {local.hour}" in text_of(offer)
    for act in ("accept", "decline"):
        assert f"/m/{cecilia.key}/{act}?lang=fi" in text_of(offer)

    meetings.accept(day.ledger, day.meeting, cecilia.key, day.now)
    [moved] = day.mails()
    assert moved["Subject"] == "Teemapäivä: työnantajat: sinulla on paikka"
    assert "METHOD:REQUEST" in calendar_of(moved)


def test_an_offer_that_ended_says_so(day: ThemeDay) -> None:
    aino, _, cecilia = (day.enter(name) for name in ("aino", "bo", "cecilia"))
    day.cancel(aino)
    day.mails()
    until = day.now_is(cecilia).offer_until
    assert until
    day.now = until + HOUR

    [ended] = day.mails()

    assert ended["To"] == "cecilia@example.org"
    assert "https://news.example.org/kirje/meetings/teemapaiva?lang=fi" in text_of(ended)


def test_an_offer_that_was_made_shorter_before_it_was_mailed_comes_once(day: ThemeDay) -> None:
    aino, _, cecilia = (day.enter(name) for name in ("aino", "bo", "cecilia"))
    day.mails()
    day.cancel(aino)
    day.write(start="2026-11-05 9.30")

    told = [text_of(mail) for mail in day.mails() if mail["To"] == "cecilia@example.org"]

    assert len(told) == 1
    assert "maanantai 2.11.2026 klo 20." in told[0]
    assert [row.state for row in day.rows(cecilia) if row.kind == "offer"] == ["skipped", "sent"]


def test_nobody_is_asked_for_anything_once_the_meeting_is_called_off(day: ThemeDay) -> None:
    aino, _, cecilia = (day.enter(name) for name in ("aino", "bo", "cecilia"))
    day.mails()
    day.cancel(aino)
    dora = day.enter("dora", is_known=False)
    day.write(more="cancelled: true\n")

    assert subjects(day) == ["Teemapäivä: työnantajat: ilmoittautumisesi on peruttu"]
    for one in (cecilia, dora):
        assert "does not take place" in day.rows(one)[-1].reason


def test_who_cancels_is_taken_out_of_the_calendar_and_the_meeting_takes_place(
    day: ThemeDay,
) -> None:
    one = day.enter("aino")
    day.mails()
    day.cancel(one)

    [mail] = day.mails()

    calendar = calendar_of(mail)
    assert mail["Subject"] == "Teemapäivä: työnantajat: ilmoittautumisesi on peruttu"
    assert "METHOD:CANCEL\r\n" in calendar
    assert f"UID:{one.uid}@example.org\r\n" in calendar
    assert "SEQUENCE:1\r\n" in calendar
    assert "STATUS:" not in calendar


def test_a_meeting_that_is_called_off_says_so_to_calendars_too(day: ThemeDay) -> None:
    day.enter("aino")
    day.mails()
    day.write(more="cancelled: true\n")
    meetings.tell_changes(day.ledger, day.meeting, day.now)

    [mail] = day.mails()

    assert mail["Subject"] == "Teemapäivä: työnantajat on peruttu"
    assert "METHOD:CANCEL\r\n" in calendar_of(mail)
    assert "STATUS:CANCELLED\r\n" in calendar_of(mail)


def test_a_change_is_told_with_what_was_before_and_changes_the_calendar(day: ThemeDay) -> None:
    one = day.enter("aino")
    day.mails()
    day.write(start="2026-12-10 10.00")
    assert day.mails() == []  # never by itself
    meetings.tell_changes(day.ledger, day.meeting, day.now)

    [mail] = day.mails()

    text = text_of(mail)
    assert "torstai 10.12.2026 klo 10 (aiemmin: keskiviikko 9.12.2026 klo 9.30)" in text
    calendar = calendar_of(mail)
    assert f"UID:{one.uid}@example.org\r\n" in calendar
    assert "SEQUENCE:1\r\n" in calendar
    assert "20261210T100000" in calendar


def test_a_new_place_is_told_with_the_one_before_in_the_language_of_its_reader(
    day: ThemeDay,
) -> None:
    day.enter("bo", language="sv")
    day.mails()
    for name, before, now in (("", "Esimerkkitalo", "Torni"), (".sv", "Exempelhuset", "Tornet")):
        file = day.root / f"meetings/teemapaiva{name}.md"
        file.write_text(file.read_text("utf-8").replace(before, now), "utf-8")
    meetings.tell_changes(day.ledger, day.meeting, day.now)

    [mail] = day.mails()

    assert "Tornet (tidigare: Exempelhuset)" in text_of(mail)


def test_a_change_of_how_one_takes_part_changes_the_calendar_and_one_of_the_name_does_not(
    day: ThemeDay,
) -> None:
    one = day.enter("aino")
    day.mails()
    for way in (Attending.ON_SITE, REMOTE):
        entry = Entry(attending=way, name="Aino", organisation="Kunta")
        meetings.change(day.ledger, day.meeting, one.key, entry, day.now)
        day.now += HOUR

    named, moved = day.mails()

    assert "organisaatiosi" in text_of(named)
    assert "Kunta" not in text_of(named)
    assert not calendar_of(named)
    assert "SEQUENCE:1\r\n" in calendar_of(moved)
    assert LINK in text_of(moved)


# --- by the clock --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "kind", "moment"),
    [
        # A week and a day before, by the clock on the wall, over both changes of the clocks.
        ("2027-03-29 9.30", MeetingMail.REMINDER_DAY, "2027-03-28T06:30+00:00"),
        ("2027-03-28 9.30", MeetingMail.REMINDER_DAY, "2027-03-27T07:30+00:00"),
        ("2027-03-31 9.30", MeetingMail.REMINDER_WEEK, "2027-03-24T07:30+00:00"),
        ("2027-11-01 9.30", MeetingMail.REMINDER_DAY, "2027-10-31T07:30+00:00"),
        ("2027-10-31 9.30", MeetingMail.REMINDER_DAY, "2027-10-30T06:30+00:00"),
        ("2027-11-03 9.30", MeetingMail.REMINDER_WEEK, "2027-10-27T06:30+00:00"),
        # The link at seven, but an hour before an early meeting.
        ("2027-03-28 9.30", MeetingMail.LINK, "2027-03-28T04:00+00:00"),
        ("2027-03-28 7.30", MeetingMail.LINK, "2027-03-28T03:30+00:00"),
    ],
)
def test_a_reminder_comes_at_the_same_hour_on_the_wall(
    day: ThemeDay, start: str, kind: MeetingMail, moment: str
) -> None:
    day.write(start=start)
    one = day.enter("aino", REMOTE)
    due = dt.datetime.fromisoformat(moment)
    day.now = due - dt.timedelta(minutes=1)
    day.work()
    assert kind not in {row.kind for row in day.rows(one)}

    day.now = due
    day.work()

    assert day.row(one, kind).state is MailState.SENT
    assert day.row(one, kind).due_at == due


def test_a_week_a_day_and_an_hour_before_and_after_each_mail_comes_once(day: ThemeDay) -> None:
    day.write(more="material: https://example.org/aineisto\nsurvey: palaute\n")
    day.enter("aino", REMOTE)
    day.enter("bo")
    day.mails()
    told = []
    for _ in range(60):  # days of a worker that looks each
        day.now += DAY
        told += [
            (str(mail["To"])[:2], str(mail["Subject"]).split(": ")[-1]) for mail in day.mails()
        ]

    assert sorted(told) == [
        ("ai", "huomenna"),
        ("ai", "kiitos"),
        ("ai", "linkki tälle päivälle"),
        ("ai", "viikon päästä"),
        ("bo", "huomenna"),
        ("bo", "kiitos"),
        ("bo", "viikon päästä"),
    ]


@pytest.mark.parametrize(
    ("kind", "is_open_to_all"),
    [*((kind, False) for kind in SurveyKind), (SurveyKind.ANONYMOUS, True)],
)
def test_thanks_lead_to_the_survey_by_a_link_of_ones_own_once_it_is_open(
    day: ThemeDay, kind: SurveyKind, is_open_to_all: bool
) -> None:
    day.write(more="survey: palaute\n")
    one = day.enter("aino")
    day.now = dt.datetime(2026, 12, 11, 9, tzinfo=dt.UTC)
    assert "kiitos" not in str([mail["Subject"] for mail in day.mails()])  # there is nothing to ask
    survey = survey_of(TOPICS, id="palaute", kind=kind, is_open_to_all=is_open_to_all)
    surveys.open_survey(day.ledger, survey, zone=day.settings.zone, now=day.now)

    [mail] = day.mails()

    [way] = set(re.findall(r"https://news\.example\.org/kirje/surveys/\S+", text_of(mail)))
    if is_open_to_all:
        assert way.endswith("/palaute?lang=fi")
    else:
        [token] = re.findall(r"/palaute\?me=([\w.-]+)&lang=fi$", way)
        assert read_survey_token(SECRET, "palaute", token) == one.uid


def test_who_registers_late_is_not_reminded_of_what_is_past(day: ThemeDay) -> None:
    """ "One day before" reached people who registered on the day (pretix/pretix#3757)."""
    day.write(more="")
    day.now = dt.datetime(2026, 12, 8, 12, tzinfo=dt.UTC)  # the reminder was due in the morning
    one = day.enter("aino")

    day.mails()

    row = day.row(one, MeetingMail.REMINDER_DAY)
    assert row.state is MailState.SKIPPED
    assert row.reason == "registered after it was due"


@pytest.mark.parametrize("again", ["undo", "enter"])
def test_who_comes_after_all_gets_the_link_that_they_were_not_sent_as_they_had_cancelled(
    day: ThemeDay, monkeypatch: pytest.MonkeyPatch, again: str
) -> None:
    one = day.enter("aino", REMOTE)
    day.mails()
    day.now = dt.datetime(2026, 12, 9, 6, 30, tzinfo=dt.UTC)
    with monkeypatch.context() as patched:
        patched.setattr(meeting_mails, "_AT_ONCE", 0)  # it is due, and not written yet
        day.work()
    assert day.row(one, MeetingMail.LINK).state is MailState.DUE
    day.cancel(one)

    if again == "undo":
        meetings.undo(day.ledger, day.meeting, one.key, day.now)
    else:
        day.write(more='deadline: "2026-12-09 9.30"\n')
        day.enter("aino", REMOTE)
    day.work()

    assert day.row(one, MeetingMail.LINK).state is MailState.SENT


def test_a_worker_that_was_away_calls_no_day_tomorrow_that_is_today(day: ThemeDay) -> None:
    one = day.enter("aino")
    day.mails()
    day.now = dt.datetime(2026, 12, 8, 22, tzinfo=dt.UTC)  # midnight in Helsinki

    assert subjects(day) == []
    assert {row.kind for row in day.rows(one)} == {MeetingMail.CONFIRMED}


def test_a_meeting_that_was_moved_reminds_anew(day: ThemeDay) -> None:
    one = day.enter("aino")
    day.now = dt.datetime(2026, 12, 2, 12, tzinfo=dt.UTC)
    assert "viikon päästä" in subjects(day)[-1]
    day.write(start="2026-12-16 9.30")
    day.now += 7 * DAY

    assert "viikon päästä" in subjects(day)[-1]
    kinds = [row.kind for row in day.rows(one)]
    assert kinds.count(MeetingMail.REMINDER_WEEK) == 2
    assert MeetingMail.REMINDER_DAY not in kinds


def test_a_file_that_cannot_be_read_holds_mails_back_and_one_that_is_gone_ends_them(
    day: ThemeDay,
) -> None:
    one = day.enter("aino")
    file = day.root / "meetings" / "teemapaiva.md"
    file.write_text("---\ntitle: x\n---\n")
    assert day.mails() == []
    assert day.row(one, MeetingMail.CONFIRMED).state is MailState.DUE

    for path in file.parent.iterdir():
        path.unlink()

    assert day.mails() == []
    assert day.row(one, MeetingMail.CONFIRMED).reason == "the file of the meeting is gone"


def test_a_file_whose_own_text_is_marked_again_holds_mails_back_too(day: ThemeDay) -> None:
    one = day.enter("aino", REMOTE)
    file = day.root / "meetings" / "teemapaiva.md"
    written = file.read_text("utf-8")
    file.write_text(written.replace("Tervetuloa!", "(kirjoita tähän, miksi)"), "utf-8")
    assert day.mails() == []
    assert day.row(one, MeetingMail.CONFIRMED).state is MailState.DUE

    file.write_text(written, "utf-8")

    assert subjects(day) == ["Teemapäivä: työnantajat: olet ilmoittautunut"]


def test_mails_that_wait_for_a_broken_file_are_in_nobodys_way(
    day: ThemeDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meeting_mails, "_AT_ONCE", 2)
    for name in ("aino", "bo"):
        day.enter(name)
    text = (day.root / "meetings" / "teemapaiva.md").read_text("utf-8")
    (day.root / "meetings" / "toinen.md").write_text(text, "utf-8")
    (day.root / "meetings" / "teemapaiva.md").write_text("---\ntitle: x\n---\n")
    day.now += HOUR
    cecilia = day.enter("cecilia")  # for the other one

    following = day.work()

    assert cecilia.meeting == "toinen"
    assert day.row(cecilia, MeetingMail.CONFIRMED).state is MailState.SENT
    assert following is None or following > day.now  # it does not go round and round


# --- once ----------------------------------------------------------------------------------


def test_a_process_that_is_killed_anywhere_mails_nobody_twice(
    day: ThemeDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The notice is there, and that it is was not noted."""
    one = day.enter("aino")

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(due_mails, "settle_mail", die)
        with pytest.raises(KeyboardInterrupt):
            day.work()
    assert day.row(one, MeetingMail.CONFIRMED).state is MailState.DUE

    assert len(day.mails()) == 1
    assert day.mails() == []
    assert day.row(one, MeetingMail.CONFIRMED).state is MailState.SENT


def test_what_is_taken_back_while_its_mail_is_written_is_told_to_nobody(
    day: ThemeDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = day.enter("aino")
    assert len(day.mails()) == 1
    day.cancel(one)
    _press_meanwhile(monkeypatch, lambda: meetings.undo(day.ledger, day.meeting, one.key, day.now))

    assert subjects(day) == []
    assert day.now_is(one).state.value == "registered"
    assert day.row(one, MeetingMail.CANCELLED).state is MailState.SKIPPED


def test_who_cancels_and_undoes_while_others_are_mailed_is_told_once_that_they_come(
    day: ThemeDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    day.enter("bo")
    aino = day.enter("aino")

    def press() -> None:
        day.cancel(aino)
        meetings.undo(day.ledger, day.meeting, aino.key, day.now)

    _press_meanwhile(monkeypatch, press)

    told = sorted(str(mail["To"]) for mail in [*day.mails(), *day.mails()])
    assert told == ["aino@example.org", "bo@example.org"]


def _press_meanwhile(monkeypatch: pytest.MonkeyPatch, press: Callable[[], object]) -> None:
    """Let somebody press a button once, between a mail's freezing and the note of it."""
    left = [press]

    def frozen(*args: Any) -> Send:
        send = freeze_notice(*args)
        if left:
            left.pop()()
        return send

    monkeypatch.setattr(meeting_mails, "freeze_notice", frozen)


def test_a_message_of_the_editor_reaches_each_once_in_their_language(day: ThemeDay) -> None:
    day.enter("aino")
    day.enter("bo", language="sv")
    day.enter("cecilia")  # in line
    day.mails()
    words = {
        "fi": {"subject": "Pysäköinti", "text": "Pysäköi **pihalle**."},
        "sv": {"subject": "Parkering", "text": "Parkera på gården."},
    }

    for _ in range(2):
        people = list_group(day.ledger, day.meeting, Group.REGISTERED)
        write_to(day.ledger, people, words, day.now)
    mails = {str(mail["To"]): mail for mail in day.mails()}

    assert [(to, str(mail["Subject"])) for to, mail in sorted(mails.items())] == [
        ("aino@example.org", "Pysäköinti"),
        ("bo@example.org", "Parkering"),
    ]
    assert "Pysäköi <strong>pihalle</strong>." in html_of(mails["aino@example.org"])
    assert "/m/" in text_of(mails["aino@example.org"])
    assert list_without(day.ledger, people, words) == []


def test_a_refusal_in_a_calendar_is_answered_once_and_cancels_nothing(day: ThemeDay) -> None:
    one = day.enter("aino")
    day.mails()

    for _ in range(2):
        with day.ledger.write() as connection:
            ask_who_declined(connection, [f"{one.uid}@example.org", "unknown@example.org"], day.now)
    [mail] = day.mails()

    assert f"/m/{one.key}/cancel?lang=fi" in text_of(mail)
    assert day.now_is(one) == one


# --- how it arrives ------------------------------------------------------------------------


def test_where_no_invitation_can_be_carried_there_is_a_file_and_the_link(day: ThemeDay) -> None:
    day.set(provider="brevo")
    one = day.enter("aino")

    day.work()

    with day.ledger.read() as connection:
        [send] = sends.list_running(connection)
        [edition_id] = sends.list_editions(connection, send.id).values()
        edition = sends.load_edition(connection, edition_id)
    [file] = edition.enclosures
    assert file.method == "PUBLISH"
    assert b"ATTENDEE" not in file.data
    assert "Liitetiedosto lisää tilaisuuden kalenteriisi." in edition.text
    assert f"/m/{one.key}?lang=fi" in edition.text


class Inbox:
    """A mail server that keeps what it takes."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, server: object, session: object, envelope: Envelope) -> str:  # noqa: N802 - of aiosmtpd
        """Take a message."""
        assert isinstance(envelope.content, bytes)
        self.taken.append(envelope.content)
        return "250 OK"


def test_over_smtp_the_calendar_arrives_as_other_programs_read_it(day: ThemeDay) -> None:
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        place = f'host = "127.0.0.1"\nport = {controller.port}\nsecurity = "none"'
        day.set(provider="smtp", more=place)
        day.enter("aino")
        day.mails()
    finally:
        controller.stop()

    [raw] = inbox.taken
    message = email.message_from_bytes(raw, policy=default)
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/mixed",
        "multipart/alternative",
        "text/plain",
        "text/html",
        "text/calendar",
        "application/ics",
    ]
    invitation, file = [*message.walk()][-2:]
    assert isinstance(invitation, EmailMessage)
    assert str(invitation.get_param("method")) == "REQUEST"
    assert invitation.get_content_disposition() is None
    [event] = vobject.readOne(invitation.get_content()).vevent_list
    assert event.dtstart.value.astimezone(dt.UTC) == day.meeting.starts_at
    assert file.get_payload(decode=True) == invitation.get_payload(decode=True)
