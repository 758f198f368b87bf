"""Mails to people say our words alone, in their language, and go to whoever asked for them."""

import datetime as dt
import email
import re
from dataclasses import replace
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from newsletter import consent, mailing, pipeline
from newsletter.ledger import Ledger, Send, batches, people, planning, sends
from newsletter.ledger.choosing import Choice
from newsletter.links import PreferenceLinks, UnsubscribeLinks, read_survey_token
from newsletter.mailing import replies
from newsletter.mailing.notices import freeze_notice
from newsletter.model import Standing, Subscriber
from newsletter.settings import Settings, load_settings
from tests.consent.people import AINO, DAY, NOW, SECRET, ask_links, fill_in
from tests.ledger.examples import (
    FI,
    FINNISH,
    LAPPI,
    NEW,
    add,
    claim,
    edition,
    outcomes,
    person,
)

SETTINGS = """\
[newsletter]
title = "Kirje"
titles = {sv = "Brevet"}
language = "fi"
from = "Kirje <kirje@example.org>"
reply_to = "toimitus@example.org"
sender = "Säätiö, Katu 1"
public_url = "https://news.example.org/kirje"
"""
TYPED = "BUY NOW https://spam.example.com"


@pytest.fixture
def newsletter(tmp_path: Path) -> Settings:
    """A newsletter whose pages are public, and whose mail goes to the outbox."""
    (tmp_path / "newsletter.toml").write_text(SETTINGS, "utf-8")
    (tmp_path / ".env").write_text(f"NEWSLETTER_SECRET={SECRET}\n")
    return load_settings(tmp_path)


def carry(settings: Settings, ledger: Ledger, now: dt.datetime = NOW) -> list[EmailMessage]:
    """Answer what is due, and return all mails that are in the outbox then."""
    mailing.answer_wishes(settings, ledger, now)
    with ledger.read() as connection:
        running = sends.list_running(connection)
    for send in running:
        pipeline.deliver(
            settings, ledger, send, now=now, progress=lambda _n, _r: None, stop=Event()
        )
    files = sorted((settings.root / "outbox").glob("notice-answer-*/*.eml"))
    return [email.message_from_bytes(f.read_bytes(), policy=default) for f in files]


def parts(mail: EmailMessage) -> tuple[str, str]:
    """Return the plain text and the page of a mail."""
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text
    assert html
    return text.get_content(), html.get_content()


@pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
def test_a_confirmation_says_nothing_that_was_typed_and_has_the_link(
    newsletter: Settings, ledger: Ledger
) -> None:
    fill_in(ledger, attributes={"name": TYPED, "region": TYPED})

    [mail] = carry(newsletter, ledger)
    again = carry(newsletter, ledger, NOW + DAY)

    assert len(again) == 1
    assert mail["To"] == AINO
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    assert mail["Subject"] == "Kirje: vahvista tilauksesi"
    for part in parts(mail):
        assert "BUY" not in part
        assert "spam" not in part
        [key] = set(re.findall(r"https://news\.example\.org/kirje/c/([\w-]{32})\?lang=fi", part))
        assert f"/c/{key}/no?lang=fi" in part
        assert consent.find_wish(ledger, key)
        assert "Säätiö, Katu 1" in part


@pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
def test_a_reader_is_mailed_their_own_link_to_a_survey_once_for_each_time_they_ask(
    newsletter: Settings, ledger: Ledger
) -> None:
    with ledger.write() as connection:
        people.add_subscribers(connection, [Subscriber(address=AINO, key="aino")], NOW - DAY)

    for _ in range(2):
        consent.ask_for_survey(ledger, "aino", "2027", "sv", NOW)
    consent.ask_for_survey(ledger, "nobody", "2027", "sv", NOW)
    [mail] = carry(newsletter, ledger)

    assert (mail["To"], mail["Subject"]) == (AINO, "Brevet: din egen länk till enkäten")
    for part in parts(mail):
        [token] = set(re.findall(r"/kirje/surveys/2027\?me=([\w.-]+)&(?:amp;)?lang=sv", part))
        assert read_survey_token(SECRET, "2027", token) == "aino"


@pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
def test_the_link_to_a_survey_is_mailed_once_a_day_however_often_it_is_asked_for(
    newsletter: Settings, ledger: Ledger
) -> None:
    """Else whoever has a passed-on issue takes the room of other mails to its reader."""
    with ledger.write() as connection:
        people.add_subscribers(connection, [Subscriber(address=AINO, key="aino")], NOW - DAY)

    def ask_at(now: dt.datetime, survey: str = "2027") -> int:
        consent.ask_for_survey(ledger, "aino", survey, "fi", now)
        return len(carry(newsletter, ledger, now))

    minute = dt.timedelta(minutes=1)
    assert [ask_at(NOW + n * minute) for n in range(4)] == [1, 1, 1, 1]
    assert ask_at(NOW, "other") == 2
    assert ask_at(NOW + DAY) == 3


@pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
def test_who_once_complained_gets_what_they_asked_for(newsletter: Settings, ledger: Ledger) -> None:
    person = Subscriber(address=AINO, key="aino", standing=Standing.COMPLAINED)
    with ledger.write() as connection:
        people.add_subscribers(connection, [person], NOW - DAY)

    fill_in(ledger)
    [mail] = carry(newsletter, ledger)

    assert mail["Subject"] == "Kirje: vahvista tilauksesi"


def _publish(ledger: Ledger, issue: str, choice: Choice = FINNISH) -> None:
    new = replace(
        NEW, key=f"{issue:0>32}", scope=issue, issue_id=issue, issue_date=date_of(issue), now=NOW
    )
    with ledger.write() as connection:
        send = planning.plan_send(connection, new, choice, {FI: edition(FI)}, batch_sizes={FI: 100})
        assert sends.begin_sending(connection, send)
        claimed = claim(connection, send)
        batches.record_outcomes(connection, claimed.batch, outcomes(claimed), now=NOW)


def date_of(issue: str) -> dt.date:
    """Return the day of an issue that is called by its month."""
    return dt.date.fromisoformat(f"{issue}-15")


@pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
def test_a_welcome_leads_to_the_newest_issue_that_anybody_may_read(
    newsletter: Settings, ledger: Ledger
) -> None:
    """None that is hidden, unlisted, for a segment, or that nobody has yet."""
    hides = "\n[archive]\nhidden = ['2026-12']\nunlisted = ['2026-10']\n"
    (newsletter.root / "newsletter.toml").write_text(SETTINGS + hides, "utf-8")
    with ledger.write() as connection:
        add(connection, person("bo", region="Lappi"))
        later = replace(NEW, key="1" * 32, scope="2027-01", issue_id="2027-01")
        planning.plan_send(connection, later, FINNISH, {FI: edition(FI)}, batch_sizes={FI: 1})
    for issue in ("2026-08", "2026-09", "2026-10", "2026-12"):
        _publish(ledger, issue)
    _publish(ledger, "2026-11", replace(FINNISH, segment=LAPPI))
    fill_in(ledger)
    key = _confirm(newsletter, ledger)

    mails = carry(load_settings(newsletter.root), ledger)

    [welcome] = [mail for mail in mails if "Tervetuloa" in mail["Subject"]]
    assert "https://news.example.org/kirje/2026-09?lang=fi" in parts(welcome)[0]
    assert not re.search(r"/2026-1[0-2]|/2027", parts(welcome)[0] + parts(welcome)[1])
    assert key


def _confirm(settings: Settings, ledger: Ledger) -> str:
    """Press the button of the only confirmation there is; return its key."""
    [mail] = carry(settings, ledger)
    [key] = set(re.findall(r"/c/([\w-]{32})\?", parts(mail)[0]))
    assert consent.confirm_sign_up(ledger, key, NOW) is consent.Confirmation.DONE
    return str(key)


@pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
def test_who_is_erased_while_their_mail_is_written_gets_none_and_leaves_no_trace(
    newsletter: Settings, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    def erase_first(*given: Any) -> Send:
        consent.forget(ledger, AINO, SECRET, NOW, "test")
        return freeze_notice(*given)

    fill_in(ledger)
    monkeypatch.setattr(replies, "freeze_notice", erase_first)

    assert carry(newsletter, ledger) == []
    assert consent.gather(ledger, AINO) == {}


@pytest.mark.parametrize("ledger", ["sqlite"], indirect=True)
def test_every_mail_is_said_in_three_languages_with_working_links(
    newsletter: Settings, ledger: Ledger
) -> None:
    url = "https://news.example.org/kirje"
    for number, language in enumerate(("fi", "sv", "en")):
        key, address = f"key{number}", f"{language}@example.org"
        person = Subscriber(address=address, key=key, language=language)
        with ledger.write() as connection:
            people.add_subscribers(connection, [person], NOW - DAY)
        consent.ask_for_data(ledger, key, language, NOW)
        ask_links(ledger, address, language)
        consent.ask_to_move(ledger, key, f"new{number}@example.com", language, NOW)
        mailing.answer_wishes(newsletter, ledger, NOW)
        consent.leave(ledger, key, consent.Way.PAGE, NOW)

    mails = carry(newsletter, ledger)

    subjects = {str(mail["Subject"]) for mail in mails}
    assert len(mails) == len(subjects) == 15
    assert {"Brevet: din prenumeration är avslutad", "Kirje: what is held on you"} <= subjects
    leave, prefer = UnsubscribeLinks(url, SECRET), PreferenceLinks(url, SECRET)
    for mail in mails:
        text, html = parts(mail)
        known = re.compile(rf"{re.escape(url)}/(c|u|p)/[\w.-]+\?lang=(fi|sv|en)")
        for link in re.findall(r"https?://[^\s\"<]+", text + html):
            assert known.fullmatch(link), link
    [links] = [m for m in mails if m["Subject"] == "Kirje: omat linkkisi"]
    assert f"{leave.link_for('key0')}?lang=fi" in parts(links)[0]
    assert f"{prefer.link_for('key0')}?lang=fi" in parts(links)[1]
