"""What a survey told is told the same for ever, and is looked at before anything else is told."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from newsletter import surveys
from newsletter.cli import result_source
from newsletter.cli.result_source import Wanted, find_telling
from newsletter.errors import UsageError
from newsletter.ledger import Ledger, erasing, personal, survey_results
from newsletter.model import Answer, Survey, SurveyKind
from newsletter.settings import Settings
from newsletter.surveys import Told
from tests.surveys.asking import ONE, question, survey
from tests.surveys.conftest import MEMBERS

SECRET = "so long that nobody guesses it"  # noqa: S105 - of tests
NOW = dt.datetime(2027, 5, 1, 9, tzinfo=dt.UTC)
LATER = dt.datetime(2027, 6, 1, tzinfo=dt.UTC)
PLAIN = survey(
    question("alue", ONE, "lappi kainuu"),
    question("tyo", ONE, "kunta muu"),
    question("mieli", ONE, "kylla ei"),
)
NAMED = replace(PLAIN, kind=SurveyKind.NAMED)


def hold(ledger: Ledger, asked: Survey) -> None:
    """Hold a survey that 24 members answer: 12 of each region, half of each opinion."""
    surveys.open_survey(ledger, asked, zone=ZoneInfo("UTC"), now=NOW)
    for n, member in enumerate(MEMBERS):
        given = {
            "alue": Answer(chosen=("lappi" if n < 12 else "kainuu",)),
            "tyo": Answer(chosen=("muu" if n == 11 else "kunta",)),
            "mieli": Answer(chosen=("kylla" if n % 2 else "ei",)),
        }
        surveys.answer(
            ledger, asked.id, given, member=member, network="192.0.2.0/24", secret=SECRET, now=NOW
        )
    surveys.close_survey(ledger, asked.id, secret=SECRET, now=LATER)


def tell(ledger: Ledger, *parts: str, asked: Survey = NAMED) -> Told:
    """Ask for results as the command does."""
    answers = surveys.list_answers(ledger, asked.id, now=LATER)
    fresh = surveys.results_of(asked, answers, invited=630)
    return surveys.tell_kept(ledger, asked, answers, fresh, parts=parts, now=LATER)


def forget(ledger: Ledger, member: str) -> None:
    """Forget somebody, with what they answered with their name."""
    with ledger.write() as connection:
        erasing.erase(connection, personal.find_holder(connection, f"{member}@example.org"), LATER)


def test_results_are_the_same_after_somebody_was_forgotten(members: Ledger) -> None:
    hold(members, NAMED)
    before = tell(members, "by alue")

    forget(members, MEMBERS[0])

    assert len(surveys.list_answers(members, "kysely", now=LATER)) == 23
    assert tell(members, "by alue") == before
    assert before.results.answered == 24


def test_nothing_further_is_told_by_groups_once_answers_are_gone(members: Ledger) -> None:
    """The sums of then and a table of now would tell what the one who left had answered."""
    hold(members, NAMED)
    tell(members)

    forget(members, MEMBERS[0])

    with pytest.raises(UsageError, match="24 answers, and 23 are left"):
        tell(members, "by alue")


def test_the_register_is_asked_before_anything_else_is_told(members: Ledger) -> None:
    """A filter with one person less tells of that person."""
    hold(members, PLAIN)
    tell(members, "where alue=lappi", asked=PLAIN)

    with pytest.raises(UsageError, match="were told before"):
        tell(members, "where alue=lappi and tyo=kunta", asked=PLAIN)

    with members.read() as connection:
        told = survey_results.list_told(connection, "kysely")
    assert {one.part for one in told} == {"", "where alue=lappi"}


def test_how_many_were_invited_is_asked_of_the_ledger_unless_the_editor_says_it(
    members: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold(members, PLAIN)
    settings = cast("Settings", SimpleNamespace(zone=ZoneInfo("UTC")))
    monkeypatch.setattr(result_source, "existing_ledger", lambda _: members)
    monkeypatch.setattr(result_source, "closing", nullcontext)
    monkeypatch.setattr(result_source, "count_invited", lambda *_: 200)

    def invited(said: int | None = None) -> int | None:
        wanted = Wanted(survey=PLAIN.id, invited=said)
        return find_telling(settings, wanted, LATER).telling.results.invited

    assert [invited(), invited(630), invited()] == [200, 630, 200]


def test_two_who_ask_at_once_are_told_the_same_and_it_is_kept_once(members: Ledger) -> None:
    hold(members, PLAIN)

    with ThreadPoolExecutor(4) as pool:
        told = list(pool.map(lambda _: tell(members, "by alue", asked=PLAIN), range(4)))

    assert all(one == told[0] for one in told)
    with members.read() as connection:
        assert len(survey_results.list_told(connection, "kysely")) == 2


def test_nothing_is_told_while_a_survey_is_open(members: Ledger) -> None:
    surveys.open_survey(members, PLAIN, zone=ZoneInfo("UTC"), now=NOW)

    with pytest.raises(UsageError, match="is open"):
        tell(members, asked=PLAIN)

    assert surveys.find_told(members, "kysely") is None
