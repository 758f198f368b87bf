"""Which answers may be read, when, and by whom; and what is given out of them row by row."""

import datetime as dt
from dataclasses import dataclass

from newsletter.errors import UsageError
from newsletter.language import Wording, say
from newsletter.ledger import Ledger, ballots, questionnaires
from newsletter.model import Answers, Survey, SurveyKind
from newsletter.surveys import encoded, opening, respondents


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyState:
    """A survey that was opened, and how many have answered it."""

    survey: Survey  # as it was frozen
    opened: questionnaires.OpenedSurvey
    count: int


def find_state(ledger: Ledger, survey_id: str) -> SurveyState | None:
    """Return what is known of a survey; None if it was never opened."""
    with ledger.read() as connection:
        found = questionnaires.find_survey(connection, survey_id)
        if found is None:
            return None
        count = ballots.count_answers(connection, survey_id)
    return SurveyState(survey=encoded.survey_from_data(found.frozen), opened=found, count=count)


def list_states(ledger: Ledger) -> list[SurveyState]:
    """Return all surveys that were opened, the oldest first."""
    with ledger.read() as connection:
        return [
            SurveyState(
                survey=encoded.survey_from_data(found.frozen),
                opened=found,
                count=ballots.count_answers(connection, found.id),
            )
            for found in questionnaires.list_surveys(connection)
        ]


def list_answers(ledger: Ledger, survey_id: str, *, now: dt.datetime) -> list[Answers]:
    """Return all answers to a survey, in random order, once they may be read.

    Raise UsageError before: whoever watches results grow knows whose answer came.
    """
    state = find_state(ledger, survey_id)
    if state is None:
        raise UsageError(say("“{survey}” was never opened", survey=survey_id))
    if state.opened.is_open(now):
        raise UsageError(
            say("“{survey}” is open; its results can be read once it is closed", survey=survey_id)
        )
    if state.opened.closed_at is None:
        raise UsageError(_unclosed(state.opened))
    if state.count < opening.FEWEST:
        raise UsageError(
            say(
                "“{survey}” has {count} answers, and nobody reads fewer than {fewest}",
                survey=survey_id,
                count=state.count,
                fewest=opening.FEWEST,
            )
        )
    with ledger.read() as connection:
        said = list(ballots.list_ballots(connection, survey_id))
        said += [said for _, _, said in ballots.list_replies(connection, survey_id)]
    return [encoded.answers_from_data(one) for one in said]


def _unclosed(opened: questionnaires.OpenedSurvey) -> Wording:
    if opened.kind is SurveyKind.ANONYMOUS:
        return say(
            "the time of “{survey}” is over, and its answers still lie sealed; “newsletter "
            "surveys close {survey}” takes them out, or the worker soon",
            survey=opened.id,
        )
    return say(
        "the time of “{survey}” is over, but it is not closed yet; “newsletter surveys close "
        "{survey}” closes it, or the worker soon",
        survey=opened.id,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedAnswers:
    """What one person answered to a survey with names."""

    address: str  # empty: of a registration that lost its name, or all names were cut off
    name: str
    day: str  # on which they answered; empty: it went with the names
    answers: Answers


def list_named(ledger: Ledger, survey_id: str) -> list[NamedAnswers]:
    """Return who answered what to a survey with names, by address; of others nothing.

    Answers that lost their names with time stand last, in random order.
    """
    with ledger.read() as connection:
        found = questionnaires.find_survey(connection, survey_id)
        if found is None or found.kind is not SurveyKind.NAMED:
            return []
        rows = ballots.list_replies(connection, survey_id)
        known = [(respondents.look_up(connection, key), day, said) for key, day, said in rows]
        known += [(None, "", said) for said in ballots.list_ballots(connection, survey_id)]
    return sorted(
        (
            NamedAnswers(
                address=who.address if who else "",
                name=who.name if who else "",
                day=day,
                answers=encoded.answers_from_data(said),
            )
            for who, day, said in known
        ),
        key=lambda one: (one.address == "", one.address),
    )
