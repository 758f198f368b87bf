"""A survey invites each person once, in their language, and reminds once who has not answered."""

import datetime as dt
import email
import re
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import insert

from newsletter import consent, pipeline
from newsletter.ledger import Ledger, people
from newsletter.ledger.survey_tables import answered, replies
from newsletter.links import read_survey_token
from newsletter.mailing.notices import freeze_notice
from newsletter.mailing.survey_mails import count_invited, invitation_notices, plan_invitations
from newsletter.model import Standing, Subscriber, Survey, SurveyKind, Way
from newsletter.settings import Settings, load_settings
from tests.questionnaires import TOPICS, survey_of

SECRET = "so long that nobody guesses it"  # noqa: S105 - of tests
SETTINGS = """\
[newsletter]
title = "Kirje"
language = "fi"
from = "Kirje <kirje@example.org>"
sender = "Säätiö, Katu 1"
public_url = "https://www.example.org"
"""
NOW = dt.datetime(2027, 5, 1, 9, tzinfo=dt.UTC)
CLOSES = dt.datetime(2027, 5, 31, 23, 59)  # noqa: DTZ001 - on the readers' clock
SURVEY = survey_of(TOPICS, id="kysely", kind=SurveyKind.ANONYMOUS, closes=CLOSES)
CROWD = [
    Subscriber(address="aino@example.org", key="aino", language="fi", attributes={"region": "L"}),
    Subscriber(address="britta@example.org", key="britta", language="sv-FI"),
    Subscriber(address="carl@example.org", key="carl", language="de"),
    Subscriber(address="left@example.org", key="left", standing=Standing.UNSUBSCRIBED),
    Subscriber(address="paused@example.org", key="paused", standing=Standing.PAUSED),
    Subscriber(address="spam@example.org", key="spam", standing=Standing.COMPLAINED),
]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """The settings of a newsletter with a public service, and mail that stays in a folder."""
    monkeypatch.setenv("NEWSLETTER_SECRET", SECRET)
    (tmp_path / "newsletter.toml").write_text(SETTINGS, "utf-8")
    return load_settings(tmp_path)


@pytest.fixture
def crowd(ledger: Ledger) -> Ledger:
    """The ledger with people on the list, and some who left."""
    with ledger.write() as connection:
        people.add_subscribers(connection, CROWD, NOW)
    return ledger


def invite(
    settings: Settings, ledger: Ledger, survey: Survey = SURVEY, *, is_reminder: bool = False
) -> dict[str, Sequence[str]]:
    """Mail the invitations of a survey, or its reminders; return to whom, by language."""
    planned = plan_invitations(settings, ledger, survey, is_reminder=is_reminder)
    for notice, addresses in invitation_notices(settings, planned):
        pipeline.notify(settings, ledger, notice, addresses, now=NOW, stop=Event())
    return dict(planned.addresses)


def mails(settings: Settings) -> dict[str, EmailMessage]:
    """Return the mail to each address in the outbox; fail if one has several."""
    found: dict[str, EmailMessage] = {}
    for path in sorted((settings.root / "outbox").glob("*/*.eml")):
        mail = email.message_from_bytes(path.read_bytes(), policy=default)
        address = mail["To"].addresses[0].addr_spec
        assert address not in found
        found[address] = mail
    return found


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body
    return str(body.get_content())


def test_who_was_invited_is_counted_once_and_reminders_do_not_count(
    settings: Settings, crowd: Ledger
) -> None:
    before = count_invited(settings, crowd, SURVEY)
    invite(settings, crowd)
    invite(settings, crowd, is_reminder=True)

    assert (before, count_invited(settings, crowd, SURVEY)) == (0, 3)


def test_everybody_on_the_list_is_invited_in_their_language_and_nobody_who_left(
    settings: Settings, crowd: Ledger
) -> None:
    asked = invite(settings, crowd)

    found = mails(settings)
    assert {language: set(who) for language, who in asked.items()} == {
        "fi": {"aino@example.org", "carl@example.org"},  # who has a language it is not asked in
        "sv": {"britta@example.org"},
    }
    assert set(found) == {"aino@example.org", "britta@example.org", "carl@example.org"}
    assert found["aino@example.org"]["Subject"] == "Seuraava aihe"
    assert found["britta@example.org"]["Subject"] == "Nästa tema"
    assert "31 maj 2027" in text_of(found["britta@example.org"]).replace("\xa0", " ")


def test_each_mail_has_a_link_of_its_readers_own_and_a_way_to_leave(
    settings: Settings, crowd: Ledger
) -> None:
    invite(settings, crowd)

    for person in CROWD[:3]:
        mail = mails(settings)[person.address]
        [link] = re.findall(r"https://www.example.org/surveys/kysely\S+", text_of(mail))
        token = re.search(r"[?&]me=([^&]+)", link)
        assert token
        assert read_survey_token(SECRET, "kysely", token[1]) == person.key
        assert "https://www.example.org/u/" in text_of(mail)
        assert mail["List-Unsubscribe"]
        assert mail["List-Unsubscribe-Post"]


def test_who_is_invited_again_is_mailed_once(settings: Settings, crowd: Ledger) -> None:
    invite(settings, crowd)
    with crowd.write() as connection:
        late = Subscriber(address="late@example.org", key="late", language="fi")
        people.add_subscribers(connection, [late], NOW)

    asked = invite(settings, crowd)

    assert asked == {"fi": ["late@example.org"]}
    assert len(mails(settings)) == 4


def test_those_are_reminded_once_who_were_invited_and_have_not_answered(
    settings: Settings, crowd: Ledger
) -> None:
    invite(settings, crowd)
    with crowd.write() as connection:
        connection.execute(insert(answered).values(survey_id="kysely", subscriber_key="aino"))
        late = Subscriber(address="late@example.org", key="late", language="fi")
        people.add_subscribers(connection, [late], NOW)

    first = invite(settings, crowd, is_reminder=True)
    second = plan_invitations(settings, crowd, SURVEY, is_reminder=True)

    assert first == {"sv": ["britta@example.org"], "fi": ["carl@example.org"]}
    assert second.count == 0
    assert {str(why): many for why, many in second.left_out.items()} == {
        "have answered": 1,
        "were reminded before": 2,
        "were not invited": 1,
    }


def test_who_answered_with_a_name_is_not_asked_again(settings: Settings, crowd: Ledger) -> None:
    with crowd.write() as connection:
        row = {"survey_id": "kysely", "subscriber_key": "aino", "answers": {}, "day": "2027-05-02"}
        connection.execute(insert(replies).values(row))

    asked = plan_invitations(settings, crowd, SURVEY, is_reminder=False).addresses

    assert asked == {"sv": ["britta@example.org"], "fi": ["carl@example.org"]}


def test_who_leaves_before_the_mail_is_written_gets_none(settings: Settings, crowd: Ledger) -> None:
    planned = plan_invitations(settings, crowd, SURVEY, is_reminder=False)
    notices = list(invitation_notices(settings, planned))
    for notice, addresses in notices:
        freeze_notice(settings, crowd, notice, addresses, NOW)
    consent.leave(crowd, "aino", Way.PAGE, NOW)

    for notice, addresses in notices:
        pipeline.notify(settings, crowd, notice, addresses, now=NOW, stop=Event())

    assert set(mails(settings)) == {"britta@example.org", "carl@example.org"}


def test_only_the_segment_of_a_survey_is_invited(settings: Settings, crowd: Ledger) -> None:
    survey = survey_of(TOPICS, id="kysely", kind=SurveyKind.ANONYMOUS, segment="region = L")

    asked = plan_invitations(settings, crowd, survey, is_reminder=False).addresses

    assert asked == {"fi": ["aino@example.org"]}
