"""Who took part in a meeting answers its survey by their own link, on the list or not."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import insert

from newsletter import surveys
from newsletter.consent.forgetting import forget
from newsletter.ledger import Ledger, ballots, people, personal, registrations
from newsletter.ledger.erasing import list_held
from newsletter.ledger.meeting_tables import meetings
from newsletter.model import Answer, Subscriber, SurveyKind
from newsletter.model.meeting import Attending, Registration, RegistrationState
from newsletter.surveys import Outcome
from tests.questionnaires import TOPICS, survey_of

SECRET = "so long that nobody guesses it"  # noqa: S105 - of tests
NOW = dt.datetime(2026, 12, 10, 9, tzinfo=dt.UTC)
LAW = {"topic": Answer(chosen=("law",))}
BO = Registration(
    key="bo-link", uid="bo-uid", meeting="day", address="bo@example.org", name="Bo Ek",
    attending=Attending.ON_SITE, state=RegistrationState.REGISTERED, wanted_at=NOW, changed_at=NOW,
)  # fmt: skip


@pytest.fixture
def asked(ledger: Ledger) -> Ledger:
    """A ledger in which Bo, who is not on the list, took part, and three surveys are open."""
    with ledger.write() as connection:
        row = {"id": "day", "told": {}, "sums": {}, "sequence": 0}
        connection.execute(insert(meetings).values(**row, starts_at=NOW, ends_at=NOW))
        registrations.add_registration(connection, BO)
    for kind in SurveyKind:
        one = survey_of(TOPICS, id=kind.value, kind=kind)
        surveys.open_survey(ledger, one, zone=ZoneInfo("Europe/Helsinki"), now=NOW)
    return ledger


def give(ledger: Ledger, survey: str, member: str = "bo-uid") -> Outcome:
    """Answer a survey."""
    return surveys.answer(
        ledger, survey, LAW, member=member, network="", secret=SECRET, now=NOW
    ).outcome


def test_who_is_not_on_the_list_answers_each_kind_of_survey_once(asked: Ledger) -> None:
    outcomes = {kind.value: (give(asked, kind), give(asked, kind)) for kind in SurveyKind}

    assert outcomes == {
        "anonymous": (Outcome.TAKEN, Outcome.ALREADY),
        "named": (Outcome.TAKEN, Outcome.ALREADY),
        "poll": (Outcome.TAKEN, Outcome.CHANGED),
    }
    [named] = surveys.list_named(asked, "named")
    assert (named.address, named.name, named.answers) == ("bo@example.org", "Bo Ek", LAW)
    assert give(asked, "named", "another-uid") is Outcome.UNKNOWN


def test_who_is_on_the_list_is_one_person_by_either_link(asked: Ledger) -> None:
    with asked.write() as connection:
        people.add_subscribers(
            connection, [Subscriber(address="BO@example.org", key="bo", name="Bo")], NOW
        )

    found = [surveys.find_respondent(asked, key) for key in ("bo", "bo-uid")]

    assert found[0] == found[1] == surveys.Respondent(key="bo", address="BO@example.org", name="Bo")


def test_who_is_erased_leaves_no_answer_and_no_sign_that_they_answered(asked: Ledger) -> None:
    for kind in SurveyKind:
        give(asked, kind)
    with asked.read() as connection:
        held = list_held(connection, personal.find_holder(connection, "bo@example.org"))
    assert {"answered", "replies"} <= held.keys()

    forget(asked, "bo@example.org", SECRET, NOW, "test")

    assert surveys.list_named(asked, "named") == []
    with asked.read() as connection:
        assert not any(ballots.has_answered(connection, kind, "bo-uid") for kind in SurveyKind)


def test_answers_stay_when_a_meeting_loses_its_names(asked: Ledger) -> None:
    give(asked, "named")

    with asked.write() as connection:
        registrations.forget_names(connection, "day")

    [named] = surveys.list_named(asked, "named")
    assert (named.address, named.name, named.answers) == ("", "", LAW)
