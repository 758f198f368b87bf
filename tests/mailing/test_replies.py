"""Mails to people say our words alone, in their language, and go to whoever asked for them."""

import datetime as dt
import email
import re
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Event

import pytest

from newsletter import consent, mailing, pipeline
from newsletter.ledger import Ledger, people, sends
from newsletter.links import PreferenceLinks, UnsubscribeLinks
from newsletter.model import Standing, Subscriber
from newsletter.settings import Settings, load_settings
from tests.consent.people import AINO, DAY, NOW, SECRET, ask_links, fill_in

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
def test_who_once_complained_gets_what_they_asked_for(newsletter: Settings, ledger: Ledger) -> None:
    person = Subscriber(address=AINO, key="aino", standing=Standing.COMPLAINED)
    with ledger.write() as connection:
        people.add_subscribers(connection, [person], NOW - DAY)

    fill_in(ledger)
    [mail] = carry(newsletter, ledger)

    assert mail["Subject"] == "Kirje: vahvista tilauksesi"


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
