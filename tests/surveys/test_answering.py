"""Answers are taken once, whole, while a survey is open; what may be read is decided at its end."""

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random
from zoneinfo import ZoneInfo

import pytest

from newsletter import surveys
from newsletter.errors import ConfigError, UsageError
from newsletter.ledger import Ledger, ballots, erasing, personal, questionnaires
from newsletter.model import Answer, Answers, Survey, SurveyKind
from newsletter.surveys import Outcome, Receipt, casting, revising, urns
from newsletter.surveys.urns import put_in
from tests.surveys.conftest import MEMBERS
from tests.surveys.questions import CHAIN, ONE, TEXT, options, question, survey

SECRET = "so long that nobody guesses it"  # noqa: S105 - of tests
OTHER = "another"
ZONE = ZoneInfo("Europe/Helsinki")
NOW = dt.datetime(2027, 5, 1, 9, tzinfo=dt.UTC)
LATER = dt.datetime(2027, 6, 1, tzinfo=dt.UTC)
CLOSES = dt.datetime(2027, 5, 31, 23, 59, 59)  # noqa: DTZ001 - on the readers' clock
PLAIN = survey((question("yksi", ONE, "a", "b", is_required=True), question("sana", TEXT)))
NAMED, POLL = (replace(PLAIN, kind=kind) for kind in (SurveyKind.NAMED, SurveyKind.POLL))
A: Answers = {"yksi": Answer(chosen=("a",))}
B: Answers = {"yksi": Answer(chosen=("b",))}


def begin(ledger: Ledger, asked: Survey = PLAIN, **own: str) -> None:
    """Open a survey."""
    surveys.open_survey(ledger, asked, zone=ZONE, now=NOW, **own)


def give(ledger: Ledger, member: str = "", answers: Answers = A, **own: object) -> Receipt:
    """Answer the survey."""
    given = {"secret": SECRET, "now": NOW, "network": "192.0.2.0/24"}
    return surveys.answer(ledger, "kysely", answers, member=member, **{**given, **own})  # type: ignore[arg-type]


def give_all(ledger: Ledger, members: Sequence[str] = MEMBERS[:6], answers: Answers = A) -> None:
    """Let several people answer the survey."""
    assert {give(ledger, key, answers).outcome for key in members} == {Outcome.TAKEN}


def end(ledger: Ledger) -> int:
    """Close the survey."""
    return surveys.close_survey(ledger, "kysely", secret=SECRET, now=LATER)


def test_no_survey_closes_at_an_hour_that_no_clock_shows(members: Ledger) -> None:
    gone = dt.datetime(2028, 3, 26, 3, 30)  # noqa: DTZ001 - on the readers' clock
    with pytest.raises(UsageError, match="clocks are put forward"):
        begin(members, replace(PLAIN, closes=gone))
    begin(members, replace(PLAIN, closes=gone + dt.timedelta(hours=1)))


def test_an_anonymous_survey_is_answered_once(members: Ledger) -> None:
    """Elsewhere a reload or a verified link let people vote again (formbricks#4797)."""
    begin(members)

    first, again = give(members, "jasen01"), give(members, "jasen01", B)

    assert (first.outcome, again.outcome) == (Outcome.TAKEN, Outcome.ALREADY)
    assert surveys.has_answered(members, "kysely", "jasen01")
    assert not surveys.has_answered(members, "kysely", "jasen02")


def test_two_browsers_at_once_give_one_answer(members: Ledger) -> None:
    begin(members)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda key: give(members, key).outcome, MEMBERS[:8] * 2))

    assert (found.count(Outcome.TAKEN), found.count(Outcome.ALREADY)) == (8, 8)
    assert end(members) == 8
    assert surveys.list_answers(members, "kysely", now=LATER) == [A] * 8


def test_a_token_is_spent_in_the_transaction_of_its_answer(
    members: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(members)
    with monkeypatch.context() as patched:
        patched.setattr(urns, "put_in", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            give(members, "jasen01")

    assert give(members, "jasen01").outcome is Outcome.TAKEN


def test_what_is_missing_or_hidden_is_decided_here_whatever_the_form_says(members: Ledger) -> None:
    begin(members, CHAIN)
    hidden = {"lapsia": Answer(chosen=("ei",)), "maara": Answer(number=3)}

    missing = give(members, "jasen01", {"lapsia": Answer(chosen=("on",))})
    for key in MEMBERS[:5]:
        assert give(members, key, hidden).outcome is Outcome.TAKEN
    end(members)

    assert (missing.outcome, missing.missing) == (Outcome.INCOMPLETE, ("maara",))
    assert (
        surveys.list_answers(members, "kysely", now=LATER)
        == [{"lapsia": Answer(chosen=("ei",))}] * 5
    )


def test_strangers_and_late_ones_are_not_taken(members: Ledger) -> None:
    assert give(members, "jasen01").outcome is Outcome.CLOSED  # it is not open yet
    begin(members, replace(PLAIN, closes=CLOSES))
    last = CLOSES.replace(tzinfo=ZONE)

    assert give(members, "nobody").outcome is Outcome.UNKNOWN
    assert give(members, "").outcome is Outcome.UNKNOWN
    assert give(members, "jasen01", now=last - dt.timedelta(seconds=1)).outcome is Outcome.TAKEN
    assert give(members, "jasen02", now=last).outcome is Outcome.CLOSED


def test_a_survey_closes_by_itself_on_its_day(members: Ledger) -> None:
    begin(members, replace(PLAIN, closes=CLOSES))
    give_all(members)

    before = surveys.close_due(members, secret=SECRET, now=NOW)
    due = surveys.close_due(members, secret=SECRET, now=LATER)
    again = surveys.close_due(members, secret=SECRET, now=LATER)

    assert (before, due, again) == ([], ["kysely"], [])
    assert surveys.list_answers(members, "kysely", now=LATER) == [A] * 6


@pytest.mark.parametrize(
    ("moment", "is_over"),
    [
        ("2027-05-31T23:59:58+03:00", False),
        ("2027-05-31T23:59:59+03:00", True),
        ("2027-06-01T00:00:00+03:00", True),  # while it is still May by UTC
    ],
)
def test_a_survey_is_over_at_midnight_of_its_readers_whenever_the_job_comes_round(
    members: Ledger, moment: str, is_over: bool
) -> None:
    begin(members, replace(PLAIN, closes=CLOSES))
    give_all(members)
    now = dt.datetime.fromisoformat(moment).astimezone(dt.UTC)
    longer = replace(PLAIN, closes=CLOSES + dt.timedelta(days=7))

    late = give(members, "jasen09", now=now)
    with members.read() as connection:
        standing = questionnaires.find_standing(connection, now)
    with pytest.raises(UsageError, match="still lie sealed" if is_over else "is open"):
        surveys.list_answers(members, "kysely", now=now)

    assert late.outcome is (Outcome.CLOSED if is_over else Outcome.TAKEN)
    assert standing == {"kysely": not is_over}
    if not is_over:
        surveys.open_survey(members, longer, zone=ZONE, now=now, note="a week more")
        return
    with pytest.raises(UsageError, match="is closed"):
        surveys.open_survey(members, longer, zone=ZONE, now=now, note="a week more")
    assert surveys.close_due(members, secret=SECRET, now=LATER) == ["kysely"]
    state = surveys.find_state(members, "kysely")
    assert state
    assert state.opened.ends_at == CLOSES.replace(tzinfo=ZONE)


def test_a_survey_that_cannot_be_closed_keeps_no_other_open(members: Ledger) -> None:
    begin(members, replace(PLAIN, closes=CLOSES))
    give_all(members)
    begin(members, replace(POLL, id="zz-toinen", closes=CLOSES))
    begin(members, replace(POLL, id="aa-toinen", closes=CLOSES))

    with pytest.raises(ConfigError, match="kysely"):
        surveys.close_due(members, secret=OTHER, now=LATER)

    closed = {s.opened.id for s in surveys.list_states(members) if s.opened.closed_at}
    assert closed == {"aa-toinen", "zz-toinen"}
    assert surveys.close_due(members, secret=SECRET, now=LATER) == ["kysely"]


def test_nothing_is_read_before_the_end_nor_of_fewer_than_five(members: Ledger) -> None:
    """Who watches results grow knows whose answer came (TEAMMATES/teammates#11793)."""
    begin(members)
    give_all(members, MEMBERS[:4])
    with pytest.raises(UsageError, match="is open"):
        surveys.list_answers(members, "kysely", now=LATER)

    end(members)
    with pytest.raises(UsageError, match="4 answers"):
        surveys.list_answers(members, "kysely", now=LATER)
    with members.read() as connection:
        assert ballots.list_ballots(connection, "kysely") == []  # they still lie sealed

    begin(members)  # so it may go on
    give_all(members, MEMBERS[4:6])
    assert give(members, "jasen01").outcome is Outcome.ALREADY
    end(members)
    assert len(surveys.list_answers(members, "kysely", now=LATER)) == 6
    with pytest.raises(UsageError, match="copy its file"):
        begin(members)


def test_a_poll_is_changed_until_it_closes_and_then_is_nobodys(members: Ledger) -> None:
    """Elsewhere votes could not be changed, or by anybody (nextcloud/polls#998, #1852)."""
    begin(members, POLL)
    give_all(members)

    assert give(members, "jasen01", B).outcome is Outcome.CHANGED

    end(members)
    assert sorted(surveys.list_answers(members, "kysely", now=LATER), key=str) == [*[A] * 5, B]
    assert not surveys.has_answered(members, "kysely", "jasen01")


def test_a_survey_with_names_says_who_answered_what(members: Ledger) -> None:
    begin(members, NAMED)
    give_all(members)

    [first, *_] = surveys.list_named(members, "kysely")

    assert give(members, "jasen01", B).outcome is Outcome.ALREADY
    assert (first.address, first.day, first.answers) == ("jasen00@example.org", "2027-05-01", A)
    end(members)
    assert len(surveys.list_answers(members, "kysely", now=LATER)) == 6
    assert len(surveys.list_named(members, "kysely")) == 6


def test_a_survey_with_names_still_says_what_was_answered_once_the_names_are_gone(
    members: Ledger,
) -> None:
    begin(members, NAMED)
    give_all(members)
    end(members)

    surveys.forget_old(members, now=LATER + dt.timedelta(days=732))

    nameless = surveys.NamedAnswers(address="", name="", day="", answers=A)
    assert surveys.list_named(members, "kysely") == [nameless] * 6


@pytest.mark.parametrize(
    ("asked", "told"), [(PLAIN, "lie sealed"), (NAMED, "not closed yet"), (POLL, "not closed yet")]
)
def test_only_of_an_anonymous_survey_it_is_said_that_answers_lie_sealed(
    members: Ledger, asked: Survey, told: str
) -> None:
    begin(members, replace(asked, closes=CLOSES))

    with pytest.raises(UsageError, match=told):
        surveys.list_answers(members, "kysely", now=LATER)


def answerers(ledger: Ledger, survey_id: str = "kysely") -> list[str]:
    """Return who has answered."""
    return [key for key in MEMBERS if surveys.has_answered(ledger, survey_id, key)]


def test_who_answered_is_known_to_remind_the_others_alone(members: Ledger) -> None:
    begin(members)
    give_all(members, MEMBERS[:5])
    assert answerers(members) == MEMBERS[:5]

    end(members)
    assert answerers(members) == []


def test_an_open_link_takes_no_more_than_people_give(members: Ledger) -> None:
    """Elsewhere open links were stuffed (formbricks#7542)."""
    begin(members, replace(PLAIN, is_open_to_all=True))
    most = casting.MOST_OF_NETWORK

    found = [give(members).outcome for _ in range(most + 1)]

    assert found == [*[Outcome.TAKEN] * most, Outcome.CROWDED]
    assert give(members, network="198.51.100.0/24").outcome is Outcome.TAKEN
    assert give(members, now=NOW + dt.timedelta(hours=1)).outcome is Outcome.TAKEN
    state = surveys.find_state(members, "kysely")
    assert state is not None
    assert state.count == most + 2


def test_a_secret_that_changed_is_told_and_loses_nothing(members: Ledger) -> None:
    begin(members)
    give_all(members)

    with pytest.raises(ConfigError, match="put it back"):
        give(members, "jasen09", secret=OTHER)
    with pytest.raises(ConfigError):
        surveys.close_survey(members, "kysely", secret=OTHER, now=LATER)

    assert not surveys.has_answered(members, "kysely", "jasen09")
    assert end(members) == 6


def test_many_answers_lie_in_urns_of_many(sqlite: Ledger) -> None:
    chance = Random(1)
    with sqlite.write() as connection:
        for n in range(1_200):
            put_in(connection, "monta", {"n": {"number": n}}, secret=SECRET, chance=chance)
        there = ballots.list_urns(connection, "monta")
        connection.rollback()

    assert sum(inside for _, inside in there) == 1_200
    assert len(there) > 1
    assert all(inside >= 250 for _, inside in there)


# --- what may change once it is open ------------------------------------------------------


def changed(**own: object) -> Survey:
    """Return the survey with another first question."""
    [page] = PLAIN.pages
    first = replace(page.questions[0], **own)  # type: ignore[arg-type]
    return replace(PLAIN, pages=(replace(page, questions=(first, *page.questions[1:])),))


REFUSED = {
    "another kind": NAMED,
    "open to all": replace(PLAIN, is_open_to_all=True),
    "another question": survey((question("yksi", ONE, "a", "b", is_required=True),)),
    "an answer is gone": changed(options=options("a")),
    "answers in another order": changed(options=options("b", "a")),
    "another way to answer": changed(kind=TEXT),
    "shown to others": changed(show_if="sana=x"),
    "no longer required": changed(is_required=False),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_gives_answers_another_meaning_is_a_new_survey(case: str) -> None:
    """Elsewhere answers were attached to other words (openedx-unsupported#401)."""
    allowed, refused = revising.find_changes(PLAIN, REFUSED[case])

    assert (allowed, bool(refused)) == ([], True)


def test_words_and_new_answers_may_change_with_a_note(members: Ledger) -> None:
    begin(members)
    new = changed(words={"fi": "Mitä?"}, options=options("a", "b", "c", other="c"))
    revision = surveys.compare_with_open(members, new)
    with pytest.raises(UsageError, match="--note"):
        begin(members, new)

    begin(members, new, note="Lisättiin kolmas vastaus.")

    assert [str(one) for one in revision.changes] == [
        "“yksi” has new answers: c",
        "“yksi” has other words",
    ]
    state = surveys.find_state(members, "kysely")
    assert state is not None
    assert state.opened.notes == (("2027-05-01", "Lisättiin kolmas vastaus."),)
    assert give(members, "jasen01", {"yksi": Answer(chosen=("c",))}).outcome is Outcome.TAKEN


def test_what_may_not_change_is_refused_while_it_is_open(members: Ledger) -> None:
    begin(members)
    with pytest.raises(UsageError, match="cannot change any more"):
        begin(members, NAMED, note="ei käy")


# --- people's rights ----------------------------------------------------------------------


def test_who_is_erased_leaves_neither_a_token_nor_named_answers(members: Ledger) -> None:
    begin(members, NAMED)
    begin(members, replace(PLAIN, id="toinen"))
    give_all(members, ["jasen01"])
    surveys.answer(members, "toinen", A, member="jasen01", network="", secret=SECRET, now=NOW)

    with members.write() as connection:
        held = erasing.list_known(connection, "jasen01@example.org")
        erasing.erase(connection, personal.find_holder(connection, "jasen01@example.org"), NOW)
    left = [answerers(members, one) for one in ("kysely", "toinen")]

    assert held["replies"][0]["answers"] == {"yksi": {"chosen": ["a"]}}
    assert [row["survey_id"] for row in held["answered"]] == ["toinen"]
    assert left == [[], []]


def test_a_survey_that_was_closed_late_may_be_opened_again_for_as_long_as_any_other(
    members: Ledger,
) -> None:
    """No worker ran for five weeks: then the same night deleted what it had just closed."""
    begin(members, replace(PLAIN, closes=CLOSES))
    give_all(members, MEMBERS[:4])
    late = LATER + dt.timedelta(days=35)

    surveys.close_due(members, secret=SECRET, now=late)
    surveys.forget_old(members, now=late)
    again = late + dt.timedelta(days=29)
    surveys.forget_old(members, now=again)
    surveys.open_survey(members, PLAIN, zone=ZONE, now=again, note="on jatkoaikaa")

    state = surveys.find_state(members, "kysely")
    assert state
    assert state.count == 4


@pytest.mark.parametrize(
    ("asked", "days", "left"),
    [
        pytest.param(NAMED, 731, 6, id="named: whose they were"),
        pytest.param(PLAIN, 30, 0, id="anonymous, and too few: all"),
    ],
)
def test_what_is_kept_no_longer_goes_as_was_foreseen(
    members: Ledger, asked: Survey, days: int, left: int
) -> None:
    begin(members, asked)
    give_all(members, MEMBERS[:6] if asked is NAMED else MEMBERS[:4])
    end(members)
    foreseen: list[tuple[int, int]] = []
    for after in (days - 1, days + 1, days + 1):
        now = LATER + dt.timedelta(days=after)
        foreseen.append(surveys.count_forgettable(members, now=now))
        surveys.forget_old(members, now=now)

    assert foreseen == [(0, 0), (6, 0) if asked is NAMED else (0, 4), (0, 0)]
    with members.read() as connection:
        assert ballots.list_replies(connection, "kysely") == []
        assert ballots.count_answers(connection, "kysely") == left
